"""The page under Playwright: what a test does on it and what it hears from it."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
FAKE_MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
BOOT_S = 90.0
RUN_S = 180.0
# Chromium has two sets of audio decoders and lets chance or the build choose; they differ in how they round and in what
# they make of a file that is cut off.
DECODERS = "SymphoniaAudioDecoding,SymphoniaMp3Decoding,SymphoniaPcmDecoding,SymphoniaVorbisDecoding"
# A pop-up for each window's address bar costs a process and a sixth of a page's start, though nobody can see the bar;
# the others Playwright switches off, and only the last list counts.
DISABLED = (
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup",
    "HttpsUpgrades", "MediaRouter", "OptimizationHints", "PaintHolding",
)  # fmt: skip
HARMLESS = ("Unsupported audio codec",)  # mediabunny says so before the page says it better


def launch(
    playwright: Playwright,
    *more_flags: str,
    old_decoders: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Browser:
    program = shutil.which("chromium")
    assert program, "chromium was not found on PATH; install it (apt-get install chromium)"
    disabled = ",".join((*DISABLED, DECODERS) if old_decoders else DISABLED)
    enabled = [] if old_decoders else [f"--enable-features={DECODERS}"]
    return playwright.chromium.launch(
        executable_path=program,
        args=[*FLAGS, *more_flags, f"--disable-features={disabled}", *enabled],
        env=dict(environment) if environment else None,
    )


class LinnetPage:
    """One tab on the site; `complaints` holds every console error, page error and CSP violation."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))

    def _hear(self, message: ConsoleMessage) -> None:
        loud = message.type in ("error", "warning") or "Content Security Policy" in message.text
        if loud and not message.text.startswith(HARMLESS):
            self.complaints.append(f"{message.type}: {message.text}")

    def open(self, url: str) -> LinnetPage:
        self.page.goto(url, wait_until="commit")
        self.wait_for("ready", "done", seconds=BOOT_S)  # done: what was kept is back before the engine runs
        self.until_engine()
        return self

    def until_engine(self) -> None:
        self.page.wait_for_selector("html[data-engine=ready]", state="attached", timeout=1000 * BOOT_S)

    def until_offline(self) -> None:
        """Until the page would open without a network."""
        self.page.wait_for_selector("html[data-offline=ready]", state="attached", timeout=1000 * BOOT_S)

    def wait_for(self, *stages: str, seconds: float = RUN_S) -> str:
        """Until the page is in one of the stages; which one."""
        choice = ", ".join(f"html[data-linnet={stage}]" for stage in (*stages, "failed"))
        self.page.wait_for_selector(choice, state="attached", timeout=1000 * seconds)
        stage = self.page.get_attribute("html", "data-linnet")
        assert stage in stages, f"the page is {stage}: {self.page.inner_text('#alarm-text')}"
        return stage

    def until(self, script: str, is_wanted: Callable[[Any], bool], seconds: float = 30.0) -> Any:
        """What a script finds, once it is as wanted."""
        end = time.monotonic() + seconds
        while not is_wanted(found := self.page.evaluate(script)):
            assert time.monotonic() < end, f"{script} stayed {found}"
            self.page.wait_for_timeout(50)
        return found

    def choose(self, file: Path | dict[str, Any]) -> None:
        self.page.set_input_files("#file-input", file)  # type: ignore[arg-type]

    def transcribe(self, file: Path | dict[str, Any]) -> dict[str, list[float]]:
        # with the notes of the last visit the page is done already; it says so anew for these
        self.page.evaluate("() => { document.documentElement.dataset.linnet = 'asked'; }")
        self.choose(file)
        self.wait_for("done")
        return self.notes()

    def notes(self) -> dict[str, list[float]]:
        found: dict[str, list[float]] = self.page.evaluate("linnet.notes()")
        return found

    def timings(self) -> dict[str, float]:
        found: dict[str, float] = self.page.evaluate("linnet.timings()")
        return found

    def alarm(self) -> str:
        self.page.wait_for_selector("#alarm:not([hidden])", timeout=30_000)
        return self.page.inner_text("#alarm-text")

    def place(self, time_s: float, pitch: float) -> tuple[float, float]:
        """Where a time and a pitch lie on the screen, for a mouse or a finger."""
        spot = self.page.evaluate("([time, pitch]) => linnet.place(time, pitch)", [time_s, pitch])
        box = self.page.locator("#roll").bounding_box()
        assert box, "the roll is not to be seen"
        return box["x"] + spot["x"], box["y"] + spot["y"]

    def set_option(self, name: str, value: float) -> None:
        """Move a slider as a hand would: value, then the events."""
        script = "(input, value) => { input.value = value; input.dispatchEvent(new Event('input', {bubbles: true})); }"
        self.page.eval_on_selector(f"#option-{name}", script, str(value))

    def decoded_again(self, sensitivity: float) -> dict[str, list[float]]:
        """The notes under another sensitivity."""
        script = "linnet.timings().redecodedMs ?? 0"
        before = self.page.evaluate(script)
        self.set_option("sensitivity", sensitivity)
        self.until(script, lambda found: found != before)
        return self.notes()

    def save(self, kind: str, folder: Path) -> Path:
        with self.page.expect_download(timeout=60_000) as download:
            self.page.click(f"#save-{kind}")
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path


def longest_task_ms(trace: bytes) -> float:
    """The longest task of the window's main thread, in its own processor time: waiting for a busy core not counted."""
    events = json.loads(trace)["traceEvents"]
    mains = {
        (e["pid"], e["tid"])
        for e in events
        if e["name"] == "thread_name" and e["args"]["name"] == "CrRendererMain"
    }  # fmt: skip
    tasks = [e for e in events if e["ph"] == "X" and (e["pid"], e["tid"]) in mains and "tdur" in e]
    assert len(tasks) > 100
    return max(task["tdur"] for task in tasks) / 1000


def profile(browser: Browser, works_offline: bool = False, **options: Any) -> BrowserContext:
    """A profile of its own. What must work offline says so: without a service worker a page starts with half the work,
    and asks the server for everything, so that a test can hold it back.
    """
    context = browser.new_context(**options)
    if not works_offline:
        context.add_init_script("delete Navigator.prototype.serviceWorker")
    return context


@contextmanager
def fresh(browser: Browser, works_offline: bool = False, **options: Any) -> Iterator[LinnetPage]:
    """A tab with a profile of its own."""
    context = profile(browser, works_offline, **options)
    try:
        yield LinnetPage(context.new_page())
    finally:
        context.close()


@contextmanager
def emptied(context: BrowserContext, url: str) -> Iterator[LinnetPage]:
    """A tab in a profile that is used again: what was kept is forgotten, what was fetched is not."""
    tab = context.new_page()
    kept = "file_systems,indexeddb,local_storage,storage_buckets"
    try:
        session = context.new_cdp_session(tab)
        session.send("Storage.clearDataForOrigin", {"origin": url.rstrip("/"), "storageTypes": kept})
        session.detach()
        yield LinnetPage(tab)
    finally:
        for each in context.pages:
            each.close()
