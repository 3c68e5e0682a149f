"""What stands behind standard output: a terminal or not, how wide, with colours or not, in which encoding."""

import os
import sys
from typing import NamedTuple

FALLBACK_WIDTH = 80


class Screen(NamedTuple):
    """Where drawings go, as far as they must know it."""

    is_rich: bool = False
    """It shows bars, colours and boxes; `auto` draws them here and nowhere else."""
    colour: bool = False
    width: int | None = None
    """Characters in a line; None where a line may be as long as it needs."""
    encoding: str = "utf-8"

    @property
    def line(self) -> int | None:
        """Characters that a line of prose may have; None for files and pipes, which nobody folds."""
        return self.width if self.is_rich else None

    @property
    def unicode(self) -> bool:
        """Whether it shows more than ASCII, so that lines and bars may be drawn."""
        return self.encoding.lower().startswith("utf")

    def spell(self, text: str) -> str:
        """`text` with the characters that the encoding lacks written out, one by one."""
        if self.unicode or text.isascii():
            return text
        return text.encode(self.encoding, "backslashreplace").decode(self.encoding)


def standard_output() -> Screen:
    """The screen behind standard output.

    FORCE_COLOR makes a pipe a terminal, NO_COLOR takes the colours away from either (it wins), TERM=dumb asks
    for plain text, COLUMNS overrides the width (force-color.org, no-color.org, POSIX).
    """
    terminal = sys.stdout.isatty()
    forced = bool(os.environ.get("FORCE_COLOR"))
    is_rich = forced or (terminal and os.environ.get("TERM", "") not in ("dumb", "unknown"))
    return Screen(
        is_rich,
        is_rich and not os.environ.get("NO_COLOR"),
        _columns() or (_terminal_width() if terminal else None),
        "ascii" if terminal and _is_c_locale() else sys.stdout.encoding or "utf-8",
    )


def _columns() -> int | None:
    text = os.environ.get("COLUMNS", "")
    return int(text) or None if text.isascii() and text.isdigit() and len(text) < 7 else None


def _terminal_width() -> int:
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or FALLBACK_WIDTH
    except (OSError, ValueError):
        return FALLBACK_WIDTH


def _is_c_locale() -> bool:
    """Whether the user asks for the C locale. Python would write UTF-8 even so; a pipe gets it, a terminal does not."""
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    return next(filter(None, named), "") in ("C", "POSIX") and "PYTHONIOENCODING" not in os.environ
