"""`python -m tests.bench.soak [live | file] [minutes]`: both if none is named; exits 1 where a target is missed.

A soak of full length leaves its page of figures in tests/bench/soaks/.
"""

from __future__ import annotations

import argparse
import importlib
import sys

KINDS = ("file", "live")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.soak", description=__doc__)
    parser.add_argument("kind", nargs="?", choices=KINDS, help="a long file, or a long take; both if left out")
    parser.add_argument("minutes", nargs="?", type=float, help="of audio; in full if left out")
    arguments = parser.parse_args()
    is_met = True
    for kind in [arguments.kind] if arguments.kind else KINDS:
        part = importlib.import_module(f"tests.bench.soak.{kind}")
        minutes = arguments.minutes or part.MINUTES
        soak = part.run(minutes)
        print(f"\n{soak.text()}", flush=True)
        if minutes >= part.MINUTES:
            print(f"kept as {soak.keep().name}")
        is_met &= soak.is_met
    return int(not is_met)


if __name__ == "__main__":
    sys.exit(main())
