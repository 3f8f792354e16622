"""Stands in for mido's own, which asks `packaging` and the installed metadata for what the build knows."""

__version__ = "1.3.3"
version_info = (1, 3, 3)
