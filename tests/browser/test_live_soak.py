"""Three minutes of a take in a browser of its own, beside whatever else is tested. `make soak` is the long one."""

import subprocess
import sys

from tests.bench.places import ROOT

MINUTES = 3


def test_a_take_loses_nothing_on_its_way_and_memory_does_not_grow():
    command = [sys.executable, "-m", "tests.bench.soak", "live", str(MINUTES)]
    soak = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert soak.returncode == 0, soak.stdout + soak.stderr
    assert "the take has not" in soak.stdout
