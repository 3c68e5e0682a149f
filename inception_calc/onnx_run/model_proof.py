"""The exact proof of a user's own file: one run of it, compared node by node."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from inception_calc.analysis import Analysis
from inception_calc.graph.onnx import OnnxSource
from inception_calc.onnx_graph.model import Walked
from inception_calc.onnx_ops.value import Tensor
from inception_calc.onnx_run.made_inputs import made_inputs
from inception_calc.onnx_run.model_session import profiled_model
from inception_calc.onnx_run.node_comparison import compare
from inception_calc.onnx_run.proof import ModelProof
from inception_calc.onnx_run.runtime import Options
from inception_calc.onnx_run.user_model import read_user_model
from inception_calc.problems import Problem, Undecided, listed

MOST_OPERATIONS = 10**14
"""Hours of a processor: what needs more is not run."""
MOST_TRIPS = 10**8
"""Of a loop."""
MOST_ELEMENTS = 10**10
"""Of a tensor: tens of gigabytes."""


def must_end(walked: Walked) -> None:
    """Raises `Undecided` for what no machine runs to its end, as far as that is known beforehand."""
    if open_loops := list(dict.fromkeys(str(step.times) for step in walked.steps if not isinstance(step.times, int))):
        what = f"how often a loop runs is not known ({listed(open_loops)}): it may never end"
        raise Undecided(Problem("could-not-run", what, None, "give it a value that decides: --value NAME=N"))
    work = walked.multiply_adds + walked.element_ops
    trips = max((step.times for step in walked.steps), default=0)
    values = [value for step in walked.steps for value in step.values if isinstance(value, Tensor)]
    sizes = [value.elements for value in (*walked.inputs.values(), *values) if isinstance(value, Tensor)]
    largest = max((size for size in sizes if isinstance(size, int)), default=0)
    for what, found, most in (
        ("operations", work, MOST_OPERATIONS),
        ("trips of a loop", trips, MOST_TRIPS),
        ("elements in a tensor", largest, MOST_ELEMENTS),
    ):
        if isinstance(found, int) and found > most:
            told = f"{found:,} {what}: more than {most:,} are not run"
            fix = "take smaller sizes: --input, --set; inception-calc table needs no run"
            raise Undecided(Problem("could-not-run", told, None, fix))


def prove_model(analysis: Analysis, options: Options, seed: int, on_layer: Callable[[str], None]) -> ModelProof:
    """Runs the file once without optimization, on inputs made to fit, and compares every node.

    Raises `InputError` or `Undecided` where the file cannot be run.
    """
    on_layer("the whole network")
    source = analysis.origin
    assert isinstance(source, OnnxSource)
    walked = source.walked(analysis.setting)
    inputs = made_inputs(walked, analysis.setting.values)
    must_end(walked)
    model = read_user_model(Path(source.source))
    with profiled_model(model, replace(options, optimized=False), inputs, seed) as (session, runs, _):
        session.run()
        ran = runs()
        inputs = session.inputs
    return replace(compare(analysis, walked, model, ran[-1]), inputs=inputs)
