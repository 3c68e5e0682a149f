"""What the exported graphs compute: each operator run by ONNX Runtime against loops over numpy arrays."""

from __future__ import annotations

from math import ceil, floor

import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("onnxruntime")

from inception_calc.onnx_export.arrays import random_array  # noqa: E402 - behind the question whether they are there
from inception_calc.onnx_export.plan import plan  # noqa: E402
from inception_calc.onnx_run.runtime import Options, feeds_of, open_session  # noqa: E402
from tests.helpers import analyzed, rows  # noqa: E402


def shaped(shape: tuple[int, ...], *steps: str) -> str:
    """A spec of these steps on an input of any rank."""
    listed = "".join(f"  r{number}: {step}\n" for number, step in enumerate(steps))
    return f"name: test\ninput: {'x'.join(map(str, shape))}\nrows:\n{listed}"


def run(step: str, channels: int, height: int, width: int):
    """The input of one image, the output, and the arrays of a spec of one row, each by its local name."""
    planned = plan(rows(f"rows: {{r: {step}}}", channels, height, width))
    # Shifted, because biases of zero would hide that they are used.
    arrays = {array.array.name: random_array(array, 1) + np.float32(0.25) for array in planned.arrays}
    session = open_session(planned, Options(), lambda array: arrays[array.array.name])
    feeds = feeds_of(planned)
    (y,) = session.run(feeds)
    return feeds["input"][0], y[0], arrays


def padded(x, before, after, value=np.nan):
    return np.pad(x, ((0, 0), (before[0], after[0]), (before[1], after[1])), constant_values=value)


def pooled(x, kernel: int, stride: int, size: int, reduce):
    """Windows over a map padded with NaN, which `reduce` leaves out."""
    windows = [
        [x[:, i * stride : i * stride + kernel, j * stride : j * stride + kernel] for j in range(size)]
        for i in range(size)
    ]
    return np.stack([np.stack([reduce(w, axis=(1, 2)) for w in row], -1) for row in windows], 1)


def test_same_pads_less_before_than_behind():
    """TensorFlow: 3x3/2 on 6 pads nothing before and one behind."""
    x, y, arrays = run("{convolution: 3x3/2, filters: 2, padding: same}", 2, 6, 6)
    field = padded(x, (0, 0), (1, 1), 0)
    for f, i, j in np.ndindex(y.shape):
        window = field[:, 2 * i : 2 * i + 3, 2 * j : 2 * j + 3]
        assert y[f, i, j] == pytest.approx((window * arrays["weight"][f]).sum() + arrays["bias"][f], abs=1e-4)


def test_an_average_leaves_padding_out():
    x, y, _ = run("{average pool: 3x3/1, padding: same}", 2, 4, 4)
    assert np.allclose(y, pooled(padded(x, (1, 1), (1, 1)), 3, 1, 4, np.nanmean), atol=1e-5)


@pytest.mark.parametrize(("word", "reduce"), [("max pool", np.nanmax), ("average pool", np.nanmean)])
def test_rounding_up_ends_in_a_window_that_reaches_over_the_edge(word: str, reduce):
    """Caffe: 3x3/2 on 6 has ceil(3 / 2) + 1 = 3 positions; the last window sees two rows."""
    x, y, _ = run(f"{{{word}: 3x3/2, rounding: ceil}}", 2, 6, 6)
    assert np.allclose(y, pooled(padded(x, (0, 0), (1, 1)), 3, 2, 3, reduce), atol=1e-5)


def test_bins_of_a_pyramid_are_adaptive():
    """Language, rule 10, on a map of 7x5 that no grid divides; channels behind each other, level by level."""
    x, y, _ = run("{spatial pyramid pool: [3, 2, 1, 2]}", 2, 7, 5)
    expected = []
    for n in (3, 2, 1, 2):
        level = np.empty((2, n, n), np.float32)
        for i, j in np.ndindex(n, n):
            rows_ = slice(floor(i * 7 / n), ceil((i + 1) * 7 / n))
            columns = slice(floor(j * 5 / n), ceil((j + 1) * 5 / n))
            level[:, i, j] = x[:, rows_, columns].max((1, 2))
        expected.append(level.reshape(-1))
    assert np.allclose(y, np.concatenate(expected))


def test_a_connection_table_sees_the_maps_that_it_names():
    x, y, arrays = run("{convolution: 1x1, filters: 2, connections: [[0, 2], [1]]}", 3, 2, 2)
    first = x[0] * arrays["weight 0"][0, 0, 0, 0] + x[2] * arrays["weight 0"][0, 1, 0, 0] + arrays["bias 0"]
    assert np.allclose(y[0], first, atol=1e-5)
    assert np.allclose(y[1], x[1] * arrays["weight 1"][0, 0, 0, 0] + arrays["bias 1"], atol=1e-5)


