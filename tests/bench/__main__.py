"""`python -m tests.bench [part ...] [--quick]`; exits 1 where a part broke. A missed target is a finding, not that."""

from __future__ import annotations

import argparse
import importlib
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from tests.bench.pause import paused_training
from tests.bench.report import conditions, print_table, save
from tests.bench.results import QUICK, CannotMeasure, Effort, Result

PARTS = {
    "accuracy": "accuracy",
    "native-speed": "native_speed",
    "native-memory": "native_memory",
    "browser-speed": "browser_speed",
    "roll": "roll",
    "start": "start",
    "bytes": "wire",
    "browser-memory": "browser_memory",
    "live": "live",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"any of {', '.join(PARTS)}; all if none is named")
    parser.add_argument("--quick", action="store_true", help="fewer repeats and shorter files, to see that it works")
    parser.add_argument("--keep-training", action="store_true", help="do not pause it; figures are then of no use")
    parser.add_argument("--width", type=int, help="columns of the table; the terminal's if left out")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.parts) - set(PARTS))
    if unknown:
        parser.error(f"there is no part {unknown[0]!r}; choose from {', '.join(PARTS)}")
    signal.signal(signal.SIGTERM, _stop)
    about = conditions()
    results: dict[str, Result] = {}
    missing: dict[str, str] = {}
    failed: list[str] = []
    with _undisturbed() if arguments.keep_training else paused_training() as pids:
        if pids:
            print(f"training is paused ({len(pids)} processes) until the bench ends", flush=True)
        try:
            for part in arguments.parts or PARTS:
                if not _measure(part, QUICK if arguments.quick else Effort(), results, missing):
                    failed.append(part)
        except KeyboardInterrupt:
            print("stopped; what has been measured follows")
            failed.append("stopped")
    if pids:
        print("training goes on")
    print_table(results, arguments.width)
    for part, why in missing.items():
        print(f"not measured ({part}): {why}")
    print(f"written to {save(results, missing, about).name} in .cache/bench")
    return int(bool(failed))


@contextmanager
def _undisturbed() -> Iterator[list[int]]:
    yield []


def _measure(part: str, effort: Effort, results: dict[str, Result], missing: dict[str, str]) -> bool:
    """Run a part; False where it broke, as against lacking something that it needs."""
    print(f"{part} ...", flush=True)
    started = time.monotonic()
    try:
        results[part] = importlib.import_module(f"tests.bench.{PARTS[part]}").run(effort)
    except CannotMeasure as error:
        missing[part] = str(error)
        if error.so_far:
            results[part] = error.so_far
    except Exception as error:  # the other parts are still worth having
        traceback.print_exc()
        missing[part] = f"failed: {type(error).__name__}: {error}"
        return False
    print(f"{part}: {time.monotonic() - started:.0f} s", flush=True)
    return True


def _stop(_number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
