"""A long file through the real page: memory, tasks of the window, and whether everything works at its end.

The memory is all of the page's process: program, engine, notes and pictures. After the last note settings, roll, an
edit, the MIDI file and a reload are tried on it.
"""

from __future__ import annotations

import re
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import mido
from playwright.sync_api import Page

from linnet.native.transcribe import Transcriber
from tests.bench.chromium import opened, playwright
from tests.bench.places import REPORTS
from tests.bench.results import percentile
from tests.bench.roll import DRIVER, MOST_SCRIPT_MS, MOST_TASK_MS
from tests.bench.serving import served, site
from tests.bench.soak import hour
from tests.bench.soak.beside import apart
from tests.bench.soak.memory import Memory
from tests.bench.soak.tasks import WindowTasks
from tests.bench.soak.written import Soak
from tests.browser.linnet_page import LinnetPage

MINUTES = 60.0
MOST_MB = 1000.0
ROWS = 15  # of the table while it runs
PATIENCE_S = 7200.0
LOOK_MS = 1000
SETTLE_MS = 2000  # for the last pictures and for what is saved a little later
GESTURES = 130  # ends closer, and further on, than it began

Notes = dict[str, list[float]]


def run(minutes: float) -> Soak:
    """Open so much audio."""
    soak = Soak(kind="file", title=f"Linnet, a soak: a file of {minutes:g} minutes")
    soak.columns = ("", "minute", "after s", "memory MB", "notes")
    REPORTS.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="soak-", dir=REPORTS, ignore_cleanup_errors=True) as name:
        audio, profile = Path(name) / "hour.flac", Path(name) / "profile"
        hour.recording(audio, minutes)
        soak.facts["recording"] = f"{minutes:g} minutes, {hour.words()}; {audio.stat().st_size / 1e6:.0f} MB"
        with playwright() as started, served(site()) as address, opened(started, profile) as page:
            page.add_init_script(path=DRIVER)
            browser = page.context.browser
            soak.facts["browser"] = f"Chromium {browser.version if browser else _version(page)}, 1440 x 900"
            Watch(soak, page, Memory(profile)).all(address, audio, minutes)
    return soak


def _version(page: Page) -> str:
    """Of a browser with a profile, which Playwright does not tell."""
    version: str = page.context.new_cdp_session(page).send("Browser.getVersion")["product"]
    return version.rpartition("/")[2]


