"""What exported attentions and recurrent layers compute, against the papers' equations over numpy arrays."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("onnxruntime")

from inception_calc.onnx_export.arrays import random_array  # noqa: E402 - behind the question whether they are there
from inception_calc.onnx_export.plan import plan  # noqa: E402
from inception_calc.onnx_run.runtime import Options, feeds_of, open_session  # noqa: E402
from tests.helpers import analyzed  # noqa: E402


def run(step: str, shape: tuple[int, ...]):
    """The input of one sample, the output, and the arrays of one step by the layer and their name."""
    planned = plan(analyzed(f"name: t\ninput: {'x'.join(map(str, shape))}\nrows: {{r: {{{step}}}}}\n"))
    arrays = {array.name: random_array(array, 1) + np.float32(0.25) for array in planned.arrays}
    session = open_session(planned, Options(), lambda array: arrays[array.name])
    feeds = feeds_of(planned)
    (y,) = session.run(feeds)
    return feeds["input"][0], y[0], {name.removeprefix("r/"): array for name, array in arrays.items()}


def projected(x, arrays, name: str):
    return arrays[f"{name}/weight"] @ x + arrays[f"{name}/bias"][:, None]


def attended(q, k, v, visible, added=0.0):
    """One head: softmax(q k / sqrt(d)) v over the pairs that are visible; columns are positions."""
    scores = q.T @ k / np.sqrt(len(q)) + added
    scores = np.where(visible, scores, -np.inf)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    weights /= weights.sum(-1, keepdims=True)
    return v @ weights.T


def heads_of(matrix, count: int):
    return np.split(matrix, count)


@pytest.mark.parametrize(
    ("setting", "groups", "cached"),
    [
        ("", 4, 0),
        (", causal: true", 4, 0),
        (", causal: true, cache: 3", 4, 3),
        (", key value heads: 2, causal: true", 2, 0),
    ],
)
def test_attention_is_equation_1_of_its_paper(setting: str, groups: int, cached: int):
    x, y, arrays = run(f"attention: 4{setting}", (8, 5))
    q, k, v = (projected(x, arrays, name) for name in ("query", "key", "value"))
    if cached:
        k = np.concatenate([arrays["scores/cached keys"][0], k], 1)
        v = np.concatenate([arrays["weighted sum/cached values"][0], v], 1)
    queries, keys = np.arange(5)[:, None], np.arange(cached + 5)[None, :]
    visible = keys <= cached + queries if "causal" in setting else np.ones((5, cached + 5), bool)
    outputs = [
        attended(head, heads_of(k, groups)[number * groups // 4], heads_of(v, groups)[number * groups // 4], visible)
        for number, head in enumerate(heads_of(q, 4))
    ]
    assert np.allclose(y, projected(np.concatenate(outputs), arrays, "output"), atol=1e-4)


@pytest.mark.parametrize("shifted", [False, True])
def test_tiles_are_swins(shifted: bool):
    """Liu et al. 2021: roll, attention inside tiles with a bias for each offset, masked between edges, roll back."""
    side, tile, heads = 4, 2, 2
    x, y, arrays = run(
        f"attention: {heads}, window: 2x2, relative positions: true, shifted: {str(shifted).lower()}", (4, side, side)
    )
    shift = tile // 2 if shifted else 0
    moved = np.roll(x, (-shift, -shift), (1, 2))
    places = [(i, j) for i in range(side) for j in range(side)]
    flat = np.stack([moved[:, i, j] for i, j in places], 1)
    q, k, v = (projected(flat, arrays, name) for name in ("query", "key", "value"))
    pairs = [(a, b) for a in places for b in places]

    def edge(at: int) -> bool:
        return at + shift >= side

    visible = [all(m // tile == n // tile and edge(m) == edge(n) for m, n in zip(a, b, strict=True)) for a, b in pairs]
    offsets = [(a[0] - b[0] + tile - 1) * (2 * tile - 1) + a[1] - b[1] + tile - 1 for a, b in pairs]
    visible = np.array(visible).reshape(16, 16)
    offsets = np.where(visible, np.array(offsets).reshape(16, 16), 0)
    by_head = zip(*(heads_of(part, heads) for part in (q, k, v)), strict=True)
    outputs = [
        attended(*parts, visible, arrays["scores/offsets"][offsets, number]) for number, parts in enumerate(by_head)
    ]
    found = projected(np.concatenate(outputs), arrays, "output").reshape(-1, side, side)
    assert np.allclose(y, np.roll(found, (shift, shift), (1, 2)), atol=1e-4)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


@pytest.mark.parametrize(("bias", "biases"), [("two", 2), ("one", 1), ("none", 0)])
def test_an_lstm_is_its_equations(bias: str, biases: int):
    """ONNX's order of gates: input, output, forget, cell."""
    x, y, arrays = run(f"lstm: 3, bias: {bias}", (4, 5))
    weights, state_weights = arrays["input weights"][0], arrays["state weights"][0]
    added = arrays["biases"][0].reshape(biases, 12).sum(0) if biases else 0.0
    state, cell = np.zeros(3), np.zeros(3)
    for step in range(5):
        i, o, f, c = np.split(weights @ x[:, step] + state_weights @ state + added, 4)
        cell = sigmoid(f) * cell + sigmoid(i) * np.tanh(c)
        state = sigmoid(o) * np.tanh(cell)
        assert np.allclose(y[:, step], state, atol=1e-4)


def test_the_last_of_both_directions():
    """Forwards it is the last step's, backwards the first step's: what PyTorch's h_n holds."""
    _, y, _ = run("rnn: 3, bidirectional: true, returns: last", (4, 5))
    _, every, _ = run("rnn: 3, bidirectional: true", (4, 5))
    assert np.allclose(y[:, 0], np.concatenate([every[:3, -1], every[3:, 0]]), atol=1e-6)
