"""The errors Linnet raises on purpose: one root, one stable code per class.

A message names the thing that was wrong, its value and the cure. Hosts map `code` to their own
surface: the terminal prints the message and exits with `exit_status`, the browser worker replies
`failed` with all that the error holds. What a person can meet on the page has a `reason` as well, for
which the page has a sentence in its own words and in the reader's language (web/page/refusals.js).
"""

from __future__ import annotations


class LinnetError(Exception):
    """Root of every error that Linnet raises on purpose.

    `reason` is a stable word for what happened, "" where the message is all there is; `values` are what a sentence
    about it tells, by name.
    """

    code = "error"
    exit_status = 1

    def __init__(self, message: str = "", *, reason: str = "", **values: str | float) -> None:
        super().__init__(message)
        self.reason = reason
        self.values = values


class BadOption(LinnetError, ValueError):
    """An option or argument has a value outside what its schema allows."""

    code = "bad-option"
    exit_status = 2


class BadAudio(LinnetError, ValueError):
    """The audio is empty, broken, not finite, or in a form that cannot be read."""

    code = "bad-audio"
    exit_status = 3


class BadModel(LinnetError, ValueError):
    """The model's manifest and its files, or the planes it returned, do not fit together."""

    code = "bad-model"
    exit_status = 4


class BadProject(LinnetError, ValueError):
    """A kept project is broken, or was made with a model that this one cannot take over from."""

    code = "bad-project"
    exit_status = 7


class OutputFailed(LinnetError, OSError):
    """A result could not be written (full disk, no permission, read-only folder)."""

    code = "output-failed"
    exit_status = 5


class MissingPart(LinnetError, ImportError):
    """An optional part (an extra, a system library) is needed for this and is not installed."""

    code = "missing-part"
    exit_status = 6
