"""Firefox over WebDriver BiDi: just enough of the protocol to open a page, run scripts and choose files."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

START_S = 60.0
CALL_S = 180.0
PREFERENCES = {
    "app.update.disabledForTesting": True,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.enabled": False,
    "browser.safebrowsing.update.enabled": False,
}


class Firefox:
    """One tab. `console` holds what the page logged."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self.console: list[str] = []
        self.call("session.new", capabilities={})
        self.call("session.subscribe", events=["log.entryAdded"])
        self.context = self.call("browsingContext.getTree")["contexts"][0]["context"]

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv(timeout=CALL_S))
            if message.get("method") == "log.entryAdded":
                self.console.append(f"{message['params']['level']}: {message['params']['text']}")
            if message.get("id") == number:
                assert message["type"] == "success", f"{method}: {message}"
                result: dict[str, Any] = message["result"]
                return result

    def go(self, url: str) -> None:
        self.call("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def evaluate(self, script: str) -> Any:
        """The value of an expression (awaited), through JSON."""
        expression = f"Promise.resolve({script}).then((value) => JSON.stringify(value ?? null))"
        answer = self.call(
            "script.evaluate", expression=expression, target={"context": self.context}, awaitPromise=True
        )
        assert answer["type"] == "success", answer.get("exceptionDetails")
        return json.loads(answer["result"]["value"])

    def choose(self, selector: str, path: Path) -> None:
        found = self.call(
            "browsingContext.locateNodes", context=self.context, locator={"type": "css", "value": selector}
        )
        element = {"sharedId": found["nodes"][0]["sharedId"]}
        self.call("input.setFiles", context=self.context, element=element, files=[str(path)])

    def wait_for(self, *stages: str, seconds: float = CALL_S) -> str:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            stage: str = self.evaluate("document.documentElement.dataset.linnet")
            if stage in (*stages, "failed"):
                assert stage in stages, self.evaluate("document.getElementById('alarm-text').textContent")
                return stage
            time.sleep(0.2)
        raise TimeoutError(f"the page did not become {stages} in {seconds:.0f} s; console: {self.console[-5:]}")


# A microphone with a tone in it, a loudspeaker that needs no sound card (without one the audio clock stands still), and
# leave to use both.
SOUND = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    "media.cubeb.force_mock_context": True,
}


@contextmanager
def firefox(more_preferences: Mapping[str, bool | int] | None = None) -> Iterator[Firefox]:
    """A headless Firefox with a profile of its own."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    assert program, "firefox was not found on PATH; install it (apt-get install firefox-esr)"
    preferences = {**PREFERENCES, **(more_preferences or {})}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in preferences.items()]
        (Path(profile) / "user.js").write_text("\n".join(lines))
        command = [program, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        try:
            with connect(f"{_address(process)}/session", max_size=None, open_timeout=START_S) as socket:
                yield Firefox(socket)
        finally:
            process.terminate()
            process.communicate(timeout=20)


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stderr
    for line in process.stderr:
        found = re.search(r"WebDriver BiDi listening on (ws://\S+)", line)
        if found:
            return found.group(1)
    raise RuntimeError("firefox ended before it listened for WebDriver BiDi")
