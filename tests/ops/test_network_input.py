"""An input of the network by its name: `{input: text}`; several inputs, of one rank and of different ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_calc.dims import substitute
from inception_calc.graph import IMAGE
from inception_calc.problems import InputError, Undecided
from tests.helpers import analyzed, counts_of, layer, meant, names, problems
from tests.ops import loops
from tests.ops.layers import maps

TWO = """
name: two
input: {image: 3x16x16, text: 77}
rows:
  conv: {convolution: 3x3, filters: 8, padding: same}
  pool: {average pool: global}
  both: {concat: {picture: identity, words: [{input: text}, {linear: 5}]}}
  classes: {linear: 10}
"""


def network(entering: str, **rows: str) -> str:
    lines = "".join(f"  {name}: {step}\n" for name, step in rows.items())
    return f"name: t\ninput: {{{entering}}}\nrows:\n{lines}"


@given(maps(), maps())
def test_counts_are_those_of_the_walked_loops(x: loops.Map, other: loops.Map):
    """It is no layer: what reads it reads the input itself. A second image goes its own way."""
    image, mask = ("x".join(map(str, one)) for one in (x, other))
    pooled = "{input: mask, then: {average pool: global}}"
    text = network(
        f"image: {image}, mask: {mask}",
        a="{average pool: global}",
        b=pooled,
        c="{concat: {a: {output of: a}, b: identity}}",
    )
    net = analyzed(text)
    assert names(net) == ["a", "b/average pool", "c/concat"]
    assert counts_of(net.layers[1]) == loops.average_pool(other, *loops.whole(other))
    assert counts_of(net.layers[2]) == loops.concat([(x[0], 1, 1), (other[0], 1, 1)])
    assert net.layers[1].layer.inputs == (IMAGE - 1,)


def test_a_vector_joins_a_map_of_one_place():
    net = analyzed(TWO)
    assert [tuple(row.output) for row in net.rows] == [(8, 16, 16), (8, 1, 1), (13, 1, 1), (10, 1, 1)]
    words = layer(net, "both/words/linear")
    assert (words.params, words.multiply_adds, tuple(words.inputs[0])) == (77 * 5 + 5, 77 * 5, (77,))
    assert layer(net, "classes").params == 13 * 10 + 10


def test_a_vector_gates_a_map():
    gate = "{product: {map: identity, gate: [{input: text}, {linear: 3, activation: sigmoid}]}}"
    net = analyzed(network("image: 3x16x16, text: 77", gated=gate))
    assert net.rows[0].output == (3, 16, 16)
    assert layer(net, "gated/product").element_ops == 3 * 16 * 16


def test_the_first_row_may_take_another_input():
    net = analyzed(network("image: 3x4x4, text: 7", a="{input: text}", b="relu", c="{input: image}", d="relu"))
    assert [cost.layer.inputs for cost in net.layers] == [(IMAGE - 1,), (IMAGE,)]


@pytest.mark.parametrize(
    ("entering", "joined", "said"),
    [
        ("image: 3x16x16, mask: 1x8x8", "concat", "identity 16x16x3, other 8x8x1"),
        ("image: 3x16x16, text: 77", "concat", "identity 16x16x3, other 77"),
        ("image: 3x16x16, text: 77", "sum", "identity 16x16x3, other 77"),
        ("image: 3x16x16, audio: 3x16", "concat", "identity 16x16x3, other 16x3"),
        ("image: 3x16x16, audio: 3x16", "product", "identity 16x16x3, other 16x3"),
        ("text: 77, image: 3x16x16", "sum", "identity 77, other 16x16x3"),
    ],
)
def test_inputs_that_do_not_come_together_are_told_with_their_sizes(entering: str, joined: str, said: str):
    name = entering.rpartition(",")[2].partition(":")[0].strip()
    (problem,) = problems(network(entering, a=f"{{{joined}: {{identity: identity, other: {{input: {name}}}}}}}"))
    assert problem.code == "branches-differ"
    assert said in problem.what


def test_a_convolution_of_another_rank_says_both():
    text = network("image: 3x16x16, audio: 1x400", a="relu", b="{input: audio, then: {convolution: 3x3, filters: 2}}")
    (problem,) = problems(text)
    assert problem.code == "wrong-rank"


def test_what_is_wrong_elsewhere_raises_no_fault_of_rank_behind_another_input():
    """A negative padding has every step judged by itself, without sizes."""
    a = "{convolution: 3x3, filters: 2, padding: -1}"
    text = network("image: 3x16x16, audio: 1x400", a=a, b="{input: audio, then: {convolution: 5, filters: 2}}")
    assert [problem.code for problem in problems(text)] == ["too-small"]


def test_an_unknown_input_gets_the_nearest():
    (problem,) = problems(network("image: 3x16x16, text: 77", a="relu", b="{input: txt}"))
    assert problem.code == "unknown-input"
    assert (meant(problem), problem.fix) == ("txt", "did you mean 'text'?")


def test_an_input_without_a_name_is_told_how_it_gets_one():
    (problem,) = problems("name: t\ninput: 3x16x16\nrows: {a: {input: text}}")
    assert problem.code == "unknown-input"
    assert "input: {image: 3x16x16, text: 77}" in problem.fix


@pytest.mark.parametrize(
    ("entering", "code"),
    [
        ("image: 3x16x16, text: 77", "unused-input"),
        ("image: 3x16x16, image: 3x4x4", "duplicate-key"),
        ("size: 3x16x16", "reserved-name"),
        ("in put: 3x16x16", "bad-name"),
        ("image: big", "bad-input"),
        ("classes: 3x16x16", "twice"),
        ("a: 3x16x16", "twice"),
        ("", "bad-input"),
    ],
)
def test_names_that_cannot_be(entering: str, code: str):
    found = problems(f"name: t\ninput: {{{entering}}}\nsymbols: {{classes: 10}}\nrows: {{a: {{linear: classes}}}}")
    assert [problem.code for problem in found] == [code]
    assert found[0].location is not None
    assert found[0].location.line == 2


def test_a_symbol_that_says_how_large_an_input_is_cannot_be_declared():
    text = network("image: 3x16x16, mask: 3x16x16", a="{sum: {a: identity, b: {input: mask}}}")
    (problem,) = problems(f"{text}symbols: {{mask_size: 3}}")
    assert problem.code == "reserved-name"


def test_a_fault_of_the_inputs_has_no_faults_that_follow():
    (problem,) = problems(network("image: 3x16x16, text: 7.5", a="relu", b="{input: text}"))
    assert problem.code == "bad-input"


def test_a_variant_may_leave_an_input_unread():
    text = f"{TWO}variants: {{blind: {{rows: {{both: {{sequence: [relu]}}}}}}}}"
    assert analyzed(text, "blind").totals.params == (3 * 9 * 8 + 8) + (8 * 10 + 10)


def test_sizes_are_chosen_by_name_and_the_first_without():
    assert layer(analyzed(TWO, input={"text": (128,)}), "both/words/linear").multiply_adds == 128 * 5
    wide = analyzed(TWO, input=(3, 32, 32))
    assert wide.totals.multiply_adds == analyzed(TWO, input={"image": (3, 32, 32)}).totals.multiply_adds
    assert wide.rows[0].output == (8, 32, 32)
    for wrong in ({"txt": (128,)}, {"text": (1, 128)}, {"": (3, 4, 4)}):
        with pytest.raises(InputError):
            analyzed(TWO, input=wrong)


def test_symbols_of_the_first_input_have_no_prefix_and_those_of_others_have():
    joined = "{sum: {a: identity, b: {input: mask}}}"
    text = network("image: 3x16x16, mask: 3x16x16, sound: 1x100", a=joined, b="{input: sound, then: tanh}")
    longer = analyzed(text, symbols={"sound_length": 200, "batch": 2})
    assert layer(longer, "b/tanh").element_ops == 2 * 200
    with pytest.raises(Undecided):  # whether two free sizes are the same
        analyzed(text, symbols={"size": None, "mask_size": None})
    free = analyzed(text, symbols={"sound_length": None, "batch": None})
    assert free.free == ("batch", "sound_length")
    assert substitute(free.totals.element_ops, {"batch": 2, "sound_length": 200}) == longer.totals.element_ops


# -- sizes that follow from the first input's --------------------------------------------------------------------------

TIED = """
name: tied
input: {image: 3x16x16, mask: [1, height, width], low: [k, size // 2, size // 2]}
symbols: {k: 2}
rows:
  both: {concat: {image: identity, mask: {input: mask}}}
  conv: {convolution: 3x3, filters: 8, padding: same}
  pool: {max pool: 2x2/2}
  more: {concat: {pooled: identity, low: {input: low}}}
  out: {convolution: 1x1, filters: 2}
"""


def by_hand(size: int, k: int = 2) -> int:
    """Its multiply-adds."""
    return size**2 * 9 * 4 * 8 + (size // 2) ** 2 * (8 + k) * 2


@given(st.integers(2, 64), st.integers(1, 9))
def test_other_inputs_follow_the_first_and_symbols(size: int, k: int):
    assert analyzed(TIED, input=(3, size, size), symbols={"k": k}).totals.multiply_adds == by_hand(size, k)
    free = analyzed(TIED, symbols={"size": None, "k": None}).totals.multiply_adds
    assert substitute(free, {"size": size, "k": k}) == by_hand(size, k)


def test_a_size_of_its_own_goes_before_what_it_follows_from():
    chosen = analyzed(TIED, input={"mask": (3, 16, 16)})
    assert tuple(chosen.rows[0].output) == (6, 16, 16)
    (problem,) = problems(TIED, symbols={"mask_size": 8})
    assert problem.code == "branches-differ"


@pytest.mark.parametrize(
    ("entering", "code", "place"),
    [
        ("image: [3, 16, 16], mask: [1, sizes, sizes]", "unknown-symbol", "sizes"),
        ("image: [3, size, size], mask: [1, 16, 16]", "bad-input", "["),
        ("image: 3x16x16, mask: [1, 16, 16 +]", "bad-expression", "]"),
        ("image: 3x16x16, mask: [1, 2, 3, 4, 5]", "bad-input", "["),
        ("image: 3x16x16, mask: [0, 2, 3]", "too-small", "0"),
    ],
)
def test_sizes_that_cannot_be(entering: str, code: str, place: str):
    found = problems(network(entering, a="{sum: {a: identity, b: {input: mask}}}"))
    assert {problem.code for problem in found} == {code}
    assert meant(found[0]) == place


def test_a_size_that_comes_out_as_nothing_says_which():
    for wrong in ((3, 1, 1), (3, 16, 8)):
        (problem,) = problems(TIED, input=wrong)
        assert "the input 'low'" in problem.what
