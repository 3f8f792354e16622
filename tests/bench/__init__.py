"""`make bench`: what Linnet costs and how well it hears, beside Basic Pitch and stock Pyodide, in one run.

A side is a process (or a page) that does one program's work. The sides of a comparison take turns (A B A B), so that
whatever else the machine does falls on both; figures are medians, and what to compare are ratios. Parts may be run
alone: `python -m tests.bench native-speed bytes`.
"""
