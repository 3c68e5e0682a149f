"""Peak activation memory against a run with real buffers (`liveness`), and by hand."""

from __future__ import annotations

from math import prod
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inception_calc.analysis import Analysis, analyze
from inception_calc.analysis.measures import Measures
from inception_calc.analysis.memory import peak_activation
from inception_calc.dims import substitute
from inception_calc.problems import Undecided
from inception_calc.spec_file import shipped as shipped_specs
from tests.analysis import liveness
from tests.helpers import analyzed, layer, rows, shipped, shipped_analysis


def assert_as_run(analysis: Analysis) -> None:
    """The peak, where it stands, and that what is said to be alive there adds up to it."""
    heap, peak = liveness.run(analysis.graph), peak_activation(analysis.graph)
    assert (peak.largest, peak.layer) == (heap.most, heap.most_at)
    assert sum(size for _, size in peak.alive) == heap.most


@pytest.mark.parametrize("name", shipped_specs.names())
def test_shipped_networks_need_what_a_run_of_them_takes(name: str):
    assert_as_run(shipped_analysis(name))


# -- random graphs ----------------------------------------------------------------------------------------------------

LEAVES = [
    "relu", "tanh", "{dropout: 0.5}", "batch norm", "softmax", "identity", "{convolution: 1x1, filters: 2}",
    "{convolution: 1x1, filters: 4, batch norm: true, activation: relu}", "{convolution: 3x3, filters: 4, padding: 1}",
    "{max pool: 3x3/1, padding: 1}",
]  # fmt: skip


@st.composite
def steps(draw: st.DrawFn, depth: int = 2) -> str:
    """A step that keeps height and width; sums and products get branches of one depth."""
    kind = draw(st.sampled_from(["leaf", "leaf", "concat", "sum", "product", "sequence"])) if depth else "leaf"
    if kind == "leaf":
        return draw(st.sampled_from(LEAVES))
    if kind == "sequence":
        inner = draw(st.lists(steps(depth - 1), min_size=1, max_size=3))
        return f"{{sequence: {{{', '.join(f's{i}: {step}' for i, step in enumerate(inner))}}}}}"
    branches = draw(st.lists(steps(depth - 1), min_size=1, max_size=3))
    if kind != "concat":
        branches = [
            f"{{sequence: {{in: {branch}, on: {{convolution: 1x1, filters: 4}}, end: relu}}}}" for branch in branches
        ]
    return f"{{{kind}: {{{', '.join(f'b{i}: {branch}' for i, branch in enumerate(branches))}}}}}"


@st.composite
def networks(draw: st.DrawFn) -> str:
    """Rows, some of which take the output of an earlier one; perhaps flattened at the end."""
    body, count = "", draw(st.integers(1, 5))
    for i in range(count):
        step = draw(steps())
        if i and draw(st.booleans()):
            earlier = f"{{output of: r{draw(st.integers(0, i - 1))}}}"
            step = draw(st.sampled_from([earlier, f"{{concat: {{skip: {earlier}, on: {step}}}}}"]))
        body += f"  r{i}: {step}\n"
    if draw(st.booleans()):
        body += f"  flat: {{concat: {{a: [flatten, relu], b: [{draw(st.sampled_from(LEAVES))}, flatten]}}}}\n"
    return f"rows:\n{body}"


@settings(max_examples=150)
@given(networks(), st.integers(1, 3))
def test_random_graphs_need_what_a_run_of_them_takes(text: str, batch: int):
    assert_as_run(rows(text, 4, 3, 3, batch=batch))


@settings(max_examples=60)
@given(networks(), st.integers(0, 2), st.booleans())
def test_every_input_is_alive_until_it_was_read_for_the_last_time(text: str, more: int, last: bool):
    """Some are read at once, some only at the end of the network."""
    names = [f"other{number}" for number in range(more)]
    reads = "".join(f", {name}: {{input: {name}}}" for name in names)
    joined = f"  joined: {{concat: {{a: {'{output of: r0}' if last else 'identity'}{reads}}}}}\n"
    body = text.removeprefix("rows:\n")
    sizes = "".join(f", {name}: {number + 2}x3x3" for number, name in enumerate(names))
    lines = body + joined if last else f"{joined}  narrow: {{convolution: 1x1, filters: 4}}\n{body}"
    assert_as_run(analyzed(f"name: t\ninput: {{image: 4x3x3{sizes}}}\nrows:\n{lines}"))


