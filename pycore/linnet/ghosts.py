"""Ghosts: candidates that were weighed and found too light, to be shown beside the notes and adopted by hand."""

from __future__ import annotations

import numpy as np

from linnet.notes import NoteTable

GHOST_LOGITS = 1.2  # how far below the present bar a candidate is still worth showing
SAME_NOTE = 0.3  # of the shorter note: candidates that share more with a note of their pitch are that note


def without(candidates: NoteTable, notes: NoteTable) -> NoteTable:
    """The candidates that are none of the notes: those of the same pitch share less than `SAME_NOTE` of the shorter."""
    is_own = np.ones(len(candidates), np.bool_)
    for pitch in set(candidates.pitch.tolist()):
        rows, others = np.flatnonzero(candidates.pitch == pitch), np.flatnonzero(notes.pitch == pitch)
        if not len(others):
            continue
        onset_s, offset_s = notes.onset_s[others], notes.offset_s[others]
        # notes of one pitch do not overlap: only those between these two can share anything with the candidate
        first = np.searchsorted(offset_s, candidates.onset_s[rows], "right")
        last = np.searchsorted(onset_s, candidates.offset_s[rows], "left")
        for row, low, high in zip(rows.tolist(), first.tolist(), last.tolist(), strict=True):
            start_s, stop_s = candidates.onset_s[row], candidates.offset_s[row]
            shared_s = np.minimum(offset_s[low:high], stop_s) - np.maximum(onset_s[low:high], start_s)
            shorter_s = np.minimum(offset_s[low:high] - onset_s[low:high], stop_s - start_s)
            is_own[row] = not (shared_s > SAME_NOTE * shorter_s).any()
    return candidates.rows(np.flatnonzero(is_own))
