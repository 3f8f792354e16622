"""Soaks: the page at work for as long as people work, with its memory watched. `python -m tests.bench.soak`."""
