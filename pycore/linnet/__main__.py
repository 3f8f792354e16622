"""`python -m linnet` is the terminal's `linnet`."""

from linnet.native.cli import main

main()
