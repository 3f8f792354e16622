"""Stands in for Python's own `_colorize` at start: tracebacks in a browser have no colours.

The whole module costs a twentieth of the engine's start, mostly in making dataclasses. It is there as
`_colorize_whole` for whoever asks for more.
"""


class _Plain(str):
    """Every theme, every part of it and every colour: nothing."""

    __slots__ = ()

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self


_PLAIN = _Plain()


def can_colorize(*, file=None):
    return False


def get_theme(*, tty_file=None, force_color=False, force_no_color=False):
    return _PLAIN


def __getattr__(name):
    import _colorize_whole

    return getattr(_colorize_whole, name)
