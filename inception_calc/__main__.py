"""The console script: quick start, and an exit code for everything that can happen."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Runs the command line and exits."""
    # A short life does not pay for a collection every few hundred objects, nor for a search for pydantic's plugins.
    gc.set_threshold(500_000)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal without UTF-8 shows what it can
    from inception_calc.cli import app

    app(prog_name="inception-calc")


if __name__ == "__main__":
    main()
