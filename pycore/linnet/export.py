"""NoteTable as text: CSV for spreadsheets, JSON for programs. UTF-8, lines end in a single \\n.

Times are seconds from the start of the recording, with four decimals (a tenth of a millisecond; the grid's
frame is 11.6 ms); confidence 0-1 has three; bends are cents with one, each holding from its time on.

CSV, one note a line after the heading::

    onset_s,offset_s,pitch,velocity,confidence,bends
    0.5000,1.2500,69,80,0.930,0.5000:-4.0 0.7100:+12.5

`bends` is a list of `time_s:cents` with a space between, empty where the note is steady.

JSON (`linnet-notes/1`)::

    {
     "format": "linnet-notes/1",
     ...                                  the keys of `meta`: what the host knows (file, duration_s, model, options)
     "notes": [
      {"onset_s": 0.5, "offset_s": 1.25, "pitch": 69, "velocity": 80, "confidence": 0.93,
       "bends": [[0.5, -4.0], [0.71, 12.5]]}
     ]
    }

npz (`linnet-planes/1`), for `numpy.load`: onset, note, velocity, cents [shape=(frames, pitches), uint8] and 0-d arrays
format, frames_per_s, lowest_pitch, logit_zero, logits_per_step, cents_zero, cents_per_step. A value v of onset, note
and velocity is the logit (v - logit_zero) * logits_per_step, 0 where it is too faint to matter; one of cents is
(v - cents_zero) * cents_per_step off the pitch, 0 where there is none. Row i lies at i / frames_per_s seconds.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from linnet.contour import CENTS_STEP, CENTS_ZERO
from linnet.errors import BadOption
from linnet.manifest import Manifest
from linnet.notes import Note, NoteTable
from linnet.planes import PlaneBlock

NOTES_FORMAT = "linnet-notes/1"
PLANES_FORMAT = "linnet-planes/1"
CSV_COLUMNS = ("onset_s", "offset_s", "pitch", "velocity", "confidence", "bends")


def csv_text(notes: NoteTable) -> str:
    """The notes as CSV (see the module's heading)."""
    lines = [",".join(CSV_COLUMNS)]
    for note in notes:
        bends = " ".join(f"{time:.4f}:{cents:+.1f}" for time, cents in zip(note.bend_s, note.bend_cents, strict=True))
        lines.append(
            f"{note.onset_s:.4f},{_offset(note):.4f},{note.pitch},{note.velocity},{note.confidence:.3f},{bends}"
        )
    return "\n".join(lines) + "\n"


def json_text(notes: NoteTable, meta: Mapping[str, Any] | None = None) -> str:
    """The notes as JSON, one note a line; `meta` goes in front of them (see the module's heading).

    Values of `meta` must be what JSON knows; `format` and `notes` are taken.
    """
    head: dict[str, Any] = {"format": NOTES_FORMAT}
    for key, value in (meta or {}).items():
        if key in ("format", "notes"):
            raise BadOption(f"meta has the key {key!r}, which the format itself needs; choose another name")
        head[key] = value
    front = json.dumps(head, indent=1, ensure_ascii=False, allow_nan=False).removesuffix("\n}")
    rows = ",".join("\n  " + json.dumps(_row(note), allow_nan=False) for note in notes)
    return f'{front},\n "notes": [{rows}\n ]\n}}\n'


def npz_bytes(planes: PlaneBlock, manifest: Manifest) -> bytes:
    """The planes as a compressed npz file (see the module's heading)."""
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        format=np.array(PLANES_FORMAT),
        onset=planes.onset,
        note=planes.note,
        velocity=planes.velocity,
        cents=planes.cents,
        frames_per_s=np.array(manifest.grid.frames_per_s),
        lowest_pitch=np.array(manifest.grid.lowest_pitch),
        logit_zero=np.array(manifest.planes.logit_zero),
        logits_per_step=np.array(1.0 / manifest.planes.logit_steps),
        cents_zero=np.array(CENTS_ZERO),
        cents_per_step=np.array(CENTS_STEP),
    )
    return buffer.getvalue()


def _row(note: Note) -> dict[str, Any]:
    return {
        "onset_s": round(note.onset_s, 4),
        "offset_s": _offset(note),
        "pitch": note.pitch,
        "velocity": note.velocity,
        "confidence": round(note.confidence, 3),
        "bends": [[round(time, 4), round(cents, 1)] for time, cents in zip(note.bend_s, note.bend_cents, strict=True)],
    }


def _offset(note: Note) -> float:
    """The rounded end, never on or before the rounded onset."""
    return max(round(note.offset_s, 4), round(round(note.onset_s, 4) + 1e-4, 4))
