"""The exact proof for every shipped spec and variant with its heads, and that it fails when a formula is wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inception_calc.analysis import analyze
from inception_calc.dims import Shape, Window
from inception_calc.onnx_export.arrays import filled
from inception_calc.onnx_export.plan import plan
from inception_calc.onnx_run import proof as proving
from inception_calc.onnx_run.proof import prove
from inception_calc.onnx_run.runtime import Options, feeds_of, profiled_session
from inception_calc.ops.max_pool import Pool
from inception_calc.primitives.conv import Conv
from inception_calc.primitives.elements import BatchNorm
from inception_calc.primitives.matrix import Linear
from inception_calc.primitives.primitive import Params
from inception_calc.problems import InputError, Undecided
from tests.cli.program import ROOT
from tests.helpers import analyzed, rows, shipped, shipped_analysis
from tests.ops.layers import windowed
from tests.shipped_specs import ALL, TOO_LARGE, is_slow

CPU = Options()
RECURRENT = ("lstm", "gru", "rnn")
EVERY_TIME = ("lenet5", "inception_module", "googlenet", "mobilenet_v2", "unet", "m11", "tcn", "spp_zf5")
"""Networks that between them have nearly every operator; the others are proved by the thorough tests."""


@pytest.mark.parametrize(
    "reference",
    [
        pytest.param(name, marks=() if name in EVERY_TIME else pytest.mark.thorough)
        for name in ALL
        if not name.startswith(TOO_LARGE)
    ],
)
def test_what_is_counted_is_what_runs(reference: str):
    """With training heads; at full size, or at an eighth of the width (see tests/shipped_specs.py)."""
    symbols: dict[str, int | Fraction] = {"width_multiplier": Fraction(1, 8)} if is_slow(reference) else {}
    if reference.startswith(("gpt2", "llama2")):  # scores are quadratic in it
        symbols["length"] = 64
    analysis = analyze(shipped(reference), training=True, symbols=symbols)
    found = prove(analysis, CPU)
    assert found.mismatches == ()
    assert found.layers == len(analysis.layers)
    assert found.ones == sum(cost.used.weights > 0 and cost.layer.op.op not in RECURRENT for cost in analysis.layers)


SHARED = [
    "{a: {convolution: 3x3, filters: 3, padding: 1, batch norm: true, repeat: 2, shared: true}}",
    "{a: {linear: 8, repeat: 4, shared: true}}",
    "{e: {linear: 2, over: channels, bias: false}, t: {linear: 8, over: channels, weights of: e}}",
    "{e: {linear: 2}, t: {linear: 8, bias: true, weights of: e}}",
    "{a: {transposed convolution: 2x2/2, filters: 8, repeat: 2, shared: true}}",
]


@pytest.mark.parametrize("steps", SHARED)
def test_shared_weights_run_as_they_are_counted(steps: str):
    """One initializer, however many nodes read it."""
    analysis = rows(f"rows: {steps}", *((3, 6, 6) if "3x3" in steps else (8, 1, 1)))
    assert prove(analysis, CPU).mismatches == ()
    planned = plan(analysis)
    assert sum(array.bytes for array in planned.arrays) == 4 * (analysis.totals.params + analysis.totals.buffers)


def test_several_inputs_run_as_they_are_counted():
    """An image, a vector that gates it and joins it, and a signal; each is fed."""
    analysis = analyzed(
        """
        name: three
        input: {image: 3x8x8, text: 5, audio: 1x40, mask: [1, height, width]}
        rows:
          masked: {concat: {image: identity, mask: {input: mask}}}
          conv: {convolution: 3x3, filters: 4, padding: same}
          gate: {product: {map: identity, gate: [{input: text}, {linear: 4, activation: sigmoid}]}}
          pool: {average pool: global}
          sound: {input: audio, then: [{convolution: 5/2, filters: 6}, {average pool: global}]}
          met: {concat: {picture: {output of: pool}, words: {input: text}, sound: identity}}
          classes: {linear: 3}
        """,
        batch=2,
    )
    found = prove(analysis, CPU)
    assert found.mismatches == ()
    assert found.layers == len(analysis.layers)
    assert found.ones == sum(cost.multiply_adds > 0 for cost in analysis.layers) == 4


def test_the_proof_fails_where_an_array_is_not_shared(monkeypatch: pytest.MonkeyPatch):
    analysis = rows("rows: {a: {linear: 8}, b: {linear: 8, weights of: a}}", 8, 1, 1)
    layers = tuple(layer._replace(holders={}) for layer in analysis.graph.layers)
    apart = plan(replace(analysis, graph=analysis.graph._replace(layers=layers)))
    monkeypatch.setattr(proving, "plan", lambda _: apart)
    assert {mismatch.what for mismatch in prove(analysis, CPU).mismatches} >= {"params", "shared params and buffers"}


KINDS = ("convolution", "depthwise convolution", "transposed convolution", "max pool", "average pool")
IMPOSSIBLE = {"window-too-large", "empty-window"}
"""A transposed convolution may be cut off altogether; a pool's last window may see padding alone."""


