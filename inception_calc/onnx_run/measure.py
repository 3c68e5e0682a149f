"""Measures a network: the whole run without the profile, its units with it, and two networks in turns."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Literal

from inception_calc.analysis import Analysis
from inception_calc.graph import Graph
from inception_calc.latency.calibration import label_of
from inception_calc.latency.measured import BLOCKS, Measurement, Round
from inception_calc.latency.statistics import percentile
from inception_calc.latency.units import TimedUnit, Unit, units_of
from inception_calc.onnx_export.arrays import Floats, random_array
from inception_calc.onnx_export.plan import Plan, PlannedArray, part, plan, side_by_side
from inception_calc.onnx_run.clock import RoofSampler, Timer, timed, timer_of
from inception_calc.onnx_run.loaded import timer_for
from inception_calc.onnx_run.machine import environment
from inception_calc.onnx_run.profile import NodeRun
from inception_calc.onnx_run.runtime import (
    PROVIDERS,
    Options,
    check_nodes,
    feeds_of,
    open_session,
    profiled_session,
)

LEAST_ROUNDS = 3
ROOF_EVERY = 5
"""Rounds between samples of the roof."""
SKIPPED = 2
"""Profiled runs that only warm up."""
SHORT_UNIT = 0.4
"""Milliseconds. Starting a run takes a tenth of one: in a unit that takes less, copies share the start."""
COPIES = 16
LOW, HIGH = 0.1, 0.9
"""Percentiles of a unit's time over the rounds: the low one is its time, both show the spread."""

Layers = Literal["profiled", "alone", "none"]

Progress = Callable[[str, int, int], None]
"""What is being done, which round, of how many."""


def measure(
    analysis: Analysis,
    options: Options,
    rounds: int,
    seed: int,
    progress: Progress,
    *,
    layers: Layers | None = None,
    sampler: RoofSampler | None = None,
    seconds: float = 0.0,
) -> Measurement:
    """Times a network. After an interruption (Ctrl-C) with what there is; raises it on where there is too little.

    `layers` says how they are timed; without it in the profile of a CPU, and alone on a GPU, whose profile has the
    times of launches and not of kernels. A `sampler` from before saves making one. The rounds of the whole are spread
    over at least so many `seconds`, in blocks, so that a machine that changes its pace is seen to.
    """
    units, planned = units_of(analysis), plan(analysis)

    def arrays(array: PlannedArray) -> Floats:
        return random_array(array, seed)

    sampler = sampler or RoofSampler(options)
    sampler.restart()
    whole, interrupted = whole_rounds(
        timer_of(open_session(planned, options, arrays)), rounds, sampler, seconds, progress
    )
    gc.collect()  # the weights of that session go before the profiled one brings its own
    layers = layers or ("alone" if options.on_gpu else "profiled")
    if interrupted or layers == "none":
        found = ByUnit()
    elif layers == "profiled":
        found = _profiled(units, planned, options, arrays, rounds, progress)
    else:
        found = _one_by_one(analysis.graph, units, planned, options, arrays, rounds, progress)
    alone = layers == "alone" and not (interrupted or found.interrupted)
    return measurement_of(label_of(analysis), options, units, whole, found, sampler, interrupted, alone)


def measurement_of(
    label: str,
    options: Options,
    units: tuple[Unit, ...],
    whole: list[Round],
    found: ByUnit,
    sampler: RoofSampler,
    interrupted: bool,
    alone: bool = False,
) -> Measurement:
    """All that was timed, after a last sample of the roof."""
    sampler.sample()
    times = [TimedUnit(unit, *_low_and_high(found.times.get(unit.name, ()))) for unit in units]
    return Measurement(
        label,
        PROVIDERS[options.provider],
        environment(options),
        tuple(times),
        {op_type: _low_and_high(each)[0] for op_type, each in found.inserted.items()},
        tuple(whole),
        sampler.roof(),
        found.times,
        found.rounds,
        interrupted or found.interrupted,
        alone,
    )


