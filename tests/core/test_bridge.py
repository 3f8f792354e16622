"""The door for JavaScript, driven from CPython with flat arrays in place of typed arrays."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from types import SimpleNamespace

import numpy as np
import pytest

from linnet import BadOption, LinnetError, bridge
from tests.core import faked
from tests.core.test_engine import BLOCK, SAMPLES, ScriptedNetwork, transcribe


@pytest.fixture
def run():
    manifest = faked.manifest()
    tables = {name: asdict(getattr(manifest, name)) for name in ("grid", "level", "network", "planes", "decode")}
    bridge.open_model(json.dumps({"format": "linnet-model/1", "name": "t", "version": "1", **tables}))
    network = ScriptedNetwork(BLOCK)

    async def run(frames, count):
        assert frames.ndim == 1
        planes = network(frames.reshape(count, -1))
        names = ("onset", "note", "offset", "velocity", "contour")
        return SimpleNamespace(**{n: memoryview(p.reshape(-1)) for n, p in zip(names, planes, strict=True)})

    yield run
    bridge.reset()


def go(run, channels=1):
    async def whole():
        bridge.start(22050.0, channels, json.dumps({}))
        interleaved = np.repeat(SAMPLES, channels)
        ended = 0
        for at in range(0, len(interleaved), 20_000 * channels):
            ended += len((await bridge.push(memoryview(interleaved[at : at + 20_000 * channels]), run))["onsetS"])
        return ended, await bridge.finish(run)

    with ThreadPoolExecutor(1) as own_thread:  # playwright keeps an event loop in this one
        return own_thread.submit(asyncio.run, whole()).result()


@pytest.mark.parametrize("channels", [1, 2])
def test_it_gives_what_the_engine_gives(run, channels):
    ended, columns = go(run, channels)
    reference = transcribe(SAMPLES, BLOCK).finish()
    assert ended <= len(reference)
    for name, column in bridge.columns(reference).items():
        assert column.ndim == 1
        assert np.array_equal(columns[name], column), name


def test_redecode_and_exports(run):
    _, first = go(run)
    assert bridge.tuning_cents() is None  # noise has no tuning
    fewer = bridge.redecode(json.dumps({"lowest_pitch": 60}))
    assert len(fewer["onsetS"]) < len(first["onsetS"])
    shown = SimpleNamespace(**fewer)
    assert bridge.export("mid", json.dumps({"tempo_bpm": 90}), "take", shown).startswith(b"MThd")
    assert bridge.export("csv", "{}", "", shown).decode().count("\n") == len(fewer["onsetS"]) + 1
    assert len(json.loads(bridge.export("json", "{}", "", shown))["notes"]) == len(fewer["onsetS"])
    with pytest.raises(LinnetError, match="mid, csv or json"):
        bridge.export("wav", "{}", "", shown)


def test_columns_are_a_note_table_again(run):
    _, heard = go(run)
    again = bridge.columns(bridge.note_table(SimpleNamespace(**heard)))
    assert len(heard["onsetS"]) > 0
    assert all(np.array_equal(again[name], column) for name, column in heard.items())


def test_options_come_with_their_limits(run):
    assert {entry["name"] for entry in json.loads(bridge.option_schema())} >= {"sensitivity", "tempo_bpm"}
    with pytest.raises(BadOption, match="sensitivity"):
        bridge.start(22050, 1, json.dumps({"sensitivity": 7}))


def test_out_of_turn_is_said(run):
    bridge.reset()
    with pytest.raises(LinnetError, match="start first"):
        bridge.redecode("{}")
