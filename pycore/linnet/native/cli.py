"""What the command `linnet` runs: starts in any installation and names the extra where parts are missing."""

from __future__ import annotations

import io
import sys

from linnet.errors import MissingPart
from linnet.native.parts import EXTRA


def main() -> None:
    """Run the command line; without the extra say so and exit with MissingPart's status."""
    try:
        from linnet.native.commands import app
    except ImportError as error:
        print(f"linnet: the command line needs parts that are not here ({error}); run: {EXTRA}", file=sys.stderr)
        raise SystemExit(MissingPart.exit_status) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    if sys.platform != "win32" and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="surrogateescape")  # file names are bytes, of any encoding
    app()


if __name__ == "__main__":
    main()
