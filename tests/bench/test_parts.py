"""The bench's own arithmetic: what it counts, scores and holds must be right before its figures can be."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import deque

import numpy as np
import psutil
import pytest

from linnet.midi import midi_bytes
from linnet.notes import Note, NoteTable
from tests.bench.__main__ import PARTS
from tests.bench.pause import paused_training
from tests.bench.relay import Answers, Exchange
from tests.bench.results import percentile, spread
from tests.bench.scores import Notes, Score, by_group, mean, score
from tests.bench.soak.live import out_of_step


@pytest.mark.parametrize("piece", [1, 7, 10_000])
def test_answers_are_counted_however_they_are_cut(piece):
    asked = deque([Exchange("GET /"), Exchange("GET /sw.js"), Exchange("GET /a")])
    exchanges = list(asked)
    stream = (
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
        b"HTTP/1.1 304 Not Modified\r\ncontent-length: 99\r\n\r\n"
        b"HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\nno"
    )
    answers = Answers(asked)
    for start in range(0, len(stream), piece):
        answers.feed(stream[start : start + piece])
    assert [(e.status, e.body_bytes) for e in exchanges] == [(200, 5), (304, 0), (404, 2)]
    assert sum(e.head_bytes + e.body_bytes for e in exchanges) == len(stream)


def test_our_own_file_scores_full_marks_and_a_late_one_none():
    notes = NoteTable.of([Note(0.5, 1.0, 60), Note(1.0, 1.5, 64), Note(1.0, 2.0, 67)])
    reference = Notes.of((n.onset_s, n.offset_s, float(n.pitch)) for n in notes)
    assert score(reference, Notes.from_midi(midi_bytes(notes))) == Score(1.0, 1.0)
    late = Notes(reference.intervals_s + 0.06, reference.pitch)
    assert score(reference, late) == Score(0.0, 0.0)
    held = Notes(reference.intervals_s + np.array([0.0, 0.6]), reference.pitch)
    assert score(reference, held) == Score(1.0, 0.0)
    assert score(reference, Notes.of([])) == Score(0.0, 0.0)


def test_the_mean_is_over_groups():
    scores = {"piano-maps-01": Score(0.0, 0.0), "piano-maps-02": Score(0.5, 0.2), "sax-bach10-01": Score(0.75, 0.5)}
    groups = by_group(scores)
    assert groups == {"piano-maps": Score(0.25, 0.1), "sax-bach10": Score(0.75, 0.5)}
    assert mean(groups.values()) == Score(0.5, 0.3)


def test_sound_that_is_left_out_is_told_from_a_microphone_that_pauses():
    rate_hz, begins = 1000.0, [100]
    for i in range(40):
        anew = 7 if i % 8 == 3 else 0  # where the file begins anew
        begins.append(begins[-1] + 600 + anew + {10: 20, 20: -30, 30: 600}.get(i, 0))
    wrong, late = out_of_step(begins, rate_hz)
    assert [(round(begins.index(at_s * rate_hz)), round(off_s, 3)) for at_s, off_s in wrong] == [(21, -0.03), (31, 0.6)]
    assert [(round(begins.index(at_s * rate_hz)), round(off_s, 3)) for at_s, off_s in late] == [(11, 0.02)]


def test_figures_are_medians_and_percentiles():
    assert spread([3.0, 1.0, 2.0], 1) == "2.0 s (1.0 to 3.0)"
    assert spread([2.0], 1, "ms") == "2.0 ms"
    assert [percentile(list(range(1, 21)), p) for p in (50, 95, 100)] == [10, 19, 20]
    assert percentile([7.0], 50) == 7.0


def test_a_killed_bench_lets_training_go_on(monkeypatch):
    name = "linnet-bench-test"  # stands for models.train, so that no real training is touched
    trained = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", name])
    code = f"""
import time
from tests.bench import pause
pause.MODULES = frozenset([{name!r}])
with pause.paused_training() as pids:
    print(pids, flush=True)
    time.sleep(60)
"""
    bench = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    try:
        process = psutil.Process(trained.pid)
        assert bench.stdout
        assert json.loads(bench.stdout.readline()) == [trained.pid]
        assert process.status() == psutil.STATUS_STOPPED
        bench.kill()
        bench.wait()
        deadline = time.monotonic() + 10
        while process.status() == psutil.STATUS_STOPPED and time.monotonic() < deadline:
            time.sleep(0.02)
        assert process.status() != psutil.STATUS_STOPPED
    finally:
        bench.kill()
        bench.communicate()
        trained.kill()
        trained.wait()
    monkeypatch.setattr("tests.bench.pause.MODULES", frozenset({name}))
    with paused_training() as pids:
        assert pids == []


def test_every_part_has_its_module():
    for module in PARTS.values():
        assert (__import__(f"tests.bench.{module}", fromlist=["run"])).run
