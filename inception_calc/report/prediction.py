"""What `predict` says, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from inception_calc.latency.predict import Prediction
from inception_calc.problems import listed
from inception_calc.report.table import EMPTY, Cell, Column, Table
from inception_calc.report.text import short
from inception_calc.report.validation import milliseconds, signed_percent, whole_percent

COLUMNS = (
    Column("kind", "kind", importance=9),
    Column("layers", "layers", numeric=True, importance=5),
    Column("multiply_adds", "multiply-adds", numeric=True, importance=8),
    Column("milliseconds", "ms", numeric=True, importance=9),
    Column("share", "of time", numeric=True, importance=7),
)


def prediction_table(title: str, prediction: Prediction, notes: tuple[str, ...], measured: float | None) -> Table:
    """The time by kind. `measured` is what the calibration itself holds for this network."""
    kinds: dict[str, list[tuple[int, float | None]]] = {}
    for unit in prediction.units:
        kinds.setdefault(unit.unit.kind, []).append((unit.unit.multiply_adds, unit.milliseconds))
    inside = prediction.inside
    rows = []
    for kind, entries in kinds.items():
        work = sum(count for count, _ in entries)
        time = None if kind in prediction.unseen else sum(value or 0.0 for _, value in entries)
        rows.append(
            (
                Cell(kind, kind),
                Cell(str(len(entries)), len(entries)),
                Cell(short(work) if work else "", work),
                Cell("not known") if time is None else Cell(milliseconds(time), time),
                EMPTY if time is None or not inside else Cell(whole_percent(time / inside), time / inside),
            )
        )
    rest = prediction.milliseconds - prediction.inside
    name = "(rest)" if rest >= 0 else "(kernels overlap)"
    what = f"{name}: x{prediction.overhead:.3f}"
    rows.append((Cell(what, name), EMPTY, EMPTY, Cell(milliseconds(rest), rest), EMPTY))
    work = sum(unit.unit.multiply_adds for unit in prediction.units)
    total = (
        Cell("total", "total"),
        Cell(str(len(prediction.units)), len(prediction.units)),
        Cell(short(work), work),
        Cell(milliseconds(prediction.milliseconds), prediction.milliseconds),
        EMPTY,
    )
    said = [f"about 95% between {milliseconds(prediction.low)} and {milliseconds(prediction.high)} ms"]
    if measured is not None:
        error = signed_percent(prediction.milliseconds / measured - 1)
        said.append(f"left out of the fit; measured {milliseconds(measured)} ms, so the error is {error}")
    if prediction.unseen:
        said.append(
            f"the calibration has seen no {listed(prediction.unseen, 'or', '-f json')}: their time is not in the total"
        )
    return Table(f"{title}: predicted latency", COLUMNS, tuple(rows), (total,), (*said, *notes))


def other_batch_note(batch: int, measured: Sequence[int]) -> str:
    """What is said where a calibration was measured at other batches than the one that is predicted."""
    return f"the calibration was measured at batch {listed(measured)}: it says less of batch {batch}"
