"""Measures a user's own file: whole runs without the profile, kernels with it; what one kernel computes is one unit."""

from __future__ import annotations

from pathlib import Path

from inception_calc.analysis import Analysis
from inception_calc.graph.onnx import OnnxSource
from inception_calc.latency.calibration import label_of
from inception_calc.latency.measured import Measurement, Round
from inception_calc.latency.units import Unit
from inception_calc.onnx_run.clock import RoofSampler, timed, timer_of
from inception_calc.onnx_run.fused import computed_by
from inception_calc.onnx_run.measure import SKIPPED, ByUnit, Progress, by_unit, measurement_of, repeated, whole_rounds
from inception_calc.onnx_run.model_session import OPTIMIZED, open_model, profiled_model
from inception_calc.onnx_run.model_units import Kernels
from inception_calc.onnx_run.node_comparison import HOLDING
from inception_calc.onnx_run.proof import ModelProof
from inception_calc.onnx_run.runtime import Options
from inception_calc.onnx_run.user_model import UserModel, read_user_model


def measure_model(
    analysis: Analysis,
    proof: ModelProof,
    options: Options,
    rounds: int,
    seed: int,
    progress: Progress,
    seconds: float = 0.0,
) -> Measurement:
    """Times a file on the inputs with which it was proved; after Ctrl-C with what there is, as `measure` does."""
    source = analysis.origin
    assert isinstance(source, OnnxSource)
    model = read_user_model(Path(source.source))
    sampler = RoofSampler(options)
    timer = timer_of(open_model(model, options, proof.inputs, seed))
    whole, interrupted = whole_rounds(timer, rounds, sampler, seconds, progress)
    del timer
    units: tuple[Unit, ...] = ()
    found = ByUnit()
    if not interrupted:
        units, found = _profiled(analysis, source, model, proof, options, rounds, seed, progress)
    return measurement_of(label_of(analysis), options, units, whole, found, sampler, interrupted)


def _profiled(
    analysis: Analysis,
    source: OnnxSource,
    model: UserModel,
    proof: ModelProof,
    options: Options,
    rounds: int,
    seed: int,
    progress: Progress,
) -> tuple[tuple[Unit, ...], ByUnit]:
    """What each kernel of the optimized graph computes, and its times."""
    import onnx

    clocked: list[Round] = []
    with profiled_model(model, options, proof.inputs, seed) as (session, runs, folder):
        start = session.bound(session.feeds())

        def one_round(_: int) -> None:
            clocked.append(timed(start, options=options))

        interrupted = repeated(one_round, rounds + SKIPPED, "by layer", progress)
        found = runs()
        optimized = onnx.load(folder / OPTIMIZED, load_external_data=False)
    kernels = [[node for node in run if node.op_type not in HOLDING] for run in found]
    op_types = {node.name: node.op_type for node in kernels[-1]}
    walked = source.walked(analysis.setting)
    units = Kernels(analysis, walked, model, computed_by(model, optimized), op_types, proof.sizes)
    return units.units, by_unit(kernels, clocked, interrupted, lambda node: units.unit_of.get(node.name))
