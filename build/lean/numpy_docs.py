"""Docstrings of numpy's compiled functions: nobody reads them in the page."""