def exported(text: str, x: tuple[int, int, int]):
    """The analysis, or None where there is no such network."""
    try:
        analysis = rows(text, *x)
        plan(analysis)
    except InputError as error:
        if {problem.code for problem in error.problems} <= IMPOSSIBLE:
            return None
        raise
    return analysis


@settings(max_examples=60)
@given(st.data(), st.sampled_from(KINDS))
def test_what_is_counted_is_what_runs_for_any_window(data: st.DataObject, word: str):
    """Kernels, strides, paddings, dilations and roundings at random: ONNX Runtime decides the shape."""
    w = data.draw(windowed(pools=word.endswith("pool")))
    filters = ", filters: 2" if word in ("convolution", "transposed convolution") else ""
    analysis = exported(f"rows: {{r: {{{word}: {w.window}{w.settings}{filters}}}}}", w.x)
    assert analysis is None or prove(analysis, CPU).mismatches == ()


def test_a_batch_is_counted_and_run():
    assert prove(analyze(shipped("lenet5"), batch=3), CPU).mismatches == ()


@pytest.mark.parametrize("reference", ["googlenet", "inception_v3", "densenet121"])
def test_a_graph_of_free_size_runs_as_counted_at_any_size(reference: str):
    """Windows that round up and padding worked out at run time: an odd size finds out what an even one hides."""
    free = plan(analyze(shipped(reference), symbols={"batch": None, "size": None}))
    known = analyze(shipped(reference), batch=2, symbols={"size": 231})
    sized = replace(free, shapes={**free.shapes, "input": (2, 3, 231, 231)})
    with profiled_session(free, Options(optimized=False), lambda array: filled(array, 0.0)) as (session, runs):
        session.run(feeds_of(sized))
        (nodes,) = runs()
    assert list(proving.compare(known, free, nodes)) == []


@pytest.mark.parametrize(
    ("padding", "factor"),
    # 3x3 on 5x5 with one ring of padding: 5 * 3 - 2 = 13 of 15 taps along each axis are real.
    [("valid", Fraction(1)), ("half", Fraction(13 * 13, 15 * 15))],
)
def test_ones_sum_to_the_taps_on_real_data(padding: str, factor: Fraction):
    analysis = rows(f"rows: {{c: {{convolution: 3x3, filters: 4, padding: {padding}}}}}", 2, 5, 5)
    assert prove(analysis, CPU).mismatches == ()
    (cost,) = analysis.layers
    assert cost.effective_multiply_adds == factor * cost.multiply_adds


# ---------------------------------------------------------------------------------------------------------------------
# It can fail

NET = (
    "rows: {c: {convolution: 3x3, filters: 4, batch norm: true, padding: same}, p: {max pool: 2x2/2}, fc: {linear: 3}}"
)


def what_differs(analysis) -> set[tuple[str, str]]:
    return {(mismatch.layer, mismatch.what) for mismatch in prove(analysis, CPU).mismatches}


@pytest.mark.parametrize(
    ("owner", "method", "wrong", "differs"),
    [
        (Conv, "multiply_adds", lambda self: 1, {("c", "multiply-adds")}),
        (Conv, "params", lambda self: Params(107, 4), {("c", "params"), ("c", "weights")}),
        (Linear, "params", lambda self: Params(self.x.elements * 3), {("fc", "params")}),
        (Linear, "multiply_adds", lambda self: 5, {("fc", "multiply-adds")}),
        (BatchNorm, "params", lambda self: Params(affine=4, buffers=9),
         {("c/batch norm", "params"), ("c/batch norm", "buffers")}),
        (Window, "taps_on_map", lambda self, sides: ((10,), (10,)), {("c", "effective multiply-adds")}),
    ],
)  # fmt: skip
def test_a_broken_formula_is_found(monkeypatch, owner, method, wrong, differs):
    assert what_differs(rows(NET)) == set()
    monkeypatch.setattr(owner, method, property(wrong) if isinstance(getattr(owner, method), property) else wrong)
    assert differs <= what_differs(rows(NET))


