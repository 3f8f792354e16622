"""Steps of the build that run under node, each only where its inputs have changed."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path

from fetch import CACHE, ROOT, BuildError, sha256_of


def run_node(command: list[str], name: str, job: dict[str, object], targets: list[Path], *more: str) -> None:
    """Run scripts on a job file unless the targets are there for the same scripts, job and archives in the job.

    `more` names other files that the scripts read.
    """
    text = json.dumps(job, sort_keys=True)
    digest = hashlib.sha256(text.encode())
    for source in [*(ROOT / path for path in (*command, *more)), *sorted(_archives_in(job))]:
        digest.update(sha256_of(source).encode())
    stamp = CACHE / f"{name}.stamp"
    if stamp.is_file() and stamp.read_text() == digest.hexdigest() and all(target.is_file() for target in targets):
        return
    stamp.unlink(missing_ok=True)
    job_file = CACHE / f"{name}.json"
    job_file.write_text(text)
    done = subprocess.run(["node", *command, str(job_file)], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0 or done.stderr:
        raise BuildError(f"{' '.join(command)} failed under node:\n{done.stderr[-4000:]}")
    stamp.write_text(digest.hexdigest())


def _archives_in(value: object) -> set[Path]:
    """Every archive that a job reads."""
    if isinstance(value, dict):
        parts = [part for key, item in value.items() if key != "target" for part in (key, item)]
        return set().union(*(_archives_in(part) for part in parts))
    if isinstance(value, list):
        return set().union(*(_archives_in(item) for item in value)) if value else set()
    if isinstance(value, str) and value.endswith((".whl", ".zip")):
        return {ROOT / value}
    return set()
