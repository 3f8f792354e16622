"""Score a release: `python -m models.evaluate`, or `make evaluate`.

Note F1 (onset within 50 ms, pitch within 50 cents) without and with offsets (20 % or 50 ms) by mir_eval on the MIDI
file that is written, parsed back; F1 of frames on a grid of 10 ms; one setting for all recordings; the mean is over
groups. Then what kinds of notes are missed and added, whether confidence means what it says, pictures of the worst
passages, scores under hardship, scores by the number of voices on a held-out soundfont, and false notes where there
is no music.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

from linnet.manifest import Manifest
from linnet.vqt import Vqt
from models.anatomy import Anatomy, anatomy, table
from models.calibrate import reliability
from models.config import CACHE, RELEASED, VALIDATION_FOLDER
from models.fit import fit
from models.hardship import HARDSHIPS, scores_under
from models.pictures import draw
from models.polyphony import scores_by_voices
from models.quiet import false_notes, limit_of
from models.scoring import report
from models.validation import Planes, estimates, evaluate, planes_of, recordings

PICTURES = CACHE / "pictures"
PARTS = ("anatomy", "confidence", "pictures", "hardship", "polyphony", "quiet")


def print_anatomy(planes: Planes, manifest: Manifest) -> None:
    found: dict[str, Anatomy] = {}
    for recording, notes in estimates(planes, manifest):
        of_group = found.get(recording.group, Anatomy())
        found[recording.group] = of_group + anatomy(recording.reference, notes)
    print(table(found | {"all": sum(found.values(), Anatomy())}), end="\n\n")


def save_pictures(planes: Planes, manifest: Manifest, folder: Path = PICTURES) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for (recording, block), (_, notes) in zip(planes, estimates(planes, manifest), strict=True):
        draw(recording, block, notes, folder / f"{recording.name}.png")
    print(f"pictures of the worst passages are in {folder}\n")


def print_hardship(planes: Planes, model: Path, manifest: Manifest, vqt: Vqt) -> None:
    before = evaluate(planes, manifest)["mean"].onset_f1
    print(f"{'hardship':22s}    F1    fall (points)")
    for name, hardship in HARDSHIPS.items():
        after = scores_under(hardship, [recording for recording, _ in planes], model, manifest, vqt)["mean"].onset_f1
        fall = before - after
        verdict = "" if fall <= hardship.largest_fall + 1e-9 else f"  (over {100 * hardship.largest_fall:g})"
        print(f"{name:22s} {after:5.3f}   {100 * fall:+5.1f}{verdict}", flush=True)
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=RELEASED)
    parser.add_argument("--fit", action="store_true", help="search the decoder's constants and print them")
    parser.add_argument("--only", nargs="*", choices=PARTS, default=PARTS, help="parts beside the scores")
    options = parser.parse_args()
    manifest = Manifest.from_json((options.model / "manifest.json").read_text())
    model, vqt = options.model / manifest.network.file, Vqt(manifest.grid)
    if VALIDATION_FOLDER.exists():
        planes = [(recording, planes_of(model, manifest, recording.frames)) for recording in recordings(vqt)]
        if options.fit:
            manifest = replace(manifest, decode=fit(planes, manifest))
            print(json.dumps(vars(manifest.decode), indent=1))
        print(report(evaluate(planes, manifest, frames=True)), end="\n\n", flush=True)
        if "anatomy" in options.only:
            print_anatomy(planes, manifest)
        if "confidence" in options.only:
            print(reliability(planes, manifest).table(), end="\n\n")
        if "pictures" in options.only:
            save_pictures(planes, manifest)
        if "hardship" in options.only:
            print_hardship(planes, model, manifest, vqt)
    else:
        print(f"no recordings at {VALIDATION_FOLDER}: what needs none is measured\n")
    if "polyphony" in options.only:
        print("held-out soundfont")
        print(report(scores_by_voices(model, manifest)), end="\n\n", flush=True)
    if "quiet" in options.only:
        print("false notes per minute")
        for name, count in false_notes(model, manifest, vqt).items():
            print(f"{name:22s} {count:6.1f}   (at most {limit_of(name):g})", flush=True)


if __name__ == "__main__":
    main()
