"""Where a sweep's answer goes: tables as of every command, long lists in pieces, never held as a whole."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from inception_calc.files.whole import make_folder, whole_file, write_files
from inception_calc.problems import InputError, Problem
from inception_calc.report import sweep
from inception_calc.report.output import FILE, Target, of_tables, write, write_texts
from inception_calc.report.output import SUFFIXES as SUFFIXES_OF_TABLES
from inception_calc.report.text import json_for_logs
from inception_calc.sweep.answer import Answer
from inception_calc.sweep.emit import spec_files

PARQUET = "parquet"
STREAMED: dict[str, Callable[[Answer], Iterable[str]]] = {
    "csv": sweep.csv_lines,
    "tsv": sweep.tsv_lines,
    "json": sweep.document,
    "jsonl": sweep.lines,
}
"""Formats that are written line by line."""
OWN_FORMATS = ("jsonl", PARQUET)
LISTS = (*STREAMED, PARQUET)
"""Formats for programs, which hold every network."""
SUFFIXES = {**SUFFIXES_OF_TABLES, ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": PARQUET}


def require_format(name: str) -> None:
    """Raises `MissingExtra` where a format needs what is not installed."""
    if name == PARQUET:
        from inception_calc.report.sweep_parquet import require_pyarrow

        require_pyarrow()


def write_answer(
    answer: Answer,
    format: str,  # noqa: A002 - the option's word
    targets: Sequence[Target],
    folders: Sequence[Path] = (),
) -> None:
    """Writes the answer to standard output, and to each target, every file whole or not at all; a spec for each
    network into every folder.
    """
    if format == PARQUET and sys.stdout.isatty():
        raise InputError(Problem("bad-usage", "Parquet is nothing for a terminal", None, "-o FILE.parquet"))
    tables = of_tables(lambda: [sweep.answer_table(answer)], lambda: "")
    for folder in folders:
        files = list(spec_files(answer, folder))
        make_folder(folder)
        for file in files:
            write_files([file])
    for target in targets:
        if target.format in LISTS:
            _write_list(answer, target.format, target.path)
    drawn = [target for target in targets if target.format not in LISTS]
    if format in LISTS:
        write_texts([(target.path, tables.text(target.format, FILE)) for target in drawn])
        _write_list(answer, format, "-")
        return
    write(tables, format, drawn)


def _write_list(answer: Answer, format: str, path: str) -> None:  # noqa: A002 - the option's word
    """Every network in a format for programs; `-` is standard output."""
    if path == "-" and format != PARQUET:
        for piece in STREAMED[format](answer):
            sys.stdout.write(json_for_logs(piece) if format == "json" else piece)
        sys.stdout.flush()
        return
    with whole_file(Path("/dev/stdout" if path == "-" else path)) as file:
        if format == PARQUET:
            from inception_calc.report.sweep_parquet import write_parquet

            write_parquet(answer, file)
            return
        for piece in STREAMED[format](answer):
            file.write(piece.encode("utf-8", "backslashreplace"))
