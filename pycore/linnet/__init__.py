"""Linnet: audio to MIDI, in the browser and natively.

The core takes arrays and returns arrays. `linnet.transcribe` is the native host's one-call door and loads
onnxruntime only when it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linnet.engine import Engine, Kit
from linnet.errors import BadAudio, BadModel, BadOption, BadProject, LinnetError, MissingPart, OutputFailed
from linnet.grid import Grid
from linnet.manifest import Manifest
from linnet.notes import Note, NoteTable
from linnet.options import ArrangeOptions, DecodeOptions, MidiOptions

if TYPE_CHECKING:
    from linnet.native.transcribe import Transcriber, Transcription, transcribe

__version__ = "0.1.0"
__all__ = [
    "ArrangeOptions", "BadAudio", "BadModel", "BadOption", "BadProject", "DecodeOptions", "Engine", "Grid", "Kit",
    "LinnetError", "Manifest", "MidiOptions", "MissingPart", "Note", "NoteTable", "OutputFailed", "Transcriber",
    "Transcription", "transcribe",
]  # fmt: skip


def __getattr__(name: str) -> Any:  # Any: the module's own lazily loaded members
    if name in ("transcribe", "Transcriber", "Transcription"):
        from linnet.native import transcribe as module

        return getattr(module, name)
    raise AttributeError(f"module 'linnet' has no attribute {name!r}")
