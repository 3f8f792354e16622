"""The instruments that the page plays notes with: one soundfont per General MIDI program, and what plays them."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

from fetch import CACHE, ROOT, npm_file, sha256_of
from pins import SOUNDFONT, SOUNDFONT_LICENCE, SYNTHESISER, VORBIS

CUTTER = Path(__file__).resolve().with_suffix(".mjs")


def fill_instruments(folder: Path) -> None:
    """Soundfonts, their licence, synthesiser and Vorbis decoder into `folder`, which exists and is empty."""
    for path in _cut().iterdir():
        shutil.copyfile(path, folder / path.name)
    shutil.copyfile(npm_file(SOUNDFONT_LICENCE), folder / "LICENSE-soundfont.md")
    shutil.copyfile(npm_file(VORBIS), folder / "stb-vorbis.js")
    synthesiser = npm_file(SYNTHESISER).read_text()
    # browsers know addresses, not the names of packages
    local = synthesiser.replace('from "stb-vorbis"', 'from "./stb-vorbis.js"').split("//# sourceMappingURL=")[0]
    (folder / "spessasynth_core.js").write_text(local)


def _cut() -> Path:
    """The folder of one soundfont per program, from .cache where soundfont, synthesiser and cutter are the same."""
    inputs = [npm_file(SOUNDFONT), npm_file(SYNTHESISER), CUTTER]
    key = hashlib.sha256("".join(sha256_of(path) for path in inputs).encode()).hexdigest()[:16]
    kept = CACHE / "instruments" / key
    if kept.is_dir():
        return kept
    partial = kept.with_name(f"{key}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    command = ["node", str(CUTTER), str(inputs[0]), str(partial)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    partial.rename(kept)
    return kept
