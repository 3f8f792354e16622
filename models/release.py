"""Make a release of a trained run: `python -m models.release --name linnet-2`.

Exports (with every check), fits the decoder's constants where the validation recordings are present, scores, and
writes model.onnx, manifest.json and card.md.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from linnet.manifest import DecodeConstants, Manifest
from linnet.vqt import Vqt
from models.calibrate import calibrate
from models.config import RELEASE_NAME, RELEASED, VALIDATION_FOLDER, inputs_present
from models.export import export
from models.fit import fit
from models.quiet import false_notes
from models.scoring import Score, report
from models.sources import data_table
from models.train import load_network
from models.validation import evaluate, planes_of, recordings, with_constants

LIMITS = """\
- Trained on synthetic and sampled sound only; no recording of a performance was used.
- Singing is the weakest kind: sung notes are counted the way annotators do by hand, and a voice between two keys, a
  slow slide or short low notes close to speech are missed or named a semitone off.
- Speech leaves a few notes a minute (our own made-up talker 14), drums alone up to five.
- In quartets and dense chords a note on the harmonics of a lower one is the first to be missed; strongly distorted
  guitars, choirs and mixes with drums were hardly trained.
- A piano note is often held longer than its key: what still rings is kept.
- A recording between two keys is moved to the nearer ones once its tuning has been heard, after a few seconds.
- Velocity is a rough estimate. Percussion is not transcribed.
"""


def _metrics(scores: dict[str, Score], noise: dict[str, float]) -> dict[str, Any]:
    rounded = {group: {key: round(value, 3) for key, value in vars(score).items()} for group, score in scores.items()}
    return {"groups": rounded, "false_notes_per_minute": noise}


def _card(manifest: dict[str, Any], scores: dict[str, Score], noise: dict[str, float], run: str) -> str:
    network = manifest["network"]
    rows = "\n".join(f"| {row['name']} | {row['what']} | {row['licence']} |" for row in manifest["data"])
    figures = report(scores) if scores else "The validation recordings were not present when this release was made."
    return f"""# {manifest["name"]}

Audio frames to note planes: {network["parameters"]:,} parameters, {network["multiply_adds_per_s"] / 1e6:.0f} million
multiply-adds per second of audio, {network["bytes"]:,} bytes; it looks {network["delay_frames"]} frames ahead, beyond
the transform's 93 ms. Training run `{run}`; weights under Apache-2.0.

## Trained on

| name | what | licence |
| --- | --- | --- |
{rows}

Where a source asks for credit, this table is it. No sample, soundfont or score is contained in the weights' files.

## Figures

Note F1 by mir_eval (onset within 50 ms, pitch within 50 cents; F1+offset: offset within 20 % or 50 ms as well; frame
F1: on a grid of 10 ms), from the written MIDI file read back, one setting for everything. These recordings chose the
decoder's constants and nothing else; they were never trained on.

```
{figures}
```

Notes found per minute without music: {", ".join(f"{name}: {count:g}" for name, count in noise.items())}.

## Limits

{LIMITS}"""


def release(name: str, folder: Path = RELEASED, *, fit_constants: bool = True) -> dict[str, Score]:
    """Export run `name` into `folder` with fitted constants, figures and card; returns the scores by group."""
    network, data = load_network(name), data_table()
    old = folder / "manifest.json"
    decode = json.loads(old.read_text())["decode"] if old.exists() else vars(DecodeConstants())
    values = export(network, folder, decode=decode, metrics={}, data=data)
    manifest = Manifest.from_json(json.dumps(values))
    model, vqt = folder / manifest.network.file, Vqt(manifest.grid)
    scores: dict[str, Score] = {}
    calibration = None
    if inputs_present()["validation"]:
        planes = [(recording, planes_of(model, manifest, recording.frames)) for recording in recordings(vqt)]
        if fit_constants:
            manifest = replace(manifest, decode=fit(planes, manifest))
        calibration = calibrate(planes, manifest)
        fitted = {"confidence_bias": round(calibration.bias, 3), "confidence_slope": round(calibration.slope, 3)}
        manifest = with_constants(manifest, **fitted)
        scores = evaluate(planes, manifest, frames=True)
    else:
        print(f"no recordings at {VALIDATION_FOLDER}: constants are kept and nothing is scored")
    noise = false_notes(model, manifest, vqt)
    values["decode"], values["metrics"] = vars(manifest.decode), _metrics(scores, noise)
    if calibration is not None:
        values["metrics"]["confidence_calibration_error"] = round(calibration.error, 3)
    (folder / "manifest.json").write_text(json.dumps(values, indent=1) + "\n")
    (folder / "card.md").write_text(_card(values, scores, noise, name))
    print(report(scores) if scores else "", noise, json.dumps(vars(manifest.decode)), sep="\n", flush=True)
    return scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--name", default=RELEASE_NAME)
    parser.add_argument("--folder", type=Path, default=RELEASED)
    parser.add_argument("--keep-constants", action="store_true")
    options = parser.parse_args()
    release(options.name, options.folder, fit_constants=not options.keep_constants)


if __name__ == "__main__":
    main()