class Watch:
    """One visit, from the file to the reload."""

    def __init__(self, soak: Soak, page: Page, memory: Memory) -> None:
        self.soak, self.page, self.memory = soak, page, memory
        self.linnet = LinnetPage(page)
        self.tasks = WindowTasks(page)
        self.began = time.monotonic()

    def all(self, address: str, audio: Path, minutes: float) -> None:
        self.page.set_viewport_size({"width": 1440, "height": 900})
        self.linnet.open(address)
        self._sample("engine ready")
        self._transcribe(audio, minutes)
        notes = self.linnet.notes()
        self._lost(notes, audio)
        notes = self._settings(notes)
        self._edit(notes)
        notes = self.linnet.notes()
        self._look()
        self._save(notes, audio.parent)
        self._reload(notes)
        peak = self.memory.peak_mb
        self.soak.add(
            "memory of the page's process, at most", f"{peak:.0f} MB", "", f"< {MOST_MB:g} MB", peak < MOST_MB
        )
        loud = self.linnet.complaints
        self.soak.add("complaints on the console", str(len(loud)), "", "0", not loud)
        print(*loud, sep="\n")

    def _sample(self, when: str, minute: float | None = None) -> None:
        after_s = time.monotonic() - self.began
        at = "" if minute is None else f"{minute:.0f}"
        self.soak.sample(when, at, f"{after_s:.0f}", f"{self.memory.now_mb():.0f}", f"{self._count()}")
        print(f"    ({self.memory.parts()}; at most {self.memory.peak_mb:.0f})", flush=True)

    def _count(self) -> int:
        """Notes that the roll says it shows; asking for the notes themselves would keep the window busy."""
        found = re.match(r"Piano roll: ([\d,]+) note", self.page.get_attribute("#roll", "aria-label") or "")
        return int(found[1].replace(",", "")) if found else 0

    def _transcribe(self, audio: Path, minutes: float) -> None:
        self.tasks.begin()
        self.page.evaluate("() => { document.documentElement.dataset.linnet = 'asked'; }")
        self.began = time.monotonic()
        self.linnet.choose(audio)
        done_min, next_min, seen = 0.0, 0.0, []
        while (stage := self.page.get_attribute("html", "data-linnet")) in ("asked", "running"):
            self.page.wait_for_timeout(LOOK_MS)
            self.memory.now_mb()
            done_min = self._done_s() / 60
            seen.append((done_min, self._count()))
            if done_min >= next_min > 0:
                self._sample("", done_min)
                self.tasks.go_on()
            while next_min <= done_min:
                next_min += minutes / ROWS
            if time.monotonic() - self.began > PATIENCE_S:
                raise TimeoutError(f"{done_min:.1f} of {minutes:g} minutes were done after {PATIENCE_S:.0f} s")
        if stage != "done":
            raise RuntimeError(f"the page is {stage}: {self.page.inner_text('#alarm-text')}")
        took_s = time.monotonic() - self.began
        self.page.wait_for_timeout(SETTLE_MS)
        self._sample("all heard", minutes)
        self.soak.add("time it took", f"{took_s:.0f} s, {60 * minutes / took_s:.0f} times as fast as it plays")
        early = next((count for minute, count in seen if minute >= minutes / 10), 0)
        half = next((count for minute, count in seen if minute >= minutes / 2), 0)
        self.soak.add("notes on the roll at a tenth, at half", f"{early}, {half}", "", "> 0, more", 0 < early < half)
        self._tasks("while it ran")

    def _done_s(self) -> float:
        done: float = self.page.evaluate("linnetWatch.messages.findLast(({ type }) => type === 'progress')?.doneS ?? 0")
        return done

    def _tasks(self, when: str) -> None:
        """What was the longest; the soak's own questions are asked afterwards."""
        longest = self.tasks.end()
        by_clock = f"{longest.clock_ms:.0f} ms, {longest.many} of 50 ms or more" if longest.many else "none of 50 ms"
        self.soak.add(
            f"longest task of the window {when}", f"{longest.busy_ms:.0f} ms (by the clock {by_clock})", "",
            f"<= {MOST_TASK_MS:g} ms", longest.busy_ms <= MOST_TASK_MS,
        )  # fmt: skip

    def _lost(self, notes: Notes, audio: Path) -> None:
        """Beside the native host's notes of the same file."""
        found = apart(notes, Transcriber().transcribe(audio).notes)
        count = len(notes["onsetS"])
        self.soak.add(
            f"of {count} notes lost, added beside the native host", f"{found.lost}, {found.added}", "", "0, 0",
            found.lost == found.added == 0,
        )  # fmt: skip
        self.soak.add("  more than 1 ms or a step of velocity from its own", str(found.moved))

    def _settings(self, notes: Notes) -> Notes:
        """A slider and back: fewer notes, then the very same."""
        self.tasks.begin()
        took_ms = [self._set("sensitivity", value) for value in (0.3, 0.5)]
        self.page.wait_for_timeout(SETTLE_MS)
        self._sample("settings")
        self._tasks("while settings changed")
        again = self.linnet.notes()
        self.soak.add(
            "a setting and back: the notes as before", f"{took_ms[0]:.0f} and {took_ms[1]:.0f} ms each way", "",
            "the same", again == notes,
        )  # fmt: skip
        return again

    def _set(self, name: str, value: float) -> float:
        """Until notes under the new setting are there; how long that took, ms."""
        before = self.linnet.timings().get("redecodedMs")
        since = time.monotonic()
        self.linnet.set_option(name, value)
        while self.linnet.timings().get("redecodedMs") == before:
            self.page.wait_for_timeout(20)
            if time.monotonic() - since > 120:
                raise TimeoutError(f"no notes came for {name} = {value}")
        return 1000 * (time.monotonic() - since)

    def _edit(self, notes: Notes) -> None:
        """Take a note away by hand, one that is in sight."""
        self.tasks.begin()
        count = len(notes["onsetS"])
        self.page.mouse.click(*self._spot(notes))
        self.page.keyboard.press("Delete")
        self.page.wait_for_timeout(SETTLE_MS)
        left = self._count()
        self._sample("an edit")
        self._tasks("while a note was deleted")
        self.soak.add("a note deleted by hand: left", str(left), "", str(count - 1), left == count - 1)

    def _spot(self, notes: Notes) -> tuple[float, float]:
        """The middle of the longest note that begins in the first half minute."""
        early = [i for i, onset_s in enumerate(notes["onsetS"]) if 2 < onset_s < 30]
        row = max(early, key=lambda i: notes["offsetS"][i] - notes["onsetS"][i])
        return self.linnet.place((notes["onsetS"][row] + notes["offsetS"][row]) / 2, notes["pitch"][row])

    def _look(self) -> None:
        """Zoom, from all notes in sight, then pan; the spectrum beneath."""
        self.tasks.begin()
        self.page.evaluate("linnetRoll.choose('transform')")
        self.page.evaluate("linnetRoll.key('f')")
        self.page.wait_for_timeout(SETTLE_MS)
        for move in ("zoom", "pan"):
            before = self.page.evaluate("linnet.place(60, 60)")
            found: dict[str, Any] = self.page.evaluate(f"linnetRoll.{move}({GESTURES})")
            has_moved = self.page.evaluate("linnet.place(60, 60)") != before
            p95 = percentile(found["scriptMs"], 95)
            self.soak.add(
                f"{move}, spectrum beneath: script a frame (p95)", f"{p95:.1f} ms", "",
                f"<= {MOST_SCRIPT_MS:g} ms, and it moves", has_moved and p95 <= MOST_SCRIPT_MS,
            )  # fmt: skip
        self.page.wait_for_timeout(SETTLE_MS)
        self._sample("pan, zoom")
        self._tasks("while panning and zooming")

    def _save(self, notes: Notes, folder: Path) -> None:
        self.tasks.begin()
        since = time.monotonic()
        path = self.linnet.save("mid", folder)
        took_s = time.monotonic() - since
        starts = sum(m.type == "note_on" and m.velocity > 0 for track in mido.MidiFile(path).tracks for m in track)
        self._sample("MIDI saved")
        self._tasks("while MIDI was saved")
        count = len(notes["onsetS"])
        self.soak.add(
            f"notes in the MIDI file, {path.stat().st_size / 1e3:.0f} kB in {took_s:.1f} s", str(starts), "",
            str(count), starts == count,
        )  # fmt: skip

    def _reload(self, notes: Notes) -> None:
        """The notes and the edit are still there, and settings act on them."""
        self.page.evaluate("linnet.saved()")
        self.tasks.begin()
        self.page.reload(wait_until="commit")
        since = time.monotonic()
        self.linnet.wait_for("done")
        took_s = time.monotonic() - since
        self.linnet.until_engine()
        self.page.wait_for_timeout(SETTLE_MS)
        self._sample("reloaded")
        self._tasks("while it was loaded again")
        self.soak.add(
            f"after a reload ({took_s:.1f} s): notes and edit", "", "", "the same", self.linnet.notes() == notes
        )
        self._set("sensitivity", 0.3)
        self._set("sensitivity", 0.5)
        self.page.wait_for_timeout(SETTLE_MS)
        self._sample("settings")
        are_same = self.linnet.notes() == notes
        self.soak.add("a setting and back after the reload", "", "", "the same", are_same)
