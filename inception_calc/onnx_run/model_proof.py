"""The exact proof of a user's own file: one run of it, compared node by node."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from inception_calc.analysis import Analysis
from inception_calc.graph.onnx import OnnxSource
from inception_calc.onnx_run.made_inputs import made_inputs
from inception_calc.onnx_run.model_session import profiled_model
from inception_calc.onnx_run.node_comparison import compare
from inception_calc.onnx_run.proof import ModelProof
from inception_calc.onnx_run.runtime import Options
from inception_calc.onnx_run.user_model import read_user_model


def prove_model(analysis: Analysis, options: Options, seed: int, on_layer: Callable[[str], None]) -> ModelProof:
    """Runs the file once without optimization, on inputs made to fit, and compares every node.

    Raises `InputError` or `Undecided` where the file cannot be run.
    """
    on_layer("the whole network")
    source = analysis.origin
    assert isinstance(source, OnnxSource)
    walked = source.walked(analysis.setting)
    inputs = made_inputs(walked, analysis.setting.values)
    model = read_user_model(Path(source.source))
    with profiled_model(model, replace(options, optimized=False), inputs, seed) as (session, runs, _):
        session.run()
        ran = runs()
        inputs = session.inputs
    return replace(compare(analysis, walked, model, ran[-1]), inputs=inputs)
