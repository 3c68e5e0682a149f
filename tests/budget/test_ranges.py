"""Budgets over ranges of sizes: the proof against walking the whole range, and what cannot be proven."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inception_calc.analysis import analyze
from inception_calc.budget import ranges
from inception_calc.budget.models import read_range
from inception_calc.budget.ranges import largest
from inception_calc.dims import Growth, floor_div, maximum, substitute, symbol
from inception_calc.problems import Fault, InputError, Undecided
from tests.budget.scratch import net
from tests.helpers import loaded, shipped

METRICS = ("multiply_adds", "params", "activation_elements", "element_ops")


def measure(analysis):
    return {("", name): getattr(analysis.totals, name) for name in METRICS}


@pytest.mark.parametrize("name", ["googlenet", "mobilenet_v2", "densenet121", "alexnet", "inception_v4"])
def test_the_proof_gives_what_walking_the_range_gives(name, monkeypatch):
    sizes = read_range("3x{230..236}x{228..230}")
    spec = shipped(name)
    every = [(height, width) for height in range(230, 237) for width in (228, 229, 230)]
    walked = {
        key: max(found[key] for found in (measure(analyze(spec, input=(3, *size))) for size in every))
        for key in measure(analyze(spec))
    }
    monkeypatch.setattr(ranges, "FEW", 0)
    found = largest(spec, sizes, {}, measure)
    assert found.values == walked
    assert "proven for all 21 sizes" in found.how


def test_few_sizes_are_tried_one_by_one():
    found = largest(loaded(net(16)), read_range("3x{16..20}x18"), {}, measure)
    assert found.how == "all 5 sizes tried"
    assert found.values == measure(analyze(loaded(net(16)), input=(3, 20, 18)))


SPARSE = """
name: not growing
input: 3x16x16
rows:
  a: {convolution: 3x3, filters: 64 - size // 4}
"""


def test_what_does_not_grow_is_tried_or_undecided():
    spec = loaded(SPARSE.replace("size", "height"))
    few = largest(spec, read_range("3x{16..100}x32"), {}, measure)
    assert few.how == "all 85 sizes tried"
    assert few.values["", "params"] == (27 + 1) * (64 - 4)  # the smallest height has the most filters
    with pytest.raises(Undecided) as caught:
        largest(spec, read_range("3x{16..120}x{16..120}"), {}, measure)
    assert caught.value.problems[0].code == "no-proof"


def test_one_number_without_a_proof_leaves_the_others_theirs():
    """The bins of a spatial pyramid overlap by more or less: element ops need not grow, multiply-adds do."""
    found = largest(shipped("spp_zf5"), read_range("3x{224..300}x{224..300}"), {}, measure)
    assert found.unproven == (("", "element_ops"),)
    assert found.values["", "multiply_adds"] == analyze(shipped("spp_zf5"), input=(3, 300, 300)).totals.multiply_adds


def test_a_network_of_some_sizes_is_tried_where_they_are_few():
    with pytest.raises(InputError) as caught:
        largest(shipped("unet"), read_range("1x256x{256..336}"), {}, measure)
    assert "at input 1x256x257" in caught.value.problems[0].what


def test_a_network_that_does_not_fit_the_smallest_size_is_an_error():
    with pytest.raises(InputError) as caught:
        largest(shipped("alexnet"), read_range("3x{4..448}x{4..448}"), {}, measure)
    assert "at input 3x4x4" in caught.value.problems[0].what


@pytest.mark.parametrize(
    "text", ["3x{128..448}x", "3x{448..128}x5", "{1..3}x5x5", "3x{0..4}x5", "3x{1-4}x5", "3x224x224x", "x3x4"]
)
def test_ranges_that_cannot_be_read(text):
    with pytest.raises(Fault):
        read_range(text)


h, w = symbol("height"), symbol("width")
LEAVES = st.one_of(st.integers(-5, 9), st.sampled_from([h, w]))


def combined(inner):
    return st.one_of(
        st.tuples(inner, inner).map(lambda pair: pair[0] + pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] * pair[1]),
        st.tuples(inner, st.integers(2, 5)).map(lambda pair: floor_div(*pair)),
        st.tuples(inner, inner).map(lambda pair: maximum(*pair)),
        st.tuples(inner, inner).map(lambda pair: pair[0] - pair[1]),
    )


@settings(max_examples=80)
@given(st.recursive(LEAVES, combined, max_leaves=6), st.integers(1, 4), st.integers(1, 4))
def test_what_is_proven_to_grow_does_grow(value, low, across):
    if isinstance(value, int) or not Growth({"height": low, "width": across}).grows(value):
        return
    table = [
        [substitute(value, {"height": a, "width": b}) for b in range(across, across + 5)] for a in range(low, low + 5)
    ]
    assert all(row == sorted(row) for row in table)
    assert all(list(column) == sorted(column) for column in zip(*table, strict=True))


def test_the_proof_finds_what_obviously_grows_and_not_what_falls():
    growth = Growth({"height": 4, "width": 4})
    assert growth.grows((h - 3) * (w // 2) * 7)
    assert not growth.grows((h - 5) * w)  # negative at the lower end
    assert not growth.grows(100 - h)
    assert not growth.grows(symbol("batch"))


def test_a_range_in_quotes(scratch):
    """Inside of braces YAML wants quotes around it."""
    for text, style in (("'3x{16..18}x{16..18}'", "flow"), ("3x{16..18}x{16..18}", "block")):
        budget = {
            "flow": f"  - {{id: a, match: net.yaml, input: {text}, max: {{params: 1M}}}}\n",
            "block": f"  - id: a\n    match: net.yaml\n    input: {text}\n    max: {{params: 1M}}\n",
        }[style]
        scratch.budgets(f"budgets:\n{budget}")
        (judgement,) = scratch.check().judgements
        assert judgement.how == "all 9 sizes tried"


@pytest.mark.parametrize(
    ("text", "input", "step"),
    [
        ("2x{64..300}", "2x64", "{convolution: 3/2, filters: 4, padding: same}"),
        ("2x{4..9}x{6..9}x{6..9}", "2x4x6x6", "{max pool: 2x2x2/1}"),
    ],
)
def test_ranges_of_one_and_three_axes(text, input, step):  # noqa: A002 - the word of the spec
    spec = loaded(f"name: any rank\ninput: {input}\nrows: {{a: {step}}}\n")
    sizes = read_range(text)
    top = analyze(spec, input=(2, *(high for _, high in sizes.sides)))
    found = largest(spec, sizes, {}, measure)
    assert found.values == measure(top)
    assert "proven for all" in found.how
    with pytest.raises(InputError):  # another number of axes than the spec's
        largest(spec, read_range("2x{64..300}x5"), {}, measure)
