"""One timed run of a session, on a CPU or a GPU, and the machine's roof."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from math import ceil
from typing import NamedTuple

from inception_calc.analysis import DTYPES
from inception_calc.latency.measured import Roof, Round
from inception_calc.latency.statistics import median
from inception_calc.onnx_export.arrays import Floats, random_array
from inception_calc.onnx_export.plan import Plan, PlannedArray, PlannedNode
from inception_calc.onnx_run import gpu
from inception_calc.onnx_run.model_session import ModelSession
from inception_calc.onnx_run.runtime import Options, Session, open_session
from inception_calc.ops.nodes import Array, Attribute


class Pace(NamedTuple):
    """How a device is timed, and what its roof is measured with."""

    warm_ups: int
    """At most: what takes long is warm after `LEAST_WARM_UPS`."""
    shortest_round: float
    """Milliseconds. What takes less runs several times in a round: one run of microseconds is mostly the clock's and
    the scheduler's, and on a GPU the launch."""
    square: int
    """The side of the matrices whose product is one sample of the roof of multiply-adds."""
    maps: tuple[int, int, int]
    """Batch, channels and side of the maps of the 3x3 convolutions that are the other."""
    copied: int
    """Bytes of the copy that is the roof of memory: more than any cache."""


PACES = {
    "cpu": Pace(3, 5.0, 512, (1, 128, 56), 64 * 2**20),
    "cuda": Pace(10, 10.0, 8192, (32, 256, 56), 2**30),
}
"""By provider."""
LEAST_WARM_UPS, LONG_WARM_UP = 3, 300.0
MOST_RUNS = 1000
DEPTH = 3
"""Convolutions in a row."""
SAMPLES = 3
"""Of which the median counts."""

Timer = Callable[[], Round]


def timer_of(session: Session | ModelSession) -> Timer:
    """A function that runs the session and says how long one run took; the session is warm."""
    options, pace = session.options, PACES[session.options.provider]
    start = session.bound(session.feeds())

    def block(runs: int) -> Round:
        return timed(start, runs, options)

    block(1)  # where a GPU's kernels are chosen
    walls: list[float] = []
    while len(walls) < pace.warm_ups and (len(walls) < LEAST_WARM_UPS or sum(walls) < LONG_WARM_UP):
        walls.append(block(1).wall)
    runs = ceil(pace.shortest_round / max(min(walls), pace.shortest_round / MOST_RUNS))
    return lambda: block(runs)


def timed(start: Callable[[], object], runs: int = 1, options: Options = Options()) -> Round:  # noqa: B008 - frozen
    """The mean of some runs, one started after the other, and a GPU waited for once.

    One thread is the caller's, whose time leaves out what others did meanwhile; of more threads, or a GPU, it says
    nothing.
    """
    cpu, wall = time.thread_time_ns(), time.perf_counter_ns()
    for _ in range(runs):
        start()
    if options.on_gpu:
        gpu.wait()
    cpu, wall = time.thread_time_ns() - cpu, time.perf_counter_ns() - wall
    alone = options.threads == 1 and not options.on_gpu
    return Round((cpu if alone else wall) / 1e6 / runs, wall / 1e6 / runs, runs)


class RoofSampler:
    """Samples of the roof, taken before and between rounds: they also show whether the machine changed its pace.

    The roof of multiply-adds is the faster of a matrix product and of 3x3 convolutions: runtimes have kernels for
    convolutions that no product reaches.
    """

    def __init__(self, options: Options) -> None:
        self.pace = PACES[options.provider]
        self.computing = [
            (work, timer_of(open_session(planned, options, lambda array: random_array(array, 0))))
            for work, planned in (_product(self.pace.square), _convolutions(*self.pace.maps))
        ]
        self.copy = timer_of(_gpu_copy(options, self.pace.copied)) if options.on_gpu else _copier(self.pace.copied)
        self.restart()

    def restart(self) -> None:
        """Forgets what was sampled."""
        self.rates: list[float] = []
        self.copies: list[float] = []

    def sample(self) -> None:
        """One sample of both."""
        self.rates.append(max(work / median([timer().cpu for _ in range(SAMPLES)]) for work, timer in self.computing))
        self.copies.append(2 * self.pace.copied / self.copy().cpu)

    def roof(self) -> Roof:
        """What was sampled."""
        return Roof(tuple(self.rates), tuple(self.copies))


def _copier(size: int) -> Timer:
    import numpy as np

    source: Floats = np.ones(size // 4, np.float32)
    target = np.empty_like(source)
    np.copyto(target, source)
    return lambda: timed(lambda: np.copyto(target, source))


def _product(side: int) -> tuple[int, Plan]:
    """The multiply-adds and the graph of a product of two square matrices."""
    return side**3, _chain("Gemm", {}, (side, side), (side, side), side, 1)


def _convolutions(batch: int, channels: int, side: int) -> tuple[int, Plan]:
    """The multiply-adds and the graph of 3x3 convolutions, one after the other, that keep the size of their maps.

    A single one would be timed with what a CPU does to its input and output: other convolutions stand before and
    after it in a network.
    """
    maps, weight = (batch, channels, side, side), (channels, channels, 3, 3)
    facts = {"kernel_shape": (3, 3), "pads": (1, 1, 1, 1)}
    work = DEPTH * batch * channels**2 * side**2 * 9
    return work, _chain("Conv", facts, maps, weight, 9 * channels, DEPTH)


def _gpu_copy(options: Options, size: int) -> Session:
    """A graph that reads and writes a large array: the nearest that a graph comes to a copy."""
    shape = (size // DTYPES[options.dtype],)
    return open_session(_chain("Neg", {}, shape, None, 0, 1), options, lambda array: random_array(array, 0))


Shape = tuple[int, ...]


def _chain(
    op_type: str, facts: Mapping[str, Attribute], x: Shape, weight: Shape | None, fan_in: int, depth: int
) -> Plan:
    """A graph of equal nodes in a row, each with an array of its own where there is a `weight`."""
    nodes, arrays, shapes, value = [], [], {"input": x}, "input"
    for number in range(depth):
        name = f"node {number}"
        inputs: tuple[str, ...] = (value,)
        if weight is not None:
            arrays.append(PlannedArray(f"{name}/weight", Array("weight", weight, "weights", "he", fan_in), number))
            inputs = (value, arrays[-1].name)
        nodes.append(PlannedNode(name, op_type, inputs, facts, number, True))
        shapes[name], value = x, name
    layers: tuple[dict[str, str], ...] = ({},) * depth
    return Plan("roof", ("input",), (value,), shapes, tuple(nodes), tuple(arrays), (), {}, layers)
