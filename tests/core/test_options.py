"""One table of options; everything outside it is refused by name."""

import json
from dataclasses import fields

import pytest

from linnet import ArrangeOptions, BadOption, DecodeOptions, MidiOptions
from linnet.options import OPTIONS, schema_json
from linnet.presets import PRESETS, presets_json


def test_table_and_classes_say_the_same():
    lent = {"midi": {"tempo_bpm", "metre"}}  # for files without a grid
    for kind, stage in ((DecodeOptions, "decode"), (ArrangeOptions, "arrange"), (MidiOptions, "midi")):
        names = lent.get(stage, set())
        specs = {spec.name: spec.default for spec in OPTIONS if spec.stage == stage or spec.name in names}
        assert specs == {field.name: field.default for field in fields(kind)}


def test_the_schema_is_json_with_names_limits_and_words():
    schema = {entry["name"]: entry for entry in json.loads(schema_json())}
    assert schema["shortest_note_s"]["unit"] == "s"
    assert all(entry["label"] and entry["help"] for entry in schema.values())
    assert all(e["choices"] if e["kind"] == "choice" else e["lowest"] < e["highest"] for e in schema.values())


@pytest.mark.parametrize(
    ("name", "value"),
    [("sensitivity", 1.5), ("sensitivity", float("nan")), ("sustain", "much"), ("lowest_pitch", 60.5),
     ("highest_pitch", 200), ("bends", "raw"), ("shortest_note_s", -0.1), ("sensitivity", True)],
)  # fmt: skip
def test_a_bad_value_is_refused_with_name_value_and_cure(name, value):
    with pytest.raises(BadOption, match=name) as caught:
        DecodeOptions(**{name: value})
    assert repr(value) in str(caught.value)


def test_crossed_pitches_and_unknown_names_are_refused():
    with pytest.raises(BadOption, match="above highest_pitch"):
        DecodeOptions(lowest_pitch=70, highest_pitch=60)
    with pytest.raises(BadOption, match="unknown option 'loudness'"):
        DecodeOptions.from_mapping({"loudness": 1})


def test_each_stage_takes_its_own_from_a_common_table():
    values = {"sensitivity": 0.7, "tempo_bpm": 90}
    assert DecodeOptions.from_mapping(values).sensitivity == 0.7
    assert MidiOptions.from_mapping(values).tempo_bpm == 90.0


def test_presets_are_settings_of_the_first_stage():
    exported = json.loads(presets_json())
    assert list(exported) == list(PRESETS)
    assert all(DecodeOptions(**values) for values in exported.values())
    assert exported["mix"] == {spec.name: spec.default for spec in OPTIONS if spec.stage == "decode"}
