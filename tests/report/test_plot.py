"""Plots: well-formed XML whatever a name holds, and points where they belong."""

from __future__ import annotations

import xml.etree.ElementTree as Tree

import pytest

from inception_calc.latency.reading import read
from inception_calc.report.latency_plots import roofline, scatter
from inception_calc.report.plot import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Dots, Line, Plot, draw
from tests.latency.made import measurement, timed

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert('x')</script> & \"quotes\" \x1b[31m"


def drawn(*points: tuple[float, float], name: str = "dots") -> Tree.Element:
    plot = Plot(name, name, name, [Dots(name, points, [name] * len(points))], [Line(name, points)])
    return Tree.fromstring(draw(plot))


def test_a_decade_is_a_decade():
    """From 1 to 100 across: 10 lies in the middle."""
    circles = drawn((1, 1), (10, 10), (100, 100)).findall(f"{SVG}circle")
    places = [(float(c.get("cx")), float(c.get("cy"))) for c in circles if c.find(f"{SVG}title") is not None]
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    middle = ((LEFT + right) / 2, (TOP + bottom) / 2)
    assert places == [(LEFT, bottom), pytest.approx(middle), (right, TOP)]


def test_names_are_text():
    root = drawn((1, 1), name=HOSTILE)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "rect", "text", "line", "clipPath", "g", "polyline", "circle",
    }  # fmt: skip
    assert "<script>alert('x')</script> & \"quotes\" \\x1b[31m" in [element.text for element in root.iter(f"{SVG}text")]


def test_the_pictures_of_a_measurement_have_every_layer_that_computes():
    units = [timed(0.1 * n, f"c{n}", multiply_adds=n * 10**6, size=10**5) for n in range(1, 8)]
    found = measurement(*units, timed(3.0, "norm", kind="local response norm", multiply_adds=0))
    for text in (scatter("t", found, read(found)), roofline("t", found)):
        tips = [c.find(f"{SVG}title") for c in Tree.fromstring(text).findall(f"{SVG}circle")]
        assert sum(tip is not None for tip in tips) == 7
        assert "http" not in text.replace("http://www.w3.org/2000/svg", "")  # self-contained


def test_a_network_without_multiply_adds_still_is_a_picture():
    found = measurement(timed(1.0, kind="relu", multiply_adds=0))
    Tree.fromstring(scatter("t", found, read(found)))
    Tree.fromstring(roofline("t", found))
