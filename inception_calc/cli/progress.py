"""Progress on standard error, on a terminal only: a pipe gets none."""

from __future__ import annotations

import sys

from inception_calc.report.text import visible

CLEAR = "\r\x1b[K"


class Progress:
    """One line that is overwritten, and gone at the end."""

    def __init__(self) -> None:
        self.shown = sys.stderr.isatty()

    def __call__(self, what: str, number: int = 0, of: int = 0) -> None:
        """Says what is being done."""
        if self.shown:
            count = f" {number} of {of}" if of else ""
            sys.stderr.write(f"{CLEAR}{visible(what)[:60]}{count}")
            sys.stderr.flush()

    def done(self) -> None:
        """Takes the line away."""
        if self.shown:
            sys.stderr.write(CLEAR)
            sys.stderr.flush()
