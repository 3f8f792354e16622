"""Resident memory of a page's process: now, and at most since it was last asked."""

from __future__ import annotations

from pathlib import Path

from tests.bench.chromium import renderer


class Memory:
    """The renderer of a browser profile; found anew each time, as a reload may change the process."""

    def __init__(self, profile: Path) -> None:
        self._profile = profile
        self.peak_mb = 0.0

    def now_mb(self) -> float:
        """Megabytes (10^6 bytes); keeps the peak up to date."""
        process = renderer(self._profile)
        lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
        kb = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.startswith(("VmHWM", "VmRSS"))}
        self.peak_mb = max(self.peak_mb, kb["VmHWM"] * 1024 / 1e6)
        return kb["VmRSS"] * 1024 / 1e6

    def parts(self) -> str:
        """The program's own memory and what it maps from files, in words."""
        process = renderer(self._profile)
        lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
        mb = {line.split(":")[0]: int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("Rss")}
        return f"{mb['RssAnon']:.0f} its own, {mb['RssFile'] + mb['RssShmem']:.0f} of files and shared"