def whole_rounds(
    timer: Timer, rounds: int, sampler: RoofSampler, seconds: float, progress: Progress
) -> tuple[list[Round], bool]:
    """The whole network without the profile, the roof in between, and whether Ctrl-C came."""
    whole: list[Round] = []
    begun = time.monotonic()
    in_block = ceil(rounds / BLOCKS)
    last = max(ceil(rounds / in_block) - 1, 1)

    def one_round(number: int) -> None:
        if number % in_block == 0:
            time.sleep(max(begun + seconds * (number // in_block) / last - time.monotonic(), 0.0))
        if number % ROOF_EVERY == 0:
            sampler.sample()
        whole.append(timer())

    interrupted = repeated(one_round, rounds, "whole", progress)
    if len(whole) < LEAST_ROUNDS:
        raise KeyboardInterrupt
    return whole, interrupted


def _low_and_high(times: Iterable[float]) -> tuple[float, float]:
    times = list(times)
    return (percentile(times, LOW), percentile(times, HIGH)) if times else (0.0, 0.0)


def repeated(one_round: Callable[[int], None], rounds: int, what: str, progress: Progress) -> bool:
    """Runs the rounds; True where Ctrl-C ended them early."""
    try:
        for number in range(rounds):
            progress(what, number + 1, rounds)
            one_round(number)
    except KeyboardInterrupt:
        return True
    return False


# ---------------------------------------------------------------------------------------------------------------------
# Units


@dataclass(frozen=True, slots=True)
class ByUnit:
    """Milliseconds by unit, and by operator for what the runtime put in; the rounds that were profiled."""

    times: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    inserted: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    rounds: tuple[Round, ...] = ()
    interrupted: bool = False


def _profiled(
    units: tuple[Unit, ...],
    planned: Plan,
    options: Options,
    arrays: Callable[[PlannedArray], Floats],
    rounds: int,
    progress: Progress,
) -> ByUnit:
    """Every round whose processor nobody else held; all of them where too few are left."""
    feeds = feeds_of(planned, dtype=options.dtype)
    clocked: list[Round] = []
    with profiled_session(planned, options, arrays) as (session, runs):

        def one_round(_: int) -> None:
            clocked.append(timed(lambda: session.run(feeds), options=options))

        interrupted = repeated(one_round, rounds + SKIPPED, "by layer", progress)
        found = runs()
    check_nodes(options.provider, found)
    owner = owners(units, planned)
    return by_unit(found, clocked, interrupted, lambda node: owner.get(graph_name(node.name, owner)))


def by_unit(
    found: list[list[NodeRun]],
    clocked: list[Round],
    interrupted: bool,
    unit_of: Callable[[NodeRun], str | None],
) -> ByUnit:
    """The kernels of profiled runs by the unit that they belong to; those of none are the runtime's own."""
    times: dict[str, list[float]] = {}
    inserted: dict[str, list[float]] = {}
    pairs = list(zip(found, clocked, strict=False))  # Ctrl-C may come between a run and its time
    pairs = pairs[SKIPPED:] or pairs
    quiet = [nodes for nodes, round_ in pairs if round_.kept]
    for nodes in quiet if len(quiet) >= LEAST_ROUNDS else [nodes for nodes, _ in pairs]:
        ours, theirs = _sums(nodes, unit_of)
        for name, milliseconds in ours.items():
            times.setdefault(name, []).append(milliseconds)
        for name, milliseconds in theirs.items():
            inserted.setdefault(name, []).append(milliseconds)
    return ByUnit(_tuples(times), _tuples(inserted), tuple(round_ for _, round_ in pairs), interrupted)


def _tuples(lists: Mapping[str, list[float]]) -> Mapping[str, tuple[float, ...]]:
    return {name: tuple(values) for name, values in lists.items()}


def owners(units: tuple[Unit, ...], planned: Plan) -> Mapping[str, str]:
    """Node of the graph -> its unit."""
    unit_of = {layer: unit.name for unit in units for layer in unit.layers}
    return {node.name: unit_of[node.layer] for node in planned.nodes if node.layer in unit_of}


def _sums(nodes: list[NodeRun], unit_of: Callable[[NodeRun], str | None]) -> tuple[dict[str, float], dict[str, float]]:
    """Milliseconds of one run by unit, and by operator for kernels that no layer of ours asked for."""
    ours: dict[str, float] = {}
    theirs: dict[str, float] = {}
    for node in nodes:
        unit = unit_of(node)
        sums, key = (theirs, node.op_type) if unit is None else (ours, unit)
        sums[key] = sums.get(key, 0.0) + node.microseconds / 1000
    return ours, theirs


def graph_name(name: str, known: Mapping[str, str]) -> str:
    """The node of the graph behind a kernel's name.

    ONNX Runtime calls a fused kernel after the value that it makes (`conv1/relu_nchwc`), or `fused fc6`; a name
    that is in the graph as it stands is never cut.
    """
    if name in known:
        return name
    for cut in (name.removesuffix("_nchwc"), name.removeprefix("fused "), name.split("/fused ", maxsplit=1)[0]):
        if cut in known:
            return cut
    return name


def _one_by_one(
    graph: Graph,
    units: tuple[Unit, ...],
    planned: Plan,
    options: Options,
    arrays: Callable[[PlannedArray], Floats],
    rounds: int,
    progress: Progress,
) -> ByUnit:
    """Each unit as a network of its own.

    Each takes part in a third of the rounds; units of equal layers on equal maps are timed once.
    """
    known: dict[object, tuple[float, ...]] = {}
    times: dict[str, tuple[float, ...]] = {}
    try:
        for number, unit in enumerate(units, 1):
            progress("by layer", number, len(units))
            layers = [graph.layers[index] for index in unit.layers]
            key = tuple((layer.op, tuple(graph.inputs_of(layer))) for layer in layers)
            if key not in known:
                alone = part(planned, frozenset(unit.layers))
                known[key] = tuple(_unit_times(alone, options, arrays, max(rounds // 3, LEAST_ROUNDS)))
            times[unit.name] = known[key]
    except KeyboardInterrupt:
        return ByUnit(times, interrupted=True)
    return ByUnit(times)


def _unit_times(
    alone: Plan, options: Options, arrays: Callable[[PlannedArray], Floats], rounds: int
) -> Iterator[float]:
    """Milliseconds of one unit in each round."""
    timer, copies = timer_of(open_session(alone, options, arrays)), 1
    if timer().wall < SHORT_UNIT:
        timer, copies = timer_of(open_session(side_by_side(alone, COPIES), options, arrays)), COPIES
    for _ in range(rounds):
        yield timer().wall / copies


# ---------------------------------------------------------------------------------------------------------------------
# Two networks


def measure_pair(
    first: Analysis, second: Analysis, options: Options, rounds: int, seed: int, progress: Progress
) -> tuple[tuple[Round, Round], ...]:
    """Rounds of two networks, run in turns in one process: only then is their ratio free of the machine's mood."""
    timers = [timer_for(analysis, options, seed) for analysis in (first, second)]
    pairs: list[tuple[Round, Round]] = []

    def one_round(number: int) -> None:
        order = (0, 1) if number % 2 == 0 else (1, 0)  # neither always comes after the other
        found = {index: timers[index]() for index in order}
        pairs.append((found[0], found[1]))

    repeated(one_round, rounds, "in turns", progress)
    if len(pairs) < LEAST_ROUNDS:
        raise KeyboardInterrupt
    return tuple(pairs)
