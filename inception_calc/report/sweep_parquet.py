"""Parquet: row groups of the networks that were found, integers exact, the question and the convention as metadata."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO

from inception_calc.problems import MissingExtra, Problem
from inception_calc.report.sweep import head_record, space_record
from inception_calc.sweep.answer import Answer
from inception_calc.sweep.axes import Axis
from inception_calc.sweep.points import Point

ROWS = 65_536
"""Networks of a row group."""
MOST_OF_INT64 = 2**63 - 1


def require_pyarrow() -> Any:
    """pyarrow, or `MissingExtra`."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        what = "Parquet needs pyarrow, which is not installed"
        raise MissingExtra(Problem("missing-extra", what, None, "pip install 'inception-calc[sweep]'")) from None
    return pyarrow


def write_parquet(answer: Answer, file: BinaryIO) -> None:
    """Writes every network. Metrics are 64-bit integers; where one may be larger, decimal digits as text."""
    arrow = require_pyarrow()
    metrics = answer.setup.asked.metrics
    large = _large(answer)
    fields = [(axis.name, _axis_type(arrow, axis)) for axis in answer.axes]
    fields += [(metric, arrow.string() if metric in large else arrow.int64()) for metric in metrics]
    metadata = {"space": space_record(answer), **head_record(answer)}
    schema = arrow.schema(fields, {"inception_calc": json.dumps(metadata)})
    with arrow.parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for group in _groups(answer.networks()):
            columns = [*zip(*(answer.values(point) for point in group), strict=True)]
            columns += [*zip(*(point.metrics for point in group), strict=True)]
            arrays = [
                arrow.array([str(value) for value in column] if kind == arrow.string() else column, kind)
                for column, (_, kind) in zip(columns, fields, strict=True)
            ]
            writer.write_batch(arrow.record_batch(arrays, schema=schema))


def _axis_type(arrow: Any, axis: Axis) -> Any:
    """Integers where every value is one; a fraction is text, `3/4`."""
    is_whole = axis.has_integers
    return arrow.int64() if is_whole else arrow.string()


def _large(answer: Answer) -> Sequence[str]:
    """The metrics of which some network's number does not fit into 64 bits."""
    metrics = answer.setup.asked.metrics
    found: set[str] = set()
    for point in answer.networks():
        found |= {metric for metric, count in zip(metrics, point.metrics, strict=True) if count > MOST_OF_INT64}
    return tuple(found)


def _groups(networks: Iterator[Point]) -> Iterator[list[Point]]:
    while group := list(islice(networks, ROWS)):
        yield group