def test_an_input_that_a_variant_leaves_unread_is_given_back_at_once():
    text = (
        "name: t\ninput: {image: 1x4x4, mask: 9x4x4}\nrows:\n  a: {convolution: 1x1, filters: 2}\n"
        "  b: {concat: {a: identity, m: {input: mask}}}\nvariants: {plain: {rows: {b: relu}}}"
    )
    assert_as_run(analyzed(text, "plain"))
    peak = peak_activation(analyzed(text, "plain").graph)
    assert (peak.largest, peak.layer, list(peak.live)) == (160, "image", [48, 32])


# -- by hand ----------------------------------------------------------------------------------------------------------


def peak_of(text: str, **setting) -> tuple[object, str]:
    peak = peak_activation(rows(text, 2, 4, 4, **setting).graph)
    return peak.largest, peak.layer


def test_vgg_d_holds_two_maps_of_64x224x224():
    """While conv1_2 runs: 2 x 64 x 224 x 224 numbers of 4 bytes."""
    measures = Measures(shipped_analysis("vgg_d"))
    assert measures.peak_activation_bytes(measures.analysis.whole) == 2 * 64 * 224 * 224 * 4 == 25_690_112
    assert measures.peak.layer == "conv1_2"
    assert [size for _, size in measures.peak.alive] == [64 * 224 * 224] * 2


def test_a_chain_holds_input_and_output_of_the_layer_that_runs():
    """The image has 32 numbers, the maps 48 and 16."""
    chain = "rows: {a: {convolution: 1x1, filters: 3}, b: {convolution: 1x1, filters: 1}}"
    assert peak_of(chain) == (32 + 48, "a")


def test_an_activation_overwrites_its_input():
    assert peak_of("rows: {a: {convolution: 1x1, filters: 3, batch norm: true, activation: relu}}") == (32 + 48, "a")


def test_nobody_overwrites_the_image():
    assert peak_of("rows: {a: relu}") == (64, "a")
    assert peak_of("rows: {a: flatten, b: relu}") == (64, "b")


def test_an_activation_does_not_overwrite_what_another_branch_reads():
    """a (32) is read by relu and by the sum: relu has 32 of its own, the sum 32 more; the image is gone."""
    net = "rows: {a: {convolution: 1x1, filters: 2}, s: {sum: {shortcut: identity, residual: relu}}}"
    assert peak_of(net) == (32 + 32 + 32, "s/sum")
    shared = rows(net, 2, 4, 4)
    assert layer(shared, "s/residual").activation_elements == 32


def test_nor_does_it_through_a_view():
    """flatten only renames a, which the second branch reads after relu."""
    net = (
        "rows: {a: {convolution: 1x1, filters: 2}, c: {concat: {x: [flatten, relu], y: [{max pool: 1x1/1}, flatten]}}}"
    )
    assert layer(rows(net, 2, 4, 4), "c/x/relu").activation_elements == 32


def test_a_concatenation_is_written_in_place():
    """Branches of 16 and 48 from an image of 32: all are alive while the second one runs, and nothing more after."""
    net = "rows: {c: {concat: {a: {convolution: 1x1, filters: 1}, b: {convolution: 1x1, filters: 3}}}}"
    assert peak_of(net) == (32 + 16 + 48, "c/b")


def test_a_concatenation_with_a_map_that_others_have_too_is_copied():
    net = "rows: {c: {concat: {a: identity, b: {convolution: 1x1, filters: 3}}}}"
    assert peak_of(net) == (32 + 48 + 80, "c/concat")


def test_a_skip_keeps_its_map_alive():
    """down (64) waits under pool (16) and up (64); the join copies nothing that was made for it alone."""
    net = """
        rows:
          down: {convolution: 1x1, filters: 4}
          pool: {max pool: 2x2/2}
          up:   {transposed convolution: 2x2/2, filters: 4}
          skip: {sum: {copy: {output of: down}, up: identity}}
    """
    assert peak_of(net) == (64 + 64 + 64, "skip/sum")


def test_the_last_row_may_be_an_earlier_one_which_is_then_held_to_the_end():
    net = "rows: {a: {convolution: 1x1, filters: 3}, b: relu, c: {convolution: 1x1, filters: 4}, d: {output of: a}}"
    assert peak_of(net) == (48 + 48 + 64, "c")


def test_heads_are_left_out():
    training, inference = (peak_activation(shipped_analysis("googlenet", flag).graph) for flag in (True, False))
    assert training == inference


def test_a_head_does_not_change_what_the_body_overwrites():
    body = "rows: {a: {convolution: 1x1, filters: 3}, b: relu}\nheads: {h: {after: a, linear: 1}}"
    assert peak_of(body, training=True) == peak_of(body)


@given(st.integers(1, 100))
def test_the_batch_multiplies_it(batch: int):
    one, many = shipped_analysis("inception_module"), analyze(shipped("inception_module"), batch=batch)
    assert peak_activation(many.graph).largest == batch * peak_activation(one.graph).largest


