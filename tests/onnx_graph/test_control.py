"""If, Loop, Scan and functions: what counts, how often, and what is said about it."""

from __future__ import annotations

import pytest
from onnx import parser

from inception_calc.dims import formula_text, substitute
from inception_calc.onnx_file import read_bytes
from inception_calc.onnx_graph import walk
from inception_calc.onnx_graph.model import Walked
from inception_calc.onnx_ops.value import BOOL, INT64, Tensor

HEAD = '<ir_version: 10, opset_import: ["" : 21, "own" : 1]>\n'
FLAG = {flag: Tensor((), BOOL, (flag,)) for flag in (True, False)}


def walked(text: str, **given: Tensor) -> Walked:
    return walk(read_bytes(parser.parse_model(HEAD + text).SerializeToString(), "m"), "m", given)


IF = """g (float[2, 8] x, float[8, 8] a, float[8, 64] b, bool c) => (float[N, M] y) {
    y = If (c) <then_branch = t () => (float[2, 8] r) { r = MatMul (x, a) },
                else_branch = e () => (float[2, 64] r) { r = MatMul (x, b) }>
}"""


def test_a_known_condition_decides_the_branch():
    assert walked(IF, c=FLAG[True]).multiply_adds == 2 * 8 * 8
    found = walked(IF, c=FLAG[False])
    assert found.multiply_adds == 2 * 8 * 64
    assert found.outputs["y"].shape == (2, 64)
    assert found.assumptions == ()


def test_the_larger_branch_counts_where_only_a_run_knows_and_that_is_said():
    found = walked(IF)
    assert found.multiply_adds == 2 * 8 * 64
    assert found.assumptions == (
        "node 0 (If): the condition is known in a run only: else is taken, it is dearer than then",
    )


def test_a_branch_that_does_not_fit_neither_wins_nor_loses_silently():
    found = walked(IF.replace("MatMul (x, b)", "MatMul (b, x)"))
    assert found.multiply_adds == 2 * 8 * 8
    assert (
        "then is taken, else does not fit (node 0 (MatMul) in If_0/else_branch: a matrix product over"
        in found.assumptions[0]
    )


LOOP = """g (float[2, 8] x, float[8, 8] w) => (float[2, 8] y, float[K, 2, 8] rows) {
    most = Constant <value_int = 5> ()
    go = Constant <value_ints = [1]> ()
    yes = Cast <to = 9> (go)
    y, rows = Loop (most, yes, x) <body = b (int64 i, bool c, float[2, 8] s) => (bool d, float[2, 8] t, float[2, 8] k) {
        d = Identity (c)
        t = MatMul (s, w)
        k = Relu (t)
    }>
}"""


def test_a_steady_body_is_walked_once_and_counted_as_often_as_it_runs():
    found = walked(LOOP)
    assert found.multiply_adds == 5 * 2 * 8 * 8
    assert found.outputs["rows"].shape == (5, 2, 8)
    assert [step.times for step in found.steps if step.op_type == "MatMul"] == [5]


GROWING = """g (float[1, 8] x, float[8, 8] w) => (float[N, 8] y) {
    most = Constant <value_int = 3> ()
    y = Loop (most, , x) <body = b (int64 i, bool c, float[N, 8] s) => (bool d, float[M, 8] t) {
        d = Identity (c)
        m = MatMul (s, w)
        t = Concat <axis = 0> (m, s)
    }>
}"""


def test_a_body_whose_shapes_grow_is_walked_trip_for_trip():
    found = walked(GROWING)
    assert found.outputs["y"].shape == (8, 8)
    assert found.multiply_adds == (1 + 2 + 4) * 64


