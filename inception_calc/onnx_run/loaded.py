"""A network, whichever its source, loaded and ready to be timed."""

from __future__ import annotations

from pathlib import Path

from inception_calc.analysis import Analysis
from inception_calc.graph.onnx import OnnxSource
from inception_calc.onnx_export.arrays import random_array
from inception_calc.onnx_export.plan import plan
from inception_calc.onnx_run.clock import Timer, timer_of
from inception_calc.onnx_run.made_inputs import made_inputs
from inception_calc.onnx_run.model_session import open_model
from inception_calc.onnx_run.runtime import Options, open_session
from inception_calc.onnx_run.user_model import read_user_model


def timer_for(analysis: Analysis, options: Options, seed: int) -> Timer:
    """A timer of the graph that a spec generates, with random weights, or of the user's own file."""
    source = analysis.origin
    if not isinstance(source, OnnxSource):
        return timer_of(open_session(plan(analysis), options, lambda array: random_array(array, seed)))
    inputs = made_inputs(source.walked(analysis.setting), analysis.setting.values)
    session = open_model(read_user_model(Path(source.source)), options, inputs, seed)
    session.run()
    return timer_of(session)