@pytest.mark.parametrize(("dtype", "size"), [("fp32", 4), ("fp16", 2), ("bf16", 2), ("int8", 1)])
def test_the_data_type_decides_the_bytes(dtype: str, size: int):
    measures = Measures(analyze(shipped("vgg_d"), dtype=dtype))
    assert measures.peak_activation_bytes(measures.analysis.whole) == 2 * 64 * 224 * 224 * size


def test_rows_have_the_peak_of_their_layers():
    measures = Measures(shipped_analysis("vgg_d"))
    peaks = {row.name: measures.peak_activation_bytes(row) for row in measures.analysis.rows}
    assert peaks["conv1_1"] == 4 * (3 + 64) * 224 * 224
    assert peaks["pool1"] == 4 * 64 * (224 * 224 + 112 * 112)


def test_a_free_batch_leaves_a_formula():
    free = peak_activation(analyze(shipped("vgg_d"), symbols={"batch": None}).graph).largest
    assert substitute(free, {"batch": 3}) == 3 * 2 * 64 * 224 * 224


def test_where_a_free_size_decides_which_layer_peaks_it_is_undecided():
    """Two maps of 2 channels and the image, or one vector of 1000."""
    net = rows("rows: {a: {convolution: 1x1, filters: 1}, g: {average pool: global}, f: {linear: 1000}}",
               1, symbols={"size": None})  # fmt: skip
    with pytest.raises(Undecided):
        peak_activation(net.graph)


# -- files with several outputs ---------------------------------------------------------------------------------------


def of_file(tmp_path: Path, nodes: list[Any], inputs: dict[str, list[int]], outputs: dict[str, list[int]]) -> Analysis:
    helper = pytest.importorskip("onnx").helper
    values = [[helper.make_tensor_value_info(*one) for one in _typed(of)] for of in (inputs, outputs)]
    weights = [helper.make_tensor(name, 1, shape, [0.0] * prod(shape)) for name, shape in WEIGHTS.items()]
    splits = helper.make_tensor("parts", 7, [2], [1, 3])
    graph = helper.make_graph(
        [helper.make_node(*node[:3], **node[3]) for node in nodes], "g", *values, [*weights, splits]
    )
    path = tmp_path / "model.onnx"
    path.write_bytes(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)]).SerializeToString())
    return analyze(str(path))


def _typed(sizes: dict[str, list[int]]) -> list[tuple[str, int, list[int]]]:
    return [(name, 1, size) for name, size in sizes.items()]


WEIGHTS = {"wide": [10, 1, 1, 1], "narrow": [2, 3, 1, 1]}
SPLIT = [
    ("Split", ["x", "parts"], ["one", "rest"], {"axis": 1}),
    ("Conv", ["one", "wide"], ["c"], {}),
    ("Conv", ["rest", "narrow"], ["d"], {}),
]


def test_each_output_of_a_layer_is_given_back_by_itself_and_those_of_the_network_never(tmp_path: Path):
    """4x8x8 in: the part of one channel goes after the first convolution, whose output the caller keeps."""
    x, one, rest, c, d = (64 * channels for channels in (4, 1, 3, 10, 2))
    net = of_file(tmp_path, SPLIT, {"x": [1, 4, 8, 8]}, {"d": [1, 2, 8, 8], "c": [1, 10, 8, 8]})
    peak = peak_activation(net.graph)
    assert peak.live == (x + one + rest, one + rest + c, rest + c + d)
    assert (peak.largest, peak.alive) == (rest + c + d, (("Split_0", rest), ("Conv_1", c), ("Conv_2", d)))
    assert_as_run(net)


def test_an_output_that_the_network_does_not_give_goes_when_it_was_read(tmp_path: Path):
    net = of_file(tmp_path, SPLIT, {"x": [1, 4, 8, 8]}, {"d": [1, 2, 8, 8]})
    assert peak_activation(net.graph).live[-1] == 64 * (3 + 2)
    assert_as_run(net)


def test_the_depth_of_a_file_is_that_of_its_deepest_output(tmp_path: Path):
    deeper = [*SPLIT, ("Conv", ["rest", "narrow"], ["e"], {}), ("Conv", ["f", "wide"], ["g"], {})]
    deeper.insert(4, ("ReduceSum", ["e"], ["f"], {"keepdims": 1}))
    outputs = {"d": [1, 2, 8, 8], "g": [1, 10, 1, 1]}
    assert of_file(tmp_path, deeper, {"x": [1, 4, 8, 8]}, outputs).totals.depth == 2
    assert of_file(tmp_path, deeper, {"x": [1, 4, 8, 8]}, {"d": [1, 2, 8, 8]}).totals.depth == 1
