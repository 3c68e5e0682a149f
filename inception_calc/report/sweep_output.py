"""Where a sweep's answer goes: tables as of every command, long lists in pieces, never held as a whole."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from inception_calc.report import sweep
from inception_calc.report.output import FILE, Target, of_tables, write, write_texts
from inception_calc.report.output import SUFFIXES as SUFFIXES_OF_TABLES
from inception_calc.report.text import json_for_logs
from inception_calc.sweep.answer import Answer

STREAMED: dict[str, Callable[[Answer], Iterable[str]]] = {
    "csv": sweep.csv_lines,
    "tsv": sweep.tsv_lines,
    "json": sweep.document,
    "jsonl": sweep.lines,
}
"""Formats that are written line by line."""
OWN_FORMATS = ("jsonl",)
SUFFIXES = {**SUFFIXES_OF_TABLES, ".jsonl": "jsonl", ".ndjson": "jsonl"}


def write_answer(answer: Answer, format: str, targets: Iterable[Target]) -> None:  # noqa: A002 - the option's word
    """Writes the answer to standard output, and to each target, every file whole or not at all."""
    tables = of_tables(lambda: [sweep.answer_table(answer)], lambda: "")
    drawn = [target for target in targets if target.format not in STREAMED]
    for target in targets:
        if target.format in STREAMED and target.path != "-":
            _write_file(Path(target.path), STREAMED[target.format](answer))
        elif target.format in STREAMED:
            _write_out(STREAMED[target.format](answer))
    if format in STREAMED:
        _write_out(STREAMED[format](answer))
        write_texts([(target.path, tables.text(target.format, FILE)) for target in drawn])
        return
    write(tables, format, drawn)


def _write_file(path: Path, pieces: Iterable[str]) -> None:
    from inception_calc.files.whole import whole_file

    with whole_file(path) as file:
        for piece in pieces:
            file.write(piece.encode("utf-8", "backslashreplace"))


def _write_out(pieces: Iterable[str]) -> None:
    for piece in pieces:
        sys.stdout.write(json_for_logs(piece))
    sys.stdout.flush()
