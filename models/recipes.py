"""What a clip may be: a recipe per kind of music, each mixing performers, instruments and backgrounds into layers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models import background, plucked, samples, scores, soundfont, talk, voice, winds
from models.performance import ornamented, pedalled, perform, random_touch
from models.played import Part, in_range, monophonic, separated, shifted
from models.scores import Rng, ScorePart


@dataclass
class Stage:
    """A clip in the making: layers of sound and the notes heard in them."""

    rng: Rng
    duration_s: float
    fonts: tuple[str, ...]
    layers: list[NDArray[np.float32]] = field(default_factory=list)
    notes: Part = field(default_factory=list)
    phone: bool = False
    empty: bool = False

    def add(self, sound: NDArray[np.float32], notes: Part, level_db: float = 0.0) -> None:
        strength = np.sqrt(np.mean(sound**2))
        if strength > 1e-7:
            self.layers.append(sound / strength * 0.1 * 10 ** (level_db / 20))
            self.notes += notes

    def font(self) -> str:
        return self.fonts[self.rng.integers(len(self.fonts))]

    def add_midi(self, voicings: list[soundfont.Voicing], level_db: float = 0.0, *, drums: bool = False) -> None:
        pattern = None
        if drums:
            pattern = soundfont.DrumPattern(float(self.rng.uniform(0.12, 0.3)), int(self.rng.integers(30, 110)))
        self.add(*soundfont.render(self.rng, voicings, self.duration_s, self.font(), pattern), level_db)

    def perform(self, score: list[ScorePart], *, strum: bool = False, tempo: float | None = None) -> list[Part]:
        touches = [random_touch(self.rng, strum=strum) for _ in score]
        return perform(self.rng, score, self.duration_s, touches, beats_per_minute=tempo)

    def beats(self) -> float:
        return self.duration_s * 3.2


def _fitted(part: Part, lowest: int, highest: int) -> Part:
    """The part moved by octaves into a range; what still sticks out is dropped."""
    if not part:
        return part
    middle = float(np.median([note.pitch for note in part]))
    return in_range(shifted(part, 12 * round(((lowest + highest) / 2 - middle) / 12)), lowest, highest)


def _one_of(rng: Rng, pool: tuple[int, ...] | tuple[str, ...]) -> int | str:
    return pool[rng.integers(len(pool))]


def _line(stage: Stage, lowest: int, highest: int, *, song_share: float = 0.4) -> Part:
    """A monophonic part in a range, printed or made up."""
    rng = stage.rng
    if rng.random() < song_share:
        score = scores.printed(rng)
        if score:
            part = _fitted(monophonic(stage.perform([score[rng.integers(min(2, len(score)))]])[0]), lowest, highest)
            if len(part) > 10:
                return part
    tempo = float(np.exp(rng.uniform(np.log(60), np.log(150))))
    part = stage.perform([scores.melody(rng, stage.beats(), lowest, highest)], tempo=tempo)[0]
    return monophonic(ornamented(rng, part) if rng.random() < 0.3 else part)


def piano(stage: Stage) -> None:
    rng = stage.rng
    score = scores.printed(rng) if rng.random() < 0.6 else []
    parts = stage.perform(score or scores.texture(rng, stage.beats()))
    notes = separated(in_range(shifted([n for part in parts for n in part], int(rng.integers(-4, 5)))))
    if rng.random() < 0.2:
        notes = separated(ornamented(rng, notes))
    if rng.random() < 0.5:
        notes = separated(pedalled(rng, notes, stage.duration_s))
    if samples.library() and rng.random() < 0.4:
        stage.add(*samples.play(rng, notes, stage.duration_s, str(_one_of(rng, samples.PIANOS))))
    else:
        stage.add_midi([soundfont.Voicing(int(_one_of(rng, soundfont.PIANOS)), notes)])


def guitar(stage: Stage) -> None:
    rng = stage.rng
    pieces: list[ScorePart] = []
    if rng.random() < 0.6:
        pieces.append(scores.chords(rng, stage.beats(), 40, 76))
    if not pieces or rng.random() < 0.5:
        pieces.append(scores.melody(rng, stage.beats(), 45, 84))
    tempo = float(rng.uniform(60, 140))
    notes = separated([n for part in stage.perform(pieces, strum=True, tempo=tempo) for n in part])
    draw = rng.random()
    if samples.library() and draw < 0.4:
        name, hammers = str(_one_of(rng, samples.GUITARS)), float(rng.choice([0.0, 0.3]))
        sound = samples.play(rng, notes, stage.duration_s, name, expressive=rng.random() < 0.4, hammer_share=hammers)
        stage.add(*sound)
    elif draw < 0.6:
        stage.add(*plucked.pluck(rng, notes, stage.duration_s, plucked.random_string(rng)))
    else:
        program = int(_one_of(rng, soundfont.GUITARS * 2 + soundfont.CHIMES))
        stage.add_midi([soundfont.Voicing(program, notes, rng.random() < 0.3)], drums=rng.random() < 0.15)


def solo(stage: Stage) -> None:
    """One or two equal lines of a General MIDI instrument."""
    rng = stage.rng
    pool = soundfont.STRINGS + soundfont.WINDS * 2 + soundfont.BRASS + soundfont.ORGANS
    program = int(_one_of(rng, pool + soundfont.SYNTHS + soundfont.VOICES + soundfont.ETHNIC))
    voicings = [soundfont.Voicing(program, _line(stage, *soundfont.range_of(program)), rng.random() < 0.6)]
    if rng.random() < 0.3:
        voicings.append(soundfont.Voicing(program, _line(stage, *soundfont.range_of(program))))
    stage.add_midi(voicings, drums=rng.random() < 0.08)


def sampled_line(stage: Stage) -> None:
    """A line of a sampled saxophone, flute, bass or tuba."""
    rng = stage.rng
    if not samples.library():
        return solo(stage)
    name = str(_one_of(rng, samples.SUSTAINED + samples.SUSTAINED[:7] + samples.BASSES))
    part, expressive, slurs = _line(stage, *samples.range_of(name)), rng.random() < 0.6, float(rng.choice([0.0, 0.5]))
    stage.add(*samples.play(rng, part, stage.duration_s, name, expressive=expressive, hammer_share=slurs))


def _ensemble_part(stage: Stage, part: Part, voicings: list[soundfont.Voicing], pool: tuple[int, ...]) -> None:
    """Give one part of an ensemble to a soundfont, a sampled instrument or a synthetic one."""
    rng, draw = stage.rng, stage.rng.random()
    level_db = float(rng.normal(0, 3))
    if samples.library() and draw < 0.2:
        name = str(_one_of(rng, samples.SUSTAINED))
        line = monophonic(_fitted(part, *samples.range_of(name)))
        stage.add(*samples.play(rng, line, stage.duration_s, name, expressive=True, hammer_share=0.3), level_db)
    elif draw < 0.4:
        instrument = list(winds.INSTRUMENTS.values())[rng.integers(len(winds.INSTRUMENTS))]
        line = monophonic(_fitted(part, instrument.lowest, instrument.highest))
        stage.add(*winds.blow(rng, line, stage.duration_s, instrument), level_db)
    else:
        program = int(_one_of(rng, pool))
        voicings.append(
            soundfont.Voicing(program, separated(_fitted(part, *soundfont.range_of(program))), rng.random() < 0.3)
        )


def ensemble(stage: Stage) -> None:
    rng = stage.rng
    score = scores.printed(rng, kind=str(rng.choice(["", "quartet"]))) if rng.random() < 0.65 else []
    if not score:
        score = [
            scores.melody(rng, stage.beats(), low, low + 22) for low in (60, 55, 48, 40)[: int(rng.integers(2, 5))]
        ]
    pools = (soundfont.STRINGS, soundfont.WINDS, soundfont.BRASS, soundfont.STRINGS + soundfont.WINDS + soundfont.BRASS,
             soundfont.PIANOS + soundfont.GUITARS + soundfont.WINDS, soundfont.ORGANS)  # fmt: skip
    pool, voicings = pools[rng.integers(len(pools))], []
    for part in stage.perform(score[:5]):
        _ensemble_part(stage, part, voicings, pool)
    drums = rng.random() < 0.2
    if voicings or drums:
        stage.add_midi(voicings, 1.5 * len(voicings), drums=drums)


def sung(stage: Stage) -> None:
    """A singer alone, sometimes two, sometimes with an accompanist."""
    rng = stage.rng
    for _ in range(1 if rng.random() < 0.93 else 2):
        singer = voice.SINGERS[rng.integers(len(voice.SINGERS))]
        lowest = int(rng.integers(singer.lowest, singer.highest - 12))
        part = _line(stage, lowest, min(singer.highest, lowest + int(rng.integers(9, 20))), song_share=0.5)
        stage.add(*voice.sing(rng, part, stage.duration_s, singer))
    stage.phone = rng.random() < 0.5
    if rng.random() < 0.15:
        notes = separated(stage.perform([scores.chords(rng, stage.beats(), 36, 70)], tempo=80.0)[0])
        program = int(_one_of(rng, soundfont.PIANOS + soundfont.GUITARS))
        stage.add_midi([soundfont.Voicing(program, notes)], float(rng.uniform(-12, 0)), drums=rng.random() < 0.3)


def syllabic(stage: Stage) -> None:
    """A song close to speech: a note a syllable, short, in a narrow range; more often a man than not."""
    rng = stage.rng
    singer = voice.SINGERS[int(rng.choice(len(voice.SINGERS), p=np.array([4, 4, 3, 2, 2, 1]) / 16))]
    lowest = int(rng.integers(singer.lowest, singer.highest - 9))
    tempo = float(rng.uniform(75, 150))
    score = scores.melody(rng, stage.duration_s * tempo / 60 + 4, lowest, lowest + int(rng.integers(6, 13)), unit=0.5)
    part = monophonic(stage.perform([score], tempo=tempo)[0])
    stage.add(*voice.sing(rng, part, stage.duration_s, singer, voice.plain_style(rng)))
    stage.phone = rng.random() < 0.4


def blown(stage: Stage) -> None:
    """A synthetic bowed or blown instrument; harmonicas and fiddles often sound two notes."""
    rng = stage.rng
    names = list(winds.INSTRUMENTS)
    name = names[rng.choice(len(names), p=np.array([5, 2, 2, 3, 3, 1, 1, 1, 2, 1, 5]) / 26)]
    instrument = winds.INSTRUMENTS[name]
    lowest = int(rng.integers(instrument.lowest, instrument.highest - 20))
    part = _line(stage, lowest, min(instrument.highest, lowest + 26))
    stage.add(*winds.blow(rng, part, stage.duration_s, instrument))
    share = 0.6 if name == "harmonica" else 0.25 if instrument.bowed else 0.05
    while rng.random() < share:
        second = monophonic(winds.neighbours(rng, part))
        stage.add(*winds.blow(rng, second, stage.duration_s, instrument), float(rng.uniform(-6, 1)))
        share = 0.25
    stage.phone = rng.random() < 0.2


def tones(stage: Stage) -> None:
    """Made-up plucked or organ-like timbres on lines and chords."""
    rng = stage.rng
    for _ in range(int(rng.integers(1, 4))):
        lowest = int(rng.integers(30, 62))
        score = scores.melody(rng, stage.beats(), lowest, lowest + 30)
        if rng.random() < 0.5:
            score = scores.chords(rng, stage.beats(), lowest, min(96, lowest + 40))
        notes = separated(in_range(stage.perform([score], tempo=float(rng.uniform(60, 130)))[0]))
        stage.add(*plucked.pluck(rng, notes, stage.duration_s, plucked.random_string(rng)), float(rng.uniform(-8, 0)))


def nothing(stage: Stage) -> None:
    """No notes at all: silence, noise, speech or a drum kit."""
    rng, draw = stage.rng, stage.rng.random()
    stage.empty = True
    if draw < 0.05:
        stage.layers.append(background.silence(rng, stage.duration_s))
    elif draw < 0.25:
        stage.layers.append(background.noise(rng, stage.duration_s) * 10 ** (rng.uniform(-70, 0) / 20))
    elif draw < 0.75:
        said = background.speech if rng.random() < 0.6 else talk.talk
        stage.add(said(rng, stage.duration_s), [])
        stage.phone = rng.random() < 0.5
    else:
        stage.add_midi([], drums=True)


RECIPES: dict[str, tuple[Callable[[Stage], None], float]] = {
    "piano": (piano, 0.17), "guitar": (guitar, 0.10), "solo": (solo, 0.05), "sampled": (sampled_line, 0.07),
    "ensemble": (ensemble, 0.24), "sung": (sung, 0.12), "syllabic": (syllabic, 0.08), "blown": (blown, 0.10),
    "tones": (tones, 0.01), "nothing": (nothing, 0.06),
}  # fmt: skip
