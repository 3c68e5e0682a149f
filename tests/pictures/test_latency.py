"""Pictures of a measurement: well-formed XML whatever a name holds, every layer that computes, and what casts doubt."""

from __future__ import annotations

import re
import xml.etree.ElementTree as Tree
from dataclasses import replace
from typing import Any

import pytest

from inception_calc.latency.measured import Measurement
from inception_calc.latency.reading import read
from inception_calc.pictures.latency import LONGEST_TITLE, roofline, scatter
from inception_calc.pictures.vega import drawn
from tests.latency.made import measurement, timed

pytest.importorskip("vl_convert")

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert('x')</script> & \"quotes\" \x1b[31m"
PICTURES = pytest.mark.parametrize("make", [scatter, roofline])


def picture(make: Any, found: Measurement, title: str = "t") -> Tree.Element:
    return Tree.fromstring(drawn(make(title, found, read(found)), ".svg"))


def texts(root: Tree.Element) -> list[str]:
    return ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]


def dots(root: Tree.Element) -> list[Tree.Element]:
    """The marks that say what they are: one for each layer."""
    return [element for element in root.iter(f"{SVG}path") if " ms" in element.get("aria-label", "")]


def place(dot: Tree.Element) -> tuple[float, float]:
    x, y = re.fullmatch(r"translate\(([-\d.]+),([-\d.]+)\)", dot.get("transform", "")).groups()
    return float(x), float(y)


@PICTURES
def test_a_decade_is_a_decade(make):
    """Steps of ten are steps of one length."""
    units = [timed(10.0**n, f"c{n}", multiply_adds=10 ** (6 + 2 * n), size=10**5) for n in range(3)]
    (x0, y0), (x1, y1), (x2, y2) = map(place, dots(picture(make, measurement(*units))))
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.2)
    assert y1 - y0 == pytest.approx(y2 - y1, abs=0.2)
    assert x0 < x1 < x2


@PICTURES
@pytest.mark.parametrize("name", ["a" * 200, "\u7db2" * 200, "\x1b" * 200])
def test_a_long_name_is_cut_and_what_is_drawn_stays(make, name: str):
    found = measurement(timed(1.0, "c", multiply_adds=10**6, size=10**6))
    title = make(name, found, read(found))["signals"][0]
    assert title["name"] == "title"
    assert "...: " in title["value"]
    assert len(title["value"]) <= LONGEST_TITLE


@PICTURES
def test_the_roof_is_seen_wherever_the_dots_are(make):
    slow = timed(1.0, "slow", multiply_adds=10**6, size=10**6)  # 1 G multiply-adds/s below a roof of 50
    found = measurement(slow)
    spec = make("t", found, read(found))
    tables = {one["name"]: one["values"] for one in spec["data"]}
    for axis in ("x", "y"):
        low, high = (end(one[axis] for one in tables["within"]) for end in (min, max))
        assert any(low <= one[axis] <= high for one in tables["lines"])


@PICTURES
def test_names_are_text(make):
    found = measurement(timed(1.0, HOSTILE, multiply_adds=10**6, size=10**6), machine=HOSTILE)
    root = picture(make, found, HOSTILE)
    kinds = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert kinds <= {"svg", "g", "path", "text", "line", "rect", "defs", "clipPath", "title", "tspan", "style"}
    shown = "<script>alert('x')</script> & \"quotes\" \\x1b[31m"
    assert any(text.startswith(shown) for text in texts(root))
    assert dots(root)[0].get("aria-label").startswith(shown)


@PICTURES
def test_the_pictures_of_a_measurement_have_every_layer_that_computes(make):
    units = [timed(0.1 * n, f"c{n}", multiply_adds=n * 10**6, size=10**5) for n in range(1, 8)]
    found = measurement(*units, timed(3.0, "norm", kind="local response norm", multiply_adds=0))
    root = picture(make, found)
    assert sorted(dot.get("aria-label").split(":")[0] for dot in dots(root)) == [f"c{n}" for n in range(1, 8)]
    assert not any("http" in value for element in root.iter() for value in element.attrib.values())  # self-contained


@PICTURES
def test_a_picture_says_where_how_well_and_what_is_not_on_it(make):
    units = [timed(0.1 * n, f"c{n}", multiply_adds=n * 10**6, size=10**5) for n in range(1, 8)]
    norms = [timed(1.4, f"norm{n}", kind="local response norm", multiply_adds=0) for n in range(2)]
    found = measurement(*units, *norms, machine="<The & Machine>")
    said = "\n".join(texts(picture(make, found)))
    assert "<The & Machine>, 1 thread(s), ONNX Runtime 1, CPUExecutionProvider" in said
    assert "convolutions: R2 1.000" in said
    assert "not here, without multiply-adds (of the time): 2 local response norm (50%)" in said
    assert "too noisy" not in said


@PICTURES
def test_a_picture_of_a_noisy_or_interrupted_measurement_says_so(make):
    units = [timed(0.1 * n, f"c{n}", multiply_adds=n * 10**6, size=10**5) for n in range(1, 8)]
    found = replace(measurement(*units, cpu=(10.0, 10.0, 10.0)), interrupted=True)
    said = "\n".join(texts(picture(make, found)))
    assert f"too noisy to say: {found.noise}" in said
    assert "interrupted before all rounds had run" in said


@PICTURES
def test_a_network_without_multiply_adds_still_is_a_picture(make):
    assert not dots(picture(make, measurement(timed(1.0, kind="relu", multiply_adds=0))))
