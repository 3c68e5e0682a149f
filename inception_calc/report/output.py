"""Where text goes: formats by name, standard output or files, terminals, closed pipes."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from inception_calc.problems import InputError, Problem, listed, nearest
from inception_calc.report.table import Table

FORMATS = {
    "plain": "inception_calc.report.plain",
    "markdown": "inception_calc.report.markdown",
    "csv": "inception_calc.report.csv",
}
"""Format -> the module whose `draw_all` draws tables. `auto`, `rich` and `json` are made apart."""

ALL_FORMATS = ("auto", "rich", "plain", "markdown", "csv", "json")
SUFFIXES = {".md": "markdown", ".csv": "csv", ".json": "json", ".txt": "plain"}


class Target(NamedTuple):
    """A format and the file that it goes to; `-` is standard output."""

    format: str
    path: str


def read_format(name: str) -> str:
    """A known format's name."""
    if name not in ALL_FORMATS:
        raise InputError(
            Problem(
                "unknown-format",
                f"there is no format '{name}'",
                None,
                nearest(name, ALL_FORMATS) or f"there are {listed(ALL_FORMATS)}",
            )
        )
    return name


def read_target(text: str) -> Target:
    """`[FORMAT:]PATH`; without a format the suffix says it."""
    name, colon, path = text.partition(":")
    if colon and name in ALL_FORMATS:
        if not path:
            raise InputError(Problem("no-path", f"'{text}' names no file", None, f"write {name}:FILE"))
        return Target(name, path)
    found = SUFFIXES.get(Path(text).suffix.lower())
    if found is None:
        raise InputError(
            Problem(
                "unknown-format",
                f"the suffix of '{text}' names no format",
                None,
                f"write FORMAT:PATH, such as markdown:{text}",
            )
        )
    return Target(found, text)


def is_terminal() -> bool:
    """Whether standard output is a terminal that can show more than lines of text."""
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM", "") != "dumb"


class Drawing(NamedTuple):
    """What can be drawn: tables for people and spreadsheets, a document for programs. Each is made when asked for."""

    tables: Callable[[], list[Table]]
    document: Callable[[], str]

    def text(self, format: str) -> str:  # noqa: A002 - the option's word
        """The drawing in a format that is not `rich` on a terminal."""
        if format == "json":
            return self.document()
        if format == "auto":
            format = "plain"  # noqa: A001
        if format == "rich":
            return self._rich_text()
        from importlib import import_module

        text: str = import_module(FORMATS[format]).draw_all(self.tables())
        return text

    def _rich_text(self) -> str:
        from rich.console import Console

        from inception_calc.report.rich_table import draw_on

        console = Console(force_terminal=not os.environ.get("NO_COLOR"), width=10_000 if not _columns() else None)
        with console.capture() as capture:
            draw_on(console, self.tables())
        return "\n".join(line.rstrip() for line in capture.get().split("\n"))


def _columns() -> bool:
    return sys.stdout.isatty() or bool(os.environ.get("COLUMNS"))


def write(drawing: Drawing, format: str, targets: list[Target]) -> None:  # noqa: A002 - the option's word
    """Writes the drawing to standard output in `format`, and to each target."""
    files = [(target, drawing.text("plain" if target.format == "auto" else target.format)) for target in targets]
    if format == "auto":
        format = "rich" if is_terminal() else "plain"  # noqa: A001
    shown = drawing.text(format)
    for target, text in files:
        if target.path == "-":
            sys.stdout.write(text)
            continue
        try:
            Path(target.path).write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise InputError(
                Problem(
                    "unwritable",
                    f"cannot write '{target.path}': {error.strerror or error}",
                    None,
                    "choose another file",
                )
            ) from None
    sys.stdout.write(shown)
    sys.stdout.flush()
