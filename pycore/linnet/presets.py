"""Presets: settings of the first stage that suit one kind of recording, by name.

A preset narrows what the decoder looks for to what the instrument can play; what it does not name goes to its default.
It was kept where it does not lower the note F1 of its own kind of recordings.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from linnet.errors import BadOption
from linnet.options import OPTIONS

Values = Mapping[str, float | int | str]

PRESETS: Mapping[str, Values] = {
    # The whole keyboard; strings do not bend.
    "piano": {"bends": "off"},
    # Low E with room for a drop tuning, to the top fret of an electric one.
    "guitar": {"lowest_pitch": 38, "highest_pitch": 88},
    # Bass to soprano. Quick runs are short: a longer shortest note costs more of them than it spares slips.
    "voice": {"lowest_pitch": 36, "highest_pitch": 88},
    # From low B on a five-string, and no higher than its fingerboard goes: above lie its partials.
    "bass": {"lowest_pitch": 23, "highest_pitch": 67},
    # Contrabassoon is rare: tuba and bass clarinet to piccolo.
    "winds": {"lowest_pitch": 28, "highest_pitch": 106},
    # Everything as it comes: the defaults.
    "mix": {},
}


def preset(name: str) -> dict[str, float | int | str]:
    """All options of the first stage as a preset has them."""
    if name not in PRESETS:
        raise BadOption(f"preset is {name!r}; it must be one of {', '.join(PRESETS)}")
    return {spec.name: spec.default for spec in OPTIONS if spec.stage == "decode"} | dict(PRESETS[name])


def presets_json() -> str:
    """Every preset with all its values, for hosts in other languages."""
    return json.dumps({name: preset(name) for name in PRESETS}, indent=1)