def test_groups_see_their_own_maps():
    x, y, arrays = run("{convolution: 1x1, filters: 4, groups: 2, bias: false}", 4, 1, 1)
    kernels = arrays["weight"][:, :, 0, 0]
    assert np.allclose(y[:2, 0, 0], kernels[:2] @ x[:2, 0, 0], atol=1e-5)
    assert np.allclose(y[2:, 0, 0], kernels[2:] @ x[2:, 0, 0], atol=1e-5)


def test_a_dilated_depthwise_convolution_sees_every_other_element():
    x, y, arrays = run("{depthwise convolution: 3x3, dilation: 2}", 2, 7, 7)
    for c, i, j in np.ndindex(y.shape):
        window = x[c, i : i + 5 : 2, j : j + 5 : 2]
        assert y[c, i, j] == pytest.approx((window * arrays["weight"][c, 0]).sum() + arrays["bias"][c], abs=1e-4)


def test_a_linear_layer_reads_map_by_map_row_by_row():
    x, y, arrays = run("{linear: 5}", 2, 3, 4)
    assert np.allclose(y, arrays["weight"] @ x.reshape(-1) + arrays["bias"], atol=1e-4)


def test_radial_basis_functions_are_squared_distances():
    x, y, arrays = run("{rbf: 3}", 4, 1, 1)
    assert np.allclose(y, ((arrays["centres"] - x[:, 0, 0]) ** 2).sum(1), atol=1e-4)


def test_subsampling_is_a_sum_a_coefficient_and_a_bias():
    x, y, arrays = run("{subsampling: 2x2/2}", 2, 4, 4)
    sums = pooled(x, 2, 2, 2, np.sum)
    assert np.allclose(y, sums * arrays["coefficient"] + arrays["bias"], atol=1e-4)


def test_softmax_is_across_channels():
    x, y, _ = run("{softmax: }", 3, 2, 2)
    assert np.allclose(y, np.exp(x) / np.exp(x).sum(0), atol=1e-5)


def test_local_response_norm_is_krizhevskys():
    x, y, _ = run("{local response norm: 3}", 4, 1, 1)
    for c in range(4):
        near = x[max(0, c - 1) : c + 2]
        assert y[c, 0, 0] == pytest.approx(x[c, 0, 0] / (1 + 1e-4 / 3 * (near**2).sum()) ** 0.75, abs=1e-5)


@pytest.mark.parametrize("sides", [(), (5,), (2, 3, 4)])
def test_local_response_norm_of_other_ranks_is_the_same(sides: tuple[int, ...]):
    planned = plan(analyzed(shaped((4, *sides), "{local response norm: 3}")))
    feeds = feeds_of(planned)
    (y,) = open_session(planned, Options(), lambda array: random_array(array, 1)).run(feeds)
    x = feeds["input"]
    assert y.shape == x.shape
    for c in range(4):
        near = x[:, max(0, c - 1) : c + 2]
        assert np.allclose(y[:, c], x[:, c] / (1 + 1e-4 / 3 * (near**2).sum(1)) ** 0.75, atol=1e-5)


def test_a_network_of_vectors_runs():
    steps = ("{concat: {a: identity, b: {linear: 5}}}", "batch norm", "{rbf: 3}", "flatten", "softmax")
    planned = plan(analyzed(shaped((7,), *steps)))
    (y,) = open_session(planned, Options(), lambda array: random_array(array, 1)).run(feeds_of(planned))
    assert y.shape == (1, 3)
    assert y.sum() == pytest.approx(1)


def test_batch_norm_uses_running_statistics():
    x, y, arrays = run("{batch norm: }", 2, 2, 2)
    scale, shift, mean, variance = (arrays[n][:, None, None] for n in ("scale", "shift", "mean", "variance"))
    assert np.allclose(y, (x - mean) / np.sqrt(variance + 1e-5) * scale + shift, atol=1e-4)


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("{relu: }", lambda x: np.maximum(x, 0)),
        ("{relu6: }", lambda x: np.clip(x, 0, 6)),
        ("{tanh: }", np.tanh),
        ("{sigmoid: }", lambda x: 1 / (1 + np.exp(-x))),
        ("{scale: 0.17}", lambda x: 0.17 * x),
        ("{dropout: 0.5}", lambda x: x),
        ("{max pool: global}", lambda x: x.max((1, 2), keepdims=True)),
        ("{average pool: global}", lambda x: x.mean((1, 2), keepdims=True)),
        ("{flatten: }", lambda x: x.reshape(-1)),
        ("{concat: {a: {relu: }, b: {identity: }}}", lambda x: np.concatenate([np.maximum(x, 0), x])),
        ("{sum: {a: {relu: }, b: {identity: }, c: {identity: }}}", lambda x: np.maximum(x, 0) + 2 * x),
    ],
)
def test_operators_without_arrays(step: str, expected):
    x, y, _ = run(step, 3, 4, 5)
    assert np.allclose(y, expected(x), atol=1e-5)


