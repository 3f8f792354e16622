"""What a model was trained on, by name and licence: the `data` table of the manifest and of the card."""

from __future__ import annotations

from models.config import inputs_present

_ALWAYS = (
    ("FluidR3_GM", "General MIDI soundfont by Frank Wen, through fluidsynth", "MIT"),
    ("MuseScore_General", "General MIDI soundfont by S. Christian Collins, through fluidsynth", "MIT"),
    (
        "linnet synthesis",
        "singers, bowed, blown, plucked tones, noise and rooms made by this room's code",
        "Apache-2.0",
    ),
    ("espeak-ng", "synthetic speech as sound without notes (the program's output, no part of it)", "GPL-3.0 program"),
)
_SCORES = (
    ("OpenScore Lieder", "scores for voice and piano, played by our performers", "CC0-1.0"),
    ("OpenScore String Quartets", "scores, played by our performers", "CC0-1.0"),
)
_SAMPLES = (
    ("SplendidGrandPiano", "piano notes (Akai)", "public domain"),
    ("Headroom Piano", "piano notes by Bengt Nilsson", "CC-BY-4.0"),
    ("E-Pianos", "CP-80, Pianet and Wurlitzer notes by Greg Sullivan", "CC-BY-3.0"),
    (
        "Karoryfer",
        "Emily, Shiny and Black-and-Green guitars, Growlybass, Meatbass, Weresax, Bear Sax, War Tuba",
        "CC0-1.0",
    ),
    ("dsmolken double bass", "bowed and plucked notes", "CC0-1.0"),
    ("Versilian Community Sample Library", "Etherealwinds folk harp", "CC0-1.0"),
    ("MTG Solo Sax", "saxophone notes, Music Technology Group, Universitat Pompeu Fabra, Barcelona", "CC-BY-4.0"),
    ("Ixox Flute", "flute notes by Xavier Hosxe", "CC-BY-4.0"),
)


def data_table() -> list[dict[str, str]]:
    """The sources that this machine had, as rows of name, what, licence."""
    present = inputs_present()
    rows = [*_ALWAYS, *(_SCORES if present["scores"] else ()), *(_SAMPLES if present["samples"] else ())]
    return [dict(zip(("name", "what", "licence"), row, strict=True)) for row in rows]