def test_a_broken_shape_is_found(monkeypatch):
    right = Pool.output
    monkeypatch.setattr(Pool, "output", lambda self, x: Shape(x.channels, x.height // 2, x.width // 2 + 1))
    assert ("p", "output") in what_differs(rows(NET.replace(", fc: {linear: 3}", "")))
    assert right is not Pool.output


def test_the_command_exits_with_1_and_names_the_layer():
    code = (
        "import sys\n"
        "from inception_calc.primitives.conv import Conv\n"
        "Conv.multiply_adds = 7\n"
        "sys.argv = ['inception-calc', 'validate', 'lenet5', '--exact']\n"
        "from inception_calc.__main__ import main\n"
        "main()\n"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 1, result.stderr
    assert "C3" in result.stdout


def test_a_layer_that_did_not_run_is_found(monkeypatch):
    right = proving.compare

    def without_the_pool(analysis, planned, nodes):
        return right(analysis, planned, [node for node in nodes if node.name != "p"])

    monkeypatch.setattr(proving, "compare", without_the_pool)
    assert what_differs(rows(NET)) == {("p", "nodes that ran")}


# ---------------------------------------------------------------------------------------------------------------------
# Manners


def test_a_free_symbol_cannot_run():
    with pytest.raises(Undecided, match="batch"):
        prove(analyze(shipped("lenet5"), symbols={"batch": None}), CPU)


def test_no_file_stays_behind(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    prove(shipped_analysis("lenet5"), CPU)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("on the way")

    monkeypatch.setattr(proving, "check_nodes", broken)
    with pytest.raises(RuntimeError):
        prove(shipped_analysis("lenet5"), CPU)
    monkeypatch.setattr(proving, "feeds_of", broken)
    with pytest.raises(RuntimeError):
        prove(shipped_analysis("lenet5"), CPU)
    assert not list(tmp_path.iterdir())


def test_kill_leaves_no_file_behind(tmp_path):
    """SIGTERM while the profile is open: the folder that it lies in goes, as with Ctrl-C."""
    code = (
        "import os, signal, sys, tempfile\n"
        "from inception_calc.onnx_run import proof\n"
        "def killed(planned, **_):\n"
        "    assert os.listdir(tempfile.gettempdir())\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "proof.feeds_of = killed\n"
        "sys.argv = ['inception-calc', 'validate', 'lenet5', '--exact']\n"
        "from inception_calc.__main__ import main\n"
        "main()\n"
    )
    variables = {**os.environ, "TMPDIR": str(tmp_path)}
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, env=variables, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (128 + signal.SIGTERM, b"", b"")
    assert not list(tmp_path.iterdir())


def test_the_runtime_reports_to_nobody_and_leaves_nothing(tmp_path):
    """ONNX Runtime from 1.29 on would keep a device id at home and a session's beside the temporary files."""
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "ORT_DISABLE_TELEMETRY")}
    folders = {name: tmp_path / name for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME")}
    for folder in folders.values():
        folder.mkdir()
    variables = {**kept, **{name: str(folder) for name, folder in folders.items()}}
    command = [sys.executable, "-m", "inception_calc", "validate", "lenet5", "--exact"]
    subprocess.run(command, cwd=ROOT, capture_output=True, env=variables, check=True)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.thorough
def test_vgg_16_is_proved_within_2_5_gigabytes():
    code = (
        "from pathlib import Path\n"
        "from inception_calc.analysis import analyze\n"
        "from inception_calc.onnx_run.proof import prove\n"
        "from inception_calc.onnx_run.runtime import Options\n"
        "assert prove(analyze('vgg_d'), Options()).mismatches == ()\n"
        "status = dict(line.split(':', 1) for line in Path('/proc/self/status').read_text().splitlines())\n"
        "print(status['VmHWM'].split()[0])\n"  # ru_maxrss begins with that of the process that started it
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(result.stdout) < 2.5e6
