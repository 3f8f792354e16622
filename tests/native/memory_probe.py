"""Run by test_memory in a process of its own: anonymous memory above the loaded libraries, as JSON.

Arguments: an audio file, and a shorter one that brings every library into memory first.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path

import linnet.native.transcribe as host
from linnet.native.audio_file import open_audio


def anonymous_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.split("RssAnon:")[1].split()[0]) / 1024


def main() -> None:
    import onnxruntime

    onnxruntime.SessionOptions()
    for _ in open_audio(sys.argv[2]).blocks():
        pass
    base = peak = anonymous_mb()
    is_over = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not is_over.is_set():
            peak = max(peak, anonymous_mb())
            time.sleep(0.002)

    watcher = threading.Thread(target=watch)
    watcher.start()
    half_way = end = 0.0

    def progress(done_s: float, total_s: float | None) -> None:
        nonlocal half_way, end
        end = anonymous_mb()
        if not half_way and total_s and done_s >= total_s / 2:
            half_way = end

    result = host.transcribe(sys.argv[1], progress=progress)
    is_over.set()
    watcher.join()
    print(json.dumps({"peak_mb": peak - base, "second_half_mb": end - half_way, "notes": len(result.notes)}))


if __name__ == "__main__":
    main()
