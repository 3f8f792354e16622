"""Everything in one command: `python -m models.pipeline` renders, trains, exports and scores; resumable."""

from __future__ import annotations

import argparse
import subprocess
import sys

import torch

from models.config import RELEASE_NAME, inputs_present
from models.features import fill_cache
from models.release import release
from models.train import train


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--name", default=RELEASE_NAME)
    options = parser.parse_args()

    for material, present in inputs_present().items():
        print(f"{material}: {'present' if present else 'absent, doing without'}", flush=True)
    counts = ["--clips", str(options.clips), "--processes", str(options.processes)]
    subprocess.run([sys.executable, "-m", "models.corpus", *counts], check=True)
    print(f"{fill_cache(options.processes)} clips have features", flush=True)
    torch.set_num_threads(options.processes)
    train(options.name, options.steps)
    release(options.name)


if __name__ == "__main__":
    main()
