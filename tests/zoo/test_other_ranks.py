"""C3D, M11 and the TCN counted by hand: sums over lists of layers that stand in their papers, sharing no code."""

from __future__ import annotations

from math import prod

import pytest

from inception_calc.analysis import analyze
from tests.helpers import shipped_analysis


def convolutions(layers, sides):
    """Sum of (in, out, kernel, stride) convolutions padded to ceil(n / s); pools are (None, None, kernel, stride)."""
    params = ops = 0
    for into, out, kernel, stride in layers:
        sides = [-(-n // s) for n, s in zip(sides, stride, strict=True)]
        if into is not None:
            params += into * out * prod(kernel) + out
            ops += into * out * prod(kernel) * prod(sides)
    return params, ops, sides


@pytest.mark.parametrize("classes", [487, 101])
def test_c3d(classes: int):
    """Figure 3: eight convolutions of 3x3x3, five pools, two linear layers of 4,096 on 512 x 1 x 4 x 4."""
    pool1, pool = (None, None, (1, 2, 2), (1, 2, 2)), (None, None, (2, 2, 2), (2, 2, 2))
    conv = [(a, b, (3, 3, 3), (1, 1, 1)) for a, b in
            [(3, 64), (64, 128), (128, 256), (256, 256), (256, 512), (512, 512), (512, 512), (512, 512)]]  # fmt: skip
    layers = [conv[0], pool1, conv[1], pool, *conv[2:4], pool, *conv[4:6], pool, *conv[6:], pool]
    params, ops, sides = convolutions(layers, (16, 112, 112))
    assert sides == [1, 4, 4]
    linear = 512 * 16 * 4096 + 4096 * 4096 + 4096 * classes
    found = analyze("c3d", symbols={"classes": classes}).totals
    assert found.params == params + linear + 4096 + 4096 + classes
    assert found.multiply_adds == ops + linear
    assert round(found.multiply_adds / 1e9, 1) == 38.5  # as those print who count it for 16 x 112 x 112
    if classes == 101:
        assert round(found.params / 1e6, 2) == 78.41  # the common count of the UCF101 network


@pytest.mark.parametrize(
    ("variant", "blocks"),
    [
        ("default", [(64, 2), (128, 2), (256, 3), (512, 2)]),
        ("m3", [(256, 1)]),
        ("m5", [(128, 1), (256, 1), (512, 1)]),
        ("m18", [(64, 4), (128, 4), (256, 4), (512, 4)]),
    ],
)
def test_m11(variant: str, blocks: list[tuple[int, int]]):
    """Table 1: a window of 80 by 4, then blocks of windows of 3, a pool of 4 between; batch norm everywhere."""
    width, length = blocks[0][0], 32_000 // 4
    params, ops = 80 * width + width + 2 * width, 80 * width * length
    before = width
    for width, times in blocks:
        length //= 4
        for _ in range(times):
            params += 3 * before * width + width + 2 * width
            ops += 3 * before * width * length
            before = width
    found = shipped_analysis(f"m11@{variant}").totals
    assert found.params == params + before * 10 + 10
    assert found.multiply_adds == ops + before * 10
    assert found.depth == 2 + sum(times for _, times in blocks)


def test_tcn():
    """The authors' code for sequential MNIST: eight levels of two windows of 7 and 25 wide, dilations 1 to 128."""
    first = 7 * 1 * 25 + 25 + 7 * 25 * 25 + 25 + (1 * 25 + 25)
    level = 2 * (7 * 25 * 25 + 25)
    found = shipped_analysis("tcn")
    assert found.totals.params == first + 7 * level + 25 * 10 + 10
    assert found.totals.multiply_adds == 784 * (7 * 25 + 7 * 625 + 25 + 7 * 2 * 7 * 625 + 25 * 10)
    from inception_calc.analysis.measures import Measures

    sees = Measures(found).receptive_fields[-1]
    assert sees.size == (1 + 2 * (7 - 1) * (2**8 - 1),)  # section 3.3: two windows a level, doubled each time
    assert sees.offset == (1 - sees.size[0],)  # nothing that comes later
