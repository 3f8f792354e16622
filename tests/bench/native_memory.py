"""Part native-memory: peak resident memory of a fresh process, above its loaded libraries and against length.

Loaded libraries are what is resident after the imports, and the parts of the libraries' files that come in later, when
they are first used; the rest is the network, the transform and the audio under way. Both figures are given.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.bench import basic_pitch
from tests.bench.clips import CLIP_S, clip_path, long_files
from tests.bench.results import Effort, Result
from tests.bench.side import basic_pitch_side, linnet

MOST_ABOVE_MB = 20.0
MOST_GROWTH_MB = 60.0


def run(effort: Effort) -> Result:
    result = Result()
    with basic_pitch_side() as side:
        theirs = side.ask("memory", audio=str(clip_path()))
    with long_files(1, effort.long_native_min) as (short, long):
        ours = {"1 min": _peak(short), f"{effort.long_native_min} min": _peak(long)}
    one, many = ours.values()
    result.raw = {"linnet": ours, "basic_pitch_30_s": theirs}
    above = _above_libraries(one)
    result.add(
        "1 min of audio: peak above the loaded libraries", f"{above:.1f} MB",
        f"{_above_libraries(theirs):.0f} MB ({basic_pitch.NAME}, {CLIP_S} s)",
        f"<= {MOST_ABOVE_MB:g} MB", above <= MOST_ABOVE_MB,
    )  # fmt: skip
    result.add("  peak above what the imports took", _above_imports(one), _above_imports(theirs))
    result.add("  peak of the whole process", f"{one['end']['peak']:.0f} MB", f"{theirs['end']['peak']:.0f} MB")
    growth = many["end"]["peak"] - one["end"]["peak"]
    result.add(
        f"{effort.long_native_min} min: peak above that of 1 min", f"{growth:.1f} MB", "",
        f"<= {MOST_GROWTH_MB:g} MB", growth <= MOST_GROWTH_MB,
    )  # fmt: skip
    speed = many["audio_s"] / many["wall_s"]
    result.add(f"  {many['audio_s'] / 60:.0f} min took", f"{many['wall_s']:.0f} s ({speed:.0f} times real time)")
    return result


def _peak(audio: Path) -> dict[str, Any]:
    with linnet() as side:
        answer: dict[str, Any] = side.ask("memory", audio=str(audio))
    return answer


def _above_libraries(figures: dict[str, Any]) -> float:
    later = figures["end"]["files"] - figures["libraries"]["files"]
    return float(figures["end"]["peak"] - figures["libraries"]["now"] - later)


def _above_imports(figures: dict[str, Any]) -> str:
    return f"{figures['end']['peak'] - figures['libraries']['now']:.0f} MB"
