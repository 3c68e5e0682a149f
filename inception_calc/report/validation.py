"""What a measurement says, as tables: the layers with their times, kinds, the fit, the ratio."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from inception_calc.latency.fit import KindFit
from inception_calc.latency.measured import Measurement
from inception_calc.latency.ratio import Ratio
from inception_calc.latency.reading import KindShare, Reading, UnitReading
from inception_calc.report.table import EMPTY, Cell, Column, Table
from inception_calc.report.text import short


def milliseconds(value: float) -> str:
    """Three digits, as many as a measurement has."""
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def signed_percent(value: float) -> str:
    """`+12%`, `-3%`, `0%`."""
    rounded = round(100 * value)
    return f"{rounded:+d}%" if rounded else "0%"


def whole_percent(value: float) -> str:
    """`12%`; below ten with a digit more."""
    return f"{100 * value:.0f}%" if value >= 0.1 or value == 0 else f"{100 * value:.1f}%"


def figure(value: float | None) -> str:
    """A correlation, with three decimals."""
    return "-" if value is None else f"{value:.3f}"


# ---------------------------------------------------------------------------------------------------------------------
# The measurement


LAYER_COLUMNS = (
    Column("layer", "layer", importance=9),
    Column("kind", "kind", importance=4),
    Column("multiply_adds", "multiply-adds", numeric=True, importance=8),
    Column("params", "params", numeric=True, importance=3),
    Column("milliseconds", "ms", numeric=True, importance=9),
    Column("high", "p90 ms", numeric=True, importance=5),
    Column("rate", "G multiply-adds/s", numeric=True, importance=6),
    Column("roof", "of roof", numeric=True, importance=6),
    Column("bound", "bound by", importance=4),
    Column("predicted", "model ms", numeric=True, importance=5),
    Column("error", "error", numeric=True, importance=5),
    Column("reason", "stands out because", importance=4, prose=True),
)


def layers_table(title: str, measurement: Measurement, reading: Reading) -> Table:
    """Layer by layer, then what the runtime put in and the rest, so that the column adds up to the run."""
    rows = [_layer(read) for read in reading.units]
    rows += [_plain(f"({name})", "put in by the runtime", time) for name, time in measurement.inserted.items()]
    # Whole runs are timed without the profile, which slows tiny kernels down: then their sum is more than the whole.
    rows.append(
        _plain("(rest)", "outside the kernels" if measurement.rest >= 0 else "added by the profile", measurement.rest)
    )
    notes = tuple(_notes(measurement, reading))
    return Table(f"{title}: measured", LAYER_COLUMNS, tuple(rows), (_total(measurement, reading),), notes)


def _total(measurement: Measurement, reading: Reading) -> tuple[Cell, ...]:
    """The whole run; beside it what the model says of it, where there is one."""
    cells = list(_plain("total", "", measurement.milliseconds))
    work = sum(timed.unit.multiply_adds for timed in measurement.units)
    params, rate = sum(timed.unit.params for timed in measurement.units), work / measurement.milliseconds / 1e6
    cells[2], cells[3] = Cell(short(work), work), Cell(short(params), params)
    cells[6] = Cell(f"{rate:.1f}", rate)
    if reading.fit.kinds:
        cells[9] = _time(reading.total.milliseconds)
        cells[10] = _share(reading.total.milliseconds / measurement.milliseconds - 1, signed_percent)
    return tuple(cells)


def _notes(measurement: Measurement, reading: Reading) -> Iterator[str]:
    """The machine, the whole run, the roof, how counts explain time, and what casts doubt on it."""
    roof = measurement.roof
    yield machine_of(measurement)
    yield (
        f"whole run {_between(measurement.milliseconds, *measurement.interval)}; "
        f"{len(measurement.kept)} of {len(measurement.rounds)} rounds kept, CPU / wall {_cpu_share(measurement)}"
    )
    yield f"roof: {roof.peak / 1e6:.1f} G multiply-adds/s, {roof.bandwidth / 1e6:.1f} GB/s"
    yield from relations_of(reading)
    if reading.left_out_error is not None:
        yield f"a convolution left out of the fit is predicted with a median error of {reading.left_out_error:.1%}"
    if reading.fit.kinds:
        total = reading.total
        yield f"a whole run by the model: {_between(total.milliseconds, total.low, total.high)}"
    yield from doubts_of(measurement)


def doubts_of(measurement: Measurement) -> Iterator[str]:
    """Why the figures of a measurement may not be believed; a table and a picture say it alike."""
    if measurement.noise:
        yield f"too noisy to say: {measurement.noise}"
    if measurement.apart:
        yield f"{measurement.apart}: the model of the layers is none of the run"
    if measurement.interrupted:
        yield "interrupted before all rounds had run"


def machine_of(measurement: Measurement) -> str:
    """The machine, the threads, the runtime, what it computed with and in."""
    facts = measurement.environment
    dtype = facts.get("dtype", "fp32")
    return (
        f"{facts.get('gpu', facts['machine'])}, {facts['threads']} thread(s), "
        f"ONNX Runtime {facts['onnxruntime']}, {measurement.provider}{'' if dtype == 'fp32' else f', {dtype}'}"
    )


def relations_of(reading: Reading) -> Iterator[str]:
    """How time goes with counts, for convolutions and for all that compute."""
    for layers, relation in (
        ("convolutions", reading.convolutions),
        ("all layers with multiply-adds", reading.computing),
    ):
        if relation.r_squared is not None or relation.spearman is not None:
            model, ranks = figure(relation.r_squared), figure(relation.spearman)
            yield f"{layers}: R2 {model} of time with the model, Spearman {ranks} with multiply-adds alone"


def _between(value: float, low: float, high: float) -> str:
    return f"{milliseconds(value)} ms (95% {milliseconds(low)} to {milliseconds(high)})"


def _cpu_share(measurement: Measurement) -> str:
    cpu = sum(round_.cpu for round_ in measurement.rounds)
    wall = sum(round_.wall for round_ in measurement.rounds)
    return f"{cpu / wall:.2f}"


def _layer(read: UnitReading) -> tuple[Cell, ...]:
    timed, unit = read.timed, read.timed.unit
    rate = unit.multiply_adds / timed.milliseconds / 1e6 if timed.milliseconds and unit.multiply_adds else None
    return (
        Cell(unit.name, unit.name),
        Cell(unit.kind, unit.kind),
        Cell(short(unit.multiply_adds) if unit.multiply_adds else "", unit.multiply_adds),
        Cell(short(unit.params) if unit.params else "", unit.params),
        _time(timed.milliseconds),
        _time(timed.high),
        EMPTY if rate is None else Cell(f"{rate:.1f}", rate),
        _share(read.roof_share, whole_percent),
        Cell(read.bound, read.bound),
        _time(read.predicted),
        _share(read.error, signed_percent),
        Cell(read.reason, read.reason),
    )


def _plain(name: str, kind: str, time: float) -> tuple[Cell, ...]:
    cells = [EMPTY] * len(LAYER_COLUMNS)
    cells[0], cells[1], cells[4] = Cell(name, name), Cell(kind, kind), _time(time)
    return tuple(cells)


def _time(value: float) -> Cell:
    return Cell(milliseconds(value), value)


def _share(value: float | None, shown: Callable[[float], str]) -> Cell:
    return EMPTY if value is None else Cell(shown(value), value)


def kinds_table(title: str, reading: Reading) -> Table:
    """The share of the multiply-adds against the share of the time, and the model of each kind."""
    columns = (
        Column("kind", "kind", importance=9),
        Column("layers", "layers", numeric=True),
        Column("share_of_multiply_adds", "of multiply-adds", numeric=True, importance=8),
        Column("share_of_time", "of time", numeric=True, importance=8),
        Column("per_multiply_add", "ns per 1000 multiply-adds", numeric=True, importance=6),
        Column("per_byte", "ns per 1000 bytes", numeric=True, importance=6),
        Column("constant", "us each", numeric=True, importance=6),
        Column("left_out", "error when left out", numeric=True, importance=6),
    )
    rows = tuple(_kind(share, reading.fit.kinds.get(share.kind)) for share in reading.kinds)
    notes = ["time = a * multiply-adds + b * bytes + c, for each kind; a layer here is what one kernel computes"]
    if any(model.standard_errors for model in reading.fit.kinds.values()):
        notes.append("+- is about 95%, by leaving out one layer after the other")
    return Table(f"{title}: kinds and their model", columns, rows, (), tuple(notes))


def _kind(share: KindShare, model: KindFit | None) -> tuple[Cell, ...]:
    cells = [
        Cell(share.kind, share.kind),
        Cell(str(share.units), share.units),
        _share(share.multiply_adds, whole_percent),
        _share(share.time, whole_percent),
    ]
    if model is None:
        return (*cells, EMPTY, EMPTY, EMPTY, EMPTY)
    nanoseconds_per_thousand = 1e9
    return (
        *cells,
        _coefficient(model, 0, nanoseconds_per_thousand),
        _coefficient(model, 1, nanoseconds_per_thousand),
        _coefficient(model, 2, 1000),
        _share(model.error, lambda error: f"{error:.1%}"),
    )


def _coefficient(model: KindFit, place: int, scale: float) -> Cell:
    value, interval = model.coefficients[place] * scale, model.interval(place)
    if value == 0:
        return EMPTY
    margin = "" if interval is None else f" +-{interval[1] * scale - value:.2g}"
    return Cell(f"{value:.3g}{margin}", value)


def ratio_table(ratio: Ratio) -> Table:
    """Two networks, run in turns."""
    columns = (
        Column("first", "first", importance=9),
        Column("second", "second", importance=9),
        Column("multiply_adds", "multiply-adds", numeric=True, importance=9),
        Column("time", "time", numeric=True, importance=9),
        Column("interval", "95%", importance=8),
        Column("rounds", "rounds kept", numeric=True, importance=5),
    )
    low, high = ratio.interval
    row = (
        Cell(ratio.first, ratio.first),
        Cell(ratio.second, ratio.second),
        Cell(f"{float(ratio.multiply_adds):.3f}", float(ratio.multiply_adds)),
        Cell(f"{ratio.time:.3f}", ratio.time),
        Cell(f"{low:.3f} to {high:.3f}", f"{low:.6g} to {high:.6g}"),
        Cell(f"{len(ratio.ratios)} of {len(ratio.rounds)}", len(ratio.ratios)),
    )
    notes = [f"that the one with more multiply-adds takes longer is {ratio.verdict}"]
    if ratio.noise:
        notes.append(f"too noisy to say: {ratio.noise}")
    return Table("ratio, measured in turns", columns, (row,), (), tuple(notes))
