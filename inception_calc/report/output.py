"""Where text goes: formats by name, standard output or files, terminals, closed pipes."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from inception_calc.problems import InputError, Problem, listed, nearest
from inception_calc.report.screen import Screen, standard_output
from inception_calc.report.table import Table
from inception_calc.report.text import json_for_logs

FORMATS = {
    "plain": "inception_calc.report.plain",
    "markdown": "inception_calc.report.markdown",
    "csv": "inception_calc.report.csv",
    "tsv": "inception_calc.report.tsv",
    "latex": "inception_calc.report.latex",
    "html": "inception_calc.report.html",
}
"""Format -> the module whose `draw_all` draws tables. `auto`, `rich` and `json` are made apart."""

ALL_FORMATS = ("auto", "rich", *FORMATS, "json")
SUFFIXES = {
    ".txt": "plain",
    ".md": "markdown",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tex": "latex",
    ".html": "html",
    ".json": "json",
}

FILE = Screen()
"""What a file is: as wide as needed, in UTF-8, without colours."""


STANDARD_OUTPUT = ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")


class Target(NamedTuple):
    """A format and the file that it goes to; `-` is standard output."""

    format: str
    path: str


def read_format(name: str, own: tuple[str, ...] = ()) -> str:
    """A known format's name; `own` are formats that a command has besides."""
    known = (*ALL_FORMATS, *own)
    if name not in known:
        raise InputError(
            Problem(
                "unknown-format",
                f"there is no format '{name}'",
                None,
                nearest(name, known) or f"there are {listed(known)}",
            )
        )
    return name


def read_target(text: str, own: tuple[str, ...] = (), suffixes: Mapping[str, str] = SUFFIXES) -> Target:
    """`[FORMAT:]PATH`; without a format the suffix says it. `own` are formats that a command has besides."""
    name, colon, path = text.partition(":")
    if colon and name in (*ALL_FORMATS, *own):
        if not path:
            raise InputError(Problem("no-path", f"'{text}' names no file", None, f"write {name}:FILE"))
        return Target(name, "-" if path in STANDARD_OUTPUT else path)
    found = suffixes.get(Path(text).suffix.lower())
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


def check_targets(paths: Iterable[str]) -> None:
    """Raises `InputError` where two outputs would be one file; `-` and an empty text are none."""
    named = [path for path in paths if path not in ("", "-")]
    if named:
        from inception_calc.files.whole import check_distinct

        check_distinct(named)


class Drawing(NamedTuple):
    """What can be written: format -> the text for a screen, made when it is asked for."""

    texts: Mapping[str, Callable[[Screen], str]]

    def text(self, format: str, screen: Screen = FILE) -> str:  # noqa: A002 - the option's word
        """The drawing in a format, for a screen."""
        if format == "auto":
            format = "rich" if screen.is_rich else "plain"  # noqa: A001
        return self.texts[format](screen)


def of_tables(
    tables: Callable[[], list[Table]],
    document: Callable[[], str],
    own: Mapping[str, Callable[[Screen], str]] | None = None,
) -> Drawing:
    """A drawing of tables for people and spreadsheets, and of a document for programs; `own` are the formats that it
    makes in its own way.
    """

    def text(format: str, screen: Screen) -> str:  # noqa: A002 - the option's word
        found = tables() if screen.unicode else [table.spelled(screen.spell) for table in tables()]
        if format == "rich":
            from inception_calc.report.rich_table import draw_on

            return draw_on(screen, found)
        drawn: str = import_module(FORMATS[format]).draw_all(found)
        return drawn

    common = {name: partial(text, name) for name in ("rich", *FORMATS)}
    return Drawing({**common, **(own or {}), "json": lambda _: document()})


def write(drawing: Drawing, format: str, targets: list[Target]) -> None:  # noqa: A002 - the option's word
    """Writes the drawing to standard output in `format`, and to each target; nothing where one cannot be drawn."""
    screen = standard_output()

    def drawn(kind: str, on: Screen) -> str:
        text = drawing.text(kind, on)
        return json_for_logs(text) if kind == "json" else text

    files = [(target.path, drawn(target.format, screen if target.path == "-" else FILE)) for target in targets]
    shown = drawn(format, screen)
    write_texts([(path, text) for path, text in files if path != "-"])
    for text in (*(text for path, text in files if path == "-"), shown):
        write_out(text)


def write_texts(texts: Sequence[tuple[str, str]]) -> None:
    """Writes files, each a path and a text, all or none; raises `InputError` where that cannot be done."""
    if texts:
        from inception_calc.files.whole import write_files

        write_files((Path(path), text.encode("utf-8", "backslashreplace")) for path, text in texts)


def write_out(text: str) -> None:
    """Writes to standard output at once, so that a full disk or a closed pipe is met here (`files.streams`)."""
    sys.stdout.write(text)
    sys.stdout.flush()
