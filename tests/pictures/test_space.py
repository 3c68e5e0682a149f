"""The picture of a sweep has the front and, behind it, networks that fit."""

from __future__ import annotations

from inception_calc.pictures.space import space_picture
from inception_calc.sweep.run import sweep
from inception_calc.sweep.wording import Wording

CELLS = {"3a.3x3 reduce": "64:96:16", "4*.5x5": "32,64"}


def tables(wording: Wording) -> dict[str, list[tuple[int, int]]]:
    """Source -> multiply-adds and params of its dots."""
    made = space_picture(sweep(wording.setup()))
    return {one["name"]: [(dot["x"], dot["y"]) for dot in one["values"]] for one in made["data"]}


def costs(wording: Wording) -> list[tuple[int, int]]:
    return sorted(point.metrics[1::-1] for point in sweep(wording.setup()).networks())


def test_every_network_of_a_small_space_is_a_dot_and_those_of_the_front_are_joined():
    plain = Wording("googlenet", CELLS, max=("multiply_adds=1.56G",))
    front = Wording("googlenet", CELLS, max=plain.max, pareto="-params,multiply_adds")
    assert tables(front) == {"cloud": costs(plain), "front": costs(front)}
    assert 0 < len(costs(front)) <= len(costs(plain))
    assert tables(plain) == {"cloud": costs(plain), "front": []}


def test_the_front_decides_the_axes():
    wording = Wording("googlenet", CELLS, pareto="peak_activation_bytes,-weights")
    made = space_picture(sweep(wording.setup()))
    signals = {one["name"]: one["value"] for one in made["signals"]}
    assert (signals["up"], signals["across"]) == ("peak activation bytes", "weights")
