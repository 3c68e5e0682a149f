"""One timed run of a session, on a CPU or a GPU, and the machine's roof."""

from __future__ import annotations

import time
from collections.abc import Callable
from math import ceil
from typing import Any

from inception_calc.latency.measured import Roof, Round
from inception_calc.latency.statistics import median
from inception_calc.onnx_export.arrays import Floats, random_array
from inception_calc.onnx_export.plan import Plan, PlannedArray, PlannedNode
from inception_calc.onnx_run.runtime import Options, Session, feeds_of, open_session, require_onnxruntime
from inception_calc.ops.nodes import Array

SQUARE = 512
"""The side of the matrices whose product is the roof of multiply-adds."""
COPIED = 64 * 2**20
"""Bytes of the copy that is the roof of memory: more than any cache."""
WARM_UPS = 3
SHORTEST_ROUND = 5.0
"""Milliseconds. A network that takes less runs several times in a round: one run of microseconds is mostly the clock's
and the scheduler's."""
MOST_RUNS = 1000
GPU_WARM_UPS = 10
GPU_BLOCK = 10
"""Runs that are started before the GPU is waited for: a single one would time the launch."""

Timer = Callable[[], Round]


def timer_of(session: Session) -> Timer:
    """A function that runs the session once and says how long it took; the session is warm."""
    if session.options.provider == "cuda":
        return _gpu_timer(session)
    feeds = feeds_of(session.plan)

    def run() -> object:
        return session.run(feeds)

    shortest = min(timed(run).wall for _ in range(WARM_UPS))
    runs = min(ceil(SHORTEST_ROUND / max(shortest, SHORTEST_ROUND / MOST_RUNS)), MOST_RUNS)
    return lambda: timed(run, runs, session.options.threads)


def timed(run: Callable[[], object], runs: int = 1, threads: int = 1) -> Round:
    """One thread is the caller's, whose time leaves out what others did meanwhile; of more, it says nothing."""
    cpu, wall = time.thread_time_ns(), time.perf_counter_ns()
    for _ in range(runs):
        run()
    cpu, wall = time.thread_time_ns() - cpu, time.perf_counter_ns() - wall
    return Round((cpu if threads == 1 else wall) / 1e6 / runs, wall / 1e6 / runs, runs)


def _gpu_timer(session: Session) -> Timer:
    """Inputs and outputs stay on the GPU; a block of runs is started, then waited for once."""
    runtime = require_onnxruntime()
    binding = session.inner.io_binding()
    for name, values in feeds_of(session.plan).items():
        binding.bind_ortvalue_input(name, runtime.OrtValue.ortvalue_from_numpy(values, "cuda", 0))
    for name in session.plan.outputs:
        binding.bind_output(name, "cuda")

    def block(runs: int) -> float:
        binding.synchronize_inputs()
        start = time.perf_counter_ns()
        for _ in range(runs):
            session.inner.run_with_iobinding(binding)
        binding.synchronize_outputs()
        return (time.perf_counter_ns() - start) / 1e6 / runs

    block(GPU_WARM_UPS)

    def once() -> Round:
        wall = block(GPU_BLOCK)
        return Round(wall, wall, GPU_BLOCK)

    return once


class RoofSampler:
    """Samples of the roof, taken before and between rounds: they also show whether the machine changed its pace."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.product = timer_of(open_session(_square_product(), options, lambda planned: random_array(planned, 0)))
        self.copy = _copier() if options.provider == "cpu" else timer_of(_gpu_copy(options))
        self.products: list[float] = []
        self.copies: list[float] = []

    def sample(self) -> None:
        """One sample of both."""
        self.products.append(SQUARE**3 / median([self.product().cpu for _ in range(3)]))
        self.copies.append(2 * COPIED / self.copy().cpu)

    def roof(self) -> Roof:
        """What was sampled."""
        return Roof(tuple(self.products), tuple(self.copies))


def _copier() -> Timer:
    import numpy as np

    source: Floats = np.ones(COPIED // 4, np.float32)
    target = np.empty_like(source)
    np.copyto(target, source)
    return lambda: timed(lambda: np.copyto(target, source))


def _square_product() -> Plan:
    """A graph that is one product of two square matrices."""
    weight = PlannedArray("right", Array("right", (SQUARE, SQUARE), "weights", "he", SQUARE), 0)
    return _one_node("Gemm", ("left", "right"), (SQUARE, SQUARE), (weight,))


def _gpu_copy(options: Options) -> Session:
    """A graph that reads and writes a large array: the nearest that a graph comes to a copy."""
    plan = _one_node("Neg", ("left",), (COPIED // 4,), ())
    return open_session(plan, options, lambda planned: random_array(planned, 0))


def _one_node(op_type: str, inputs: tuple[str, ...], shape: tuple[int, ...], arrays: tuple[PlannedArray, ...]) -> Plan:
    facts: dict[str, Any] = {}
    node = PlannedNode("result", op_type, inputs, facts, 0, True)
    shapes = {"left": shape, "result": shape}
    return Plan("roof", ("left",), ("result",), shapes, (node,), arrays, (), {}, ({},))