@pytest.mark.parametrize(
    ("settings", "stride", "cut", "size"),
    [
        ("3x3/2", 2, 0, 9),
        ("3x3/2, padding: 1", 2, 1, 7),
        ("3x3/2, padding: 1, output padding: 1", 2, 1, 8),
        ("3x3/2, padding: same", 2, 0, 8),
        ("1x1/2, padding: same", 2, 0, 8),
    ],
)
def test_a_transposed_convolution_scatters(settings: str, stride: int, cut: int, size: int):
    """Every input element adds its kernel to the output at its own place; `cut` rows in front fall off."""
    x, y, arrays = run(f"{{transposed convolution: {settings}, filters: 3}}", 2, 4, 4)
    weight = arrays["weight"]
    field = np.zeros((3, 20, 20), np.float32)
    side = weight.shape[2]
    for c, i, j in np.ndindex(x.shape):
        rows_, columns = slice(i * stride, i * stride + side), slice(j * stride, j * stride + side)
        field[:, rows_, columns] += x[c, i, j] * weight[c]
    expected = field[:, cut : cut + size, cut : cut + size] + arrays["bias"][:, None, None]
    assert y.shape == (3, size, size)
    assert np.allclose(y, expected, atol=1e-4)


def test_upsampling_copies_or_interpolates():
    x, y, _ = run("{upsampling: 2x3}", 2, 3, 2)
    assert np.allclose(y, x.repeat(2, 1).repeat(3, 2))
    x, y, _ = run("{upsampling: 2x2, mode: bilinear}", 1, 2, 2)
    top = 0.75 * x[0, 0] + 0.25 * x[0, 1]  # the second row of the output lies a quarter of the way down
    assert y[0, 1, 1] == pytest.approx(0.75 * top[0] + 0.25 * top[1], abs=1e-5)
    assert y[0, 0, 0] == pytest.approx(x[0, 0, 0], abs=1e-5)


def test_a_gate_scales_its_map():
    step = "{product: {map: {identity: }, gate: [{average pool: global}, {linear: 3}, {sigmoid: }], more: {relu: }}}"
    x, y, arrays = run(step, 3, 4, 4)
    gate = 1 / (1 + np.exp(-(arrays["weight"] @ x.mean((1, 2)) + arrays["bias"])))
    assert np.allclose(y, x * gate[:, None, None] * np.maximum(x, 0), atol=1e-4)


def test_a_vector_joins_a_map():
    """Squeeze-and-excitation's shape: what a linear layer gives is a map of 1x1 for a join with one."""
    step = "{sum: {a: [{average pool: global}, {linear: 3}], b: {max pool: global}}}"
    x, y, arrays = run(step, 3, 4, 4)
    linear = arrays["weight"] @ x.mean((1, 2)) + arrays["bias"]
    assert np.allclose(y[:, 0, 0], linear + x.max((1, 2)), atol=1e-4)


def test_a_graph_of_free_size_runs_at_any_size():
    from dataclasses import replace

    text = "rows: {c: {convolution: 3x3/2, filters: 2, padding: same}, p: {max pool: 3x3/2, rounding: ceil}}"
    free = plan(rows(text, symbols={"size": None, "batch": None}))
    session = open_session(free, Options(), lambda array: random_array(array, 0))
    for size in (7, 12, 15):
        known = rows(text, 3, size, size)
        sized = replace(free, shapes={**free.shapes, "input": (2, 3, size, size)})
        (y,) = session.run(feeds_of(sized))
        assert y.shape == (2, *known.layers[-1].layer.output)


THREE = """
name: three
input: {image: 3x6x6, text: 5, audio: 2x9}
rows:
  gate:  {product: {map: identity, gate: [{input: text}, {linear: 3}]}}
  pool:  {average pool: global}
  sound: {input: audio, then: [{max pool: 3/3}, {average pool: global}]}
  met:   {concat: {picture: {output of: pool}, words: {input: text}, sound: identity}}
"""


def test_inputs_of_several_ranks_come_together_as_numpy_puts_them():
    """A gate for each channel, then three vectors end to end."""
    planned = plan(analyzed(THREE, batch=2))
    assert planned.inputs == ("image", "text", "audio")
    arrays = {array.array.name: random_array(array, 1) + np.float32(0.25) for array in planned.arrays}
    feeds = feeds_of(planned)
    assert {name: x.shape for name, x in feeds.items()} == {"image": (2, 3, 6, 6), "text": (2, 5), "audio": (2, 2, 9)}
    (y,) = open_session(planned, Options(), lambda array: arrays[array.array.name]).run(feeds)
    gates = feeds["text"] @ arrays["weight"].T + arrays["bias"]
    picture = (feeds["image"] * gates[:, :, None, None]).mean(axis=(2, 3))
    sound = feeds["audio"].reshape(2, 2, 3, 3).max(axis=3).mean(axis=2)
    assert np.allclose(y.reshape(2, -1), np.concatenate([picture, feeds["text"], sound], axis=1), atol=1e-5)
