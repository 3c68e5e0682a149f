"""Attention: `{attention: 12}` (Vaswani et al. 2017), with groups, caches, masks, tiles and another row's memory."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inception_calc.analysis import Analysis, LayerCost
from inception_calc.analysis.measures import Measures
from inception_calc.dims import substitute
from inception_calc.problems import InputError, Undecided
from tests.helpers import analyzed, layer
from tests.ops import loops


def net(step: str, shape: str, **setting) -> Analysis:
    return analyzed(f"name: t\ninput: {shape}\nrows:\n  m: identity\n  a: {{{step}}}\n", **setting)


def products_of(cost: LayerCost) -> tuple[int, int]:
    return cost.multiply_adds, cost.effective_multiply_adds


HEADS = st.sampled_from([(1, 1), (2, 1), (4, 2), (3, 3)])


@settings(max_examples=30)
@given(HEADS, st.integers(1, 3), st.integers(1, 6), st.integers(0, 4), st.booleans())
def test_products_are_those_of_the_walked_loops(heads, size, length, cached, causal):
    cached = cached if causal else 0
    total, groups = heads
    step = f"attention: {total}, key value heads: {groups}, head size: {size}, causal: {str(causal).lower()}"
    found = net(step + (f", cache: {cached}" if cached else ""), f"6x{length}")
    walked = loops.sequences.attention(total, size, length, cached + length, lambda q, k: not causal or k <= cached + q)
    for name in ("a/scores", "a/weighted sum"):
        assert products_of(layer(found, name)) == walked[1:]
    assert layer(found, "a/scores").layer.output.elements == walked.pairs
    assert layer(found, "a/scores").element_ops == walked.pairs * (1 + causal)
    assert layer(found, "a/softmax").element_ops == 3 * walked.pairs - total * length
    assert found.totals.weights == 6 * size * (2 * total + 2 * groups)


@settings(max_examples=20)
@given(st.sampled_from([(1,), (2,), (3,)]), st.tuples(st.integers(1, 3)), st.booleans(), st.integers(1, 2))
def test_tiles_of_a_row_are_those_of_the_walked_loops(window, tiles, shifted, heads):
    assert_tiles(window, tuple(w * t for w, t in zip(window, tiles, strict=True)), shifted, heads)


@settings(max_examples=20)
@given(st.tuples(st.integers(1, 3), st.integers(1, 3)), st.tuples(st.integers(1, 3), st.integers(1, 2)), st.booleans())
def test_tiles_of_a_map_are_those_of_the_walked_loops(window, tiles, shifted):
    assert_tiles(window, tuple(w * t for w, t in zip(window, tiles, strict=True)), shifted, 2)


def assert_tiles(window: tuple[int, ...], sides: tuple[int, ...], shifted: bool, heads: int) -> None:
    text = "x".join(map(str, window))
    step = (
        f"attention: {heads}, head size: 2, window: {text}, shifted: {str(shifted).lower()}, relative positions: true"
    )
    found = net(step, "x".join(map(str, (4, *sides))))
    shifts = tuple(tile // 2 if shifted and side > tile else 0 for side, tile in zip(sides, window, strict=True))
    walked = loops.sequences.windowed(heads, 2, sides, window, shifts)
    for name in ("a/scores", "a/weighted sum"):
        assert products_of(layer(found, name)) == walked[1:]
    offsets = 1
    for side in window:
        offsets *= len({q - k for q in range(side) for k in range(side)})
    assert layer(found, "a/scores").params == heads * offsets


def test_another_rows_memory_may_be_of_another_length_and_depth():
    text = "name: t\ninput: 6x8\nrows:\n  m: {convolution: 2/2, filters: 10}\n  q: {convolution: 1, filters: 6}\n"
    text += "  c: {convolution: 2/2, filters: 4}\n  a: {attention: 2, head size: 3, memory of: m}\n"
    found = analyzed(text)
    walked = loops.sequences.attention(2, 3, 2, 4, lambda q, k: True)
    assert products_of(layer(found, "a/scores")) == walked[1:]
    assert (layer(found, "a/query").weights, layer(found, "a/key").weights) == (4 * 6, 10 * 6)
    assert layer(found, "a/output").layer.output == (4, 2)


def test_decoding_one_token_costs_what_the_law_says():
    """The law of a block is quadratic without a cache, linear with one; both are one formula."""
    text = "name: t\ninput: 8x16\nsymbols: {cache: 0}\nrows: {a: {attention: 2, causal: true, cache: cache}}"
    free = analyzed(text, symbols={"length": None, "cache": None}).totals.multiply_adds
    for length, cache in ((1, 15), (16, 0), (5, 7)):
        counted = analyzed(text, symbols={"length": length, "cache": cache})
        assert substitute(free, {"length": length, "cache": cache}) == counted.totals.multiply_adds
        assert counted.totals.multiply_adds == 4 * 64 * length + 2 * 8 * length * (length + cache)
    half = analyzed(text, symbols={"length": None, "cache": 3}).layers[3].effective_multiply_adds
    assert substitute(half, {"length": 5}) == 2 * 4 * (5 * 3 + 15)


def test_whether_windows_are_shifted_hangs_on_the_size():
    """A map of one window is not shifted (torchvision sets the shift to 0), so the layers are other ones."""
    with pytest.raises(Undecided):
        net("attention: 2, window: 4x4, shifted: true", "4x8x8", symbols={"size": None})
    assert net("attention: 2, window: 4x4, shifted: true", "4x4x4").layers[0].layer.op.op == "linear"


def test_what_attention_sees():
    found = net("attention: 2, window: 2x3, head size: 2", "4x4x6")
    assert Measures(found).receptive_fields[-1].size == (2, 3)
    everything = net("attention: 2, head size: 2", "4x4x6")
    assert Measures(everything).receptive_fields[-1].size == (4, 6)


@pytest.mark.parametrize(
    ("step", "shape", "code", "words"),
    [
        ("attention: 5", "12x4", "no-multiple", ("12 channels", "10 or 15")),
        ("attention: 4, key value heads: 3", "12x4", "no-multiple", ("4 heads", "3 heads")),
        ("attention: 3, window: 7x7", "12x20x14", "no-multiple", ("7", "20", "14", "21")),
        ("attention: 3, cache: 5", "12x4", "contradiction", ("causal",)),
        ("attention: 3, shifted: true", "12x4", "contradiction", ("window",)),
        ("attention: 3, causal: true, memory of: m", "12x4", "contradiction", ("causal",)),
        ("attention: 3, window: 2, memory of: m", "12x4", "contradiction", ("window",)),
        ("attention: 3, causal: true, cache: 2, window: 2", "12x4", "contradiction", ("cache",)),
        ("attention: 3, causal: true, shifted: true, window: 2", "12x4", "contradiction", ("shifted",)),
        ("attention: 4, rotary: true", "12x4", "no-multiple", ("3", "4")),
        ("attention: 3, relative positions: true", "12x4", "missing-value", ("window", "32")),
        ("attention: 3, memory of: z", "12x4", "later-row", ("z",)),
        ("attention: 0", "12x4", "too-small", ("0",)),
    ],
)
def test_bad_settings_name_the_numbers_and_the_way_out(step, shape, code, words):
    with pytest.raises(InputError) as caught:
        net(step, shape)
    (problem,) = caught.value.problems
    assert problem.code == code
    assert problem.fix
    assert all(word in f"{problem.what} {problem.fix}" for word in words)
