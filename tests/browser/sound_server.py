"""A sound server of our own, PulseAudio, as on a desktop: a file played over and over, and a microphone that hears it.

What is plugged into it can be unplugged.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import soundfile

RATE_HZ = 48000
PIECE_FRAMES = RATE_HZ // 10
PATIENCE_S = 15.0
SET_UP = """\
load-module module-native-protocol-unix socket={socket} auth-anonymous=1
load-module module-null-sink sink_name=room rate={rate} channels=1
load-module module-remap-source master=room.monitor source_name=microphone
load-module module-null-sink sink_name=speakers rate={rate} channels=2 sink_properties=device.description=Speakers
set-default-sink speakers
set-default-source microphone
"""


@dataclass(frozen=True)
class SoundServer:
    """`environment` is for the programs that are to hear it."""

    environment: Mapping[str, str]

    def say(self, *words: str) -> None:
        """A command of pactl's."""
        subprocess.run(["pactl", *words], env=self.environment, check=True)

    def unplug(self) -> None:
        """The microphone is gone; whoever heard it hears another input from now on, where there is silence."""
        self.say("unload-module", "module-remap-source")

    def end(self) -> None:
        """Every input is gone, and the server with them."""
        self.say("exit")


@contextmanager
def sound_server(sound: Path) -> Iterator[SoundServer]:
    """Where the microphone hears a file of one channel at 48 kHz, over and over without a pause."""
    for program in ("pulseaudio", "pactl", "pacat"):
        assert shutil.which(program), f"{program} was not found; install pulseaudio and pulseaudio-utils"
    with TemporaryDirectory(prefix="linnet-sound-") as folder, ExitStack() as ends:
        socket, script = Path(folder) / "native", Path(folder) / "set-up.pa"
        script.write_text(SET_UP.format(socket=socket, rate=RATE_HZ))
        own = {"HOME": folder, "XDG_RUNTIME_DIR": folder, "PULSE_SERVER": f"unix:{socket}"}
        server = SoundServer({**os.environ, **own})
        command = [
            "pulseaudio", "-n", "-F", str(script), "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
            "--realtime=no", "--high-priority=yes", "--log-target=null",
        ]  # fmt: skip
        _begin(ends, command, server.environment)
        _until_it_answers(server)
        how = ["--device=room", "--raw", "--format=float32le", f"--rate={RATE_HZ}", "--channels=1"]
        player = _begin(ends, ["pacat", "--playback", *how], server.environment)
        playing = threading.Thread(target=_play, args=(player, sound))
        playing.start()
        try:
            yield server
        finally:
            player.kill()
            playing.join()


def _begin(ends: ExitStack, command: list[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    pipes = {"stdin": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    started = ends.enter_context(subprocess.Popen(command, env=environment, bufsize=0, **pipes))
    ends.callback(started.kill)
    return started


def _until_it_answers(server: SoundServer) -> None:
    end = time.monotonic() + PATIENCE_S
    ask = ["pactl", "list", "short", "sources"]
    while b"microphone" not in subprocess.run(ask, env=server.environment, capture_output=True).stdout:
        assert time.monotonic() < end, f"PulseAudio did not answer within {PATIENCE_S:g} s"
        time.sleep(0.1)


def _play(player: subprocess.Popen[bytes], sound: Path) -> None:
    """The player takes no more than it has room for, so this goes at the pace of the sound."""
    samples, _ = soundfile.read(sound, dtype="float32")
    pieces = [samples[at : at + PIECE_FRAMES].tobytes() for at in range(0, len(samples), PIECE_FRAMES)]
    try:
        while player.stdin:
            for piece in pieces:
                player.stdin.write(piece)
    except BrokenPipeError:  # it was ended
        return