WHILE = """g (float[N, 8] x, float[8, 8] w) => (float[1, 8] y) {
    most = Constant <value_int = 9223372036854775807> ()
    shape = Shape (x)
    zero = Constant <value_int = 0> ()
    one = Constant <value_int = STEP> ()
    n = Gather (shape, zero)
    go = Less (zero, n)
    start = Slice (x, z1, o1)
    z1 = Constant <value_ints = [0]> ()
    o1 = Constant <value_ints = [1]> ()
    count, y = Loop (most, go, zero, start) <
        body = b (int64 i, bool c, int64 k, float[1, 8] s) => (bool d, int64 l, float[1, 8] t) {
        l = Add (k, one)
        d = Less (l, n)
        t = MatMul (s, w)
    }>
}"""


@pytest.mark.parametrize("step", [1, 3])
def test_a_counter_gives_the_number_of_trips_in_closed_form(step):
    found = walked(WHILE.replace("STEP", str(step)))
    for rows in (1, 2, 7, 40):
        trips = len(range(0, rows, step))
        assert substitute(found.multiply_adds, {"N": rows}) == trips * 64
    assert found.assumptions == ()


def test_a_known_counter_is_followed_trip_for_trip():
    assert walked(WHILE.replace("STEP", "3"), x=Tensor((40, 8))).multiply_adds == 14 * 64


def test_trips_that_only_a_run_knows_are_a_symbol_and_said():
    found = walked(
        WHILE.replace("STEP", "1").replace(
            "d = Less (l, n)", "r = RandomUniform <shape = [1]> ()  h = Less (r, r)  d = Squeeze (h)"
        )
    )
    assert formula_text(found.multiply_adds) == "64*loop_9"
    assert "how often it runs only a run knows" in found.assumptions[0]


def test_scans_count_for_each_slice():
    found = walked("""g (float[T, 8] x, float[2, 8] s, float[8, 8] w) => (float[2, 8] last, float[T, 2, 8] y) {
        last, y = Scan <num_scan_inputs = 1, body = b (float[2, 8] a, float[8] r) => (float[2, 8] c, float[2, 8] o) {
            m = MatMul (a, w)
            c = Add (m, r)
            o = Identity (c)
        }> (s, x)
    }""")
    assert formula_text(found.multiply_adds) == "128*T"
    assert formula_text(found.outputs["y"].shape[0]) == "T"


def test_functions_are_walked_with_the_attributes_of_the_call():
    found = walked("""g (float[2, 6] x) => (float[3, 4] y) { y = own.shaped <size: ints = [3, 4]> (x) }
    <domain: "own", opset_import: ["" : 21]>
    shaped <size> (p) => (q) { s = Constant <value_ints: ints = @size> ()  q = Reshape (p, s) }""")
    assert found.outputs["y"].shape == (3, 4)
    assert [step.path for step in found.steps] == [("shaped_0",), ("shaped_0",)]


def test_an_input_that_decides_a_shape_may_be_given():
    text = """g (float[2, 6] x, int64[2] size) => (float[a, b] y) { y = Reshape (x, size) }"""
    assert walked(text, size=Tensor((2,), INT64, (4, -1))).outputs["y"].shape == (4, 3)
    assert [formula_text(size) for size in walked(text).outputs["y"].shape] == ["(12//reshape_0)", "reshape_0"]


@pytest.mark.parametrize(
    ("rounding", "halves"),
    [("Floor", lambda n: n // 2), ("Ceil", lambda n: (n + 1) // 2), ("Identity", lambda n: n // 2)],
)
def test_sizes_that_go_through_floats_are_rounded_like_them(rounding, halves):
    found = walked(f"""g (float[n, 3] x) => (float[m, 3] y) {{
        shape = Shape <end = 1> (x)
        real = Cast <to = 1> (shape)
        half = Constant <value_floats = [0.5]> ()
        scaled = Mul (real, half)
        rounded = {rounding} (scaled)
        whole = Cast <to = 7> (rounded)
        three = Constant <value_ints = [3]> ()
        size = Concat <axis = 0> (whole, three)
        y = ConstantOfShape (size)
    }}""")
    size = found.outputs["y"].shape[0]
    for number in (2, 3, 7, 10):
        assert substitute(size, {"n": number}) == halves(number)
