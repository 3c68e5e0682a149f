"""A derivative against the counts one filter more and one filter less: exact, for no count is beyond quadratic."""

from __future__ import annotations

from fractions import Fraction

import pytest

from inception_calc.analysis import analyze
from inception_calc.formula import sensitivities
from tests.helpers import loaded, shipped


@pytest.mark.parametrize("name", ["googlenet", "vgg_a", "resnet50", "mobilenet_v2"])
def test_a_derivative_is_the_central_difference(name: str):
    spec = shipped(name)
    for found in sensitivities(spec)[:6]:
        more, fewer = (analyze(spec, symbols={found.cell: found.value + step}).totals for step in (1, -1))
        for metric in ("multiply_adds", "params"):
            central = Fraction(getattr(more, metric) - getattr(fewer, metric), 2)
            assert found.derivatives[metric] == central, (found.cell, metric)
            whole = getattr(analyze(spec).totals, metric)
            assert found.elasticities[metric] == central * found.value / whole


def test_the_most_elastic_comes_first():
    elasticities = [found.elasticities["multiply_adds"] for found in sensitivities(shipped("googlenet"))]
    assert elasticities == sorted(elasticities, reverse=True)
    assert len(elasticities) == 9 * 6 + 2 + 1  # nine modules, conv2's two columns, conv1


def test_the_degree_of_a_network_is_the_sum_of_its_elasticities():
    """Euler: a count that is quadratic in all widths together, without a fixed end, has elasticities that add to 2."""
    spec = loaded(
        "name: x\ninput: 3x8x8\nblocks:\n  pair:\n    columns: [a, b]\n"
        "    sequence: [{convolution: 1x1, filters: a, bias: false}, {convolution: 3x3, filters: b, bias: false}]\n"
        "rows:\n  first: {pair: [4, 6]}\n"
    )
    found = {one.cell: one.derivatives["params"] for one in sensitivities(spec)}
    assert found == {"first.a": 3 + 9 * 6, "first.b": 9 * 4}


def test_cells_that_cannot_change_alone_are_left_out():
    spec = loaded(
        "name: x\ninput: 3x8x8\nblocks:\n  twice:\n    columns: [width, times]\n"
        "    sequence: [{convolution: 1x1, filters: width, repeat: times}]\n"
        "rows:\n  first: {twice: [4, 2]}\n"
    )
    assert [one.cell for one in sensitivities(spec)] == ["first.width"]
