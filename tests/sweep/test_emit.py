"""Specs that a sweep writes are read by the others and count what the sweep said."""

from __future__ import annotations

import pytest

from inception_calc import analyze
from inception_calc.spec_file import DEFAULT, shipped
from inception_calc.spec_file.load import Origin, load_text
from inception_calc.spec_file.written import yaml_text
from inception_calc.sweep.emit import spec_text
from inception_calc.sweep.run import sweep
from inception_calc.sweep.wording import Wording
from tests.helpers import shipped as spec_of


def read(text: str):
    def neighbour(name: str) -> Origin:
        raise AssertionError("a written spec needs no other")

    return load_text(Origin("written.yaml", text, neighbour))


@pytest.mark.parametrize("name", ["googlenet", "inception_v4", "densenet121", "lenet5", "unet", "se_resnet50"])
def test_a_spec_is_written_as_it_was_read(name: str):
    assert name in shipped.names()
    root = spec_of(name).root.copy()
    for part in ("variants", "printed", "claims", "reasons", "use"):
        root.values.pop(part, None)
    assert analyze(read(yaml_text(root)), training=True).totals == analyze(spec_of(name), training=True).totals


@pytest.mark.parametrize(
    "wording",
    [
        Wording("googlenet", {"3a.3x3 reduce": "16,64", "size": "192:224:32", "4?.1x1": "100"}),
        Wording("googlenet@naive", {"conv1.filters": "16,8", "classes": "10", "3a.repeat": "1:2"}),
        Wording("inception_module", {"variant": f"{DEFAULT},naive", "reduction": "32"}, input=(256, 14, 14)),
        Wording("vgg_a", {"*.units": "128"}, set={"height": "64"}),
    ],
)
def test_each_network_is_a_spec_of_its_own(wording: Wording):
    answer = sweep(wording.setup())
    points = list(answer.networks())
    assert len(points) == answer.setup.space.size
    for point in points:
        totals = analyze(read(spec_text(answer, point))).totals
        assert (totals.params, totals.multiply_adds) == point.metrics[:2]


def test_what_no_spec_can_say_stands_in_the_first_line():
    answer = sweep(Wording("googlenet", {"width_multiplier": "1/2", "batch": "4"}).setup())
    (point,) = answer.networks()
    assert spec_text(answer, point).partition("\n")[0].endswith("--set width_multiplier=1/2 --set batch=4")
