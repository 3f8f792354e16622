"""Part native-speed: decoded samples -> notes on one core and one thread, two fresh processes taking turns."""

from __future__ import annotations

from tests.bench import basic_pitch
from tests.bench.clips import CLIP_S, clip_name, clip_path
from tests.bench.results import Effort, Result, median, spread
from tests.bench.side import basic_pitch_side, linnet

LEAST_RATIO = 2.0


def run(effort: Effort) -> Result:
    result = Result()
    audio = str(clip_path())
    with linnet() as ours, basic_pitch_side() as theirs:
        first = [side.ask("time", audio=audio) for side in (ours, theirs)]
        turns = [[side.ask("time", audio=audio) for side in (ours, theirs)] for _ in range(2 * effort.repeats + 1)]
    for key, name in (("cpu_s", "processor time"), ("wall_s", "wall time")):
        linnet_s, peer_s = ([turn[i][key] for turn in turns] for i in (0, 1))
        ratio = median(peer_s) / median(linnet_s)
        result.add(
            f"{clip_name()}, {name}", spread(linnet_s), f"{basic_pitch.NAME}: {spread(peer_s)}",
            f">= {LEAST_RATIO:g} times as fast", ratio >= LEAST_RATIO,
        )  # fmt: skip
        result.add(f"  {name}: times as fast", f"{ratio:.2f}")
        result.raw[f"{key}_ratio"] = ratio
        result.raw[key] = {"linnet": linnet_s, "basic_pitch": peer_s}
    wall = median(result.raw["wall_s"]["linnet"])
    result.add("  real-time factor", f"{wall / CLIP_S:.4f}")
    result.raw |= {"first": first, "notes": [turns[0][0]["notes"], turns[0][1]["notes"]]}
    return result
