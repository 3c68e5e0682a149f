"""Plots: well-formed XML whatever a name holds, and points where they belong."""

from __future__ import annotations

import xml.etree.ElementTree as Tree
from dataclasses import replace

import pytest

from inception_calc.latency.reading import read
from inception_calc.report.latency_plots import roofline, scatter
from inception_calc.report.plot import (
    BOTTOM,
    HEIGHT,
    LEFT,
    LONGEST_TITLE,
    RIGHT,
    TOP,
    WIDTH,
    Dots,
    Line,
    Plot,
    draw,
)
from inception_calc.report.text import cell_width
from tests.latency.made import measurement, timed

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert('x')</script> & \"quotes\" \x1b[31m"


def drawn(*points: tuple[float, float], name: str = "dots") -> Tree.Element:
    plot = Plot(name, "what", name, name, [Dots(name, points, [name] * len(points))], [Line(name, points)])
    return Tree.fromstring(draw(plot))


def test_a_decade_is_a_decade():
    """Steps of ten are steps of one length, all inside the frame."""
    circles = drawn((1, 1), (10, 10), (100, 100)).findall(f"{SVG}circle")
    places = [(float(c.get("cx")), float(c.get("cy"))) for c in circles if c.find(f"{SVG}title") is not None]
    (x0, y0), (x1, y1), (x2, y2) = places
    assert (x1 - x0, y0 - y1) == pytest.approx((x2 - x1, y1 - y2), abs=0.2)
    assert LEFT < x0 < x1 < x2 < WIDTH - RIGHT
    assert HEIGHT - BOTTOM > y0 > y1 > y2 > TOP


@pytest.mark.parametrize(
    ("points", "ticks"),
    [
        ([(2.5, 1), (30, 1)], ["2", "5", "10", "20", "50"]),
        ([(9.9e5, 1), (2e9, 1)], ["1M", "10M", "100M", "1G"]),
        ([(0.003, 1)], ["0.002", "0.005"]),
    ],
)
def test_axes_begin_and_end_at_round_numbers(points: list[tuple[float, float]], ticks: list[str]):
    texts = drawn(*points).findall(f"{SVG}text")
    across = [text.text for text in texts if text.get("text-anchor") == "middle" and text.get("fill") == "#444444"]
    assert across == ticks


@pytest.mark.parametrize("name", ["a" * 200, "\u7db2" * 200, "\x1b" * 200])
def test_a_long_name_is_cut_and_what_is_drawn_stays(name: str):
    title = drawn((1, 1), name=name).find(f"{SVG}text").text
    assert title.endswith("...: what")
    assert cell_width(title) <= LONGEST_TITLE


def test_the_roof_is_seen_wherever_the_dots_are():
    slow = timed(1.0, "slow", multiply_adds=10**6, size=10**6)  # 1 G multiply-adds/s below a roof of 50
    found = measurement(slow)
    for text in (scatter("t", found, read(found)), roofline("t", found, read(found))):
        roof = Tree.fromstring(text).find(f".//{SVG}polyline").get("points")
        places = [tuple(map(float, place.split(","))) for place in roof.split()]
        assert any(LEFT <= x <= WIDTH - RIGHT and TOP <= y <= HEIGHT - BOTTOM for x, y in places)


def test_names_are_text():
    root = drawn((1, 1), name=HOSTILE)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "rect", "text", "line", "clipPath", "g", "polyline", "circle",
    }  # fmt: skip
    shown = "<script>alert('x')</script> & \"quotes\" \\x1b[31m"
    assert {shown, f"{shown}: what"} <= {element.text for element in root.iter(f"{SVG}text")}


def test_the_pictures_of_a_measurement_have_every_layer_that_computes():
    units = [timed(0.1 * n, f"c{n}", multiply_adds=n * 10**6, size=10**5) for n in range(1, 8)]
    found = measurement(*units, timed(3.0, "norm", kind="local response norm", multiply_adds=0))
    for text in (scatter("t", found, read(found)), roofline("t", found, read(found))):
        tips = [c.find(f"{SVG}title") for c in Tree.fromstring(text).findall(f"{SVG}circle")]
        assert sum(tip is not None for tip in tips) == 7
        assert "http" not in text.replace("http://www.w3.org/2000/svg", "")  # self-contained


def test_a_picture_says_where_how_well_and_what_is_not_on_it():
    units = [timed(0.1 * n, f"c{n}", multiply_adds=n * 10**6, size=10**5) for n in range(1, 8)]
    norms = [timed(1.4, f"norm{n}", kind="local response norm", multiply_adds=0) for n in range(2)]
    found = measurement(*units, *norms, machine="<The & Machine>")
    for text in (scatter("t", found, read(found)), roofline("t", found, read(found))):
        root = Tree.fromstring(text)
        said = [element.text for element in root.iter(f"{SVG}text")]
        assert "<The & Machine>, 1 thread(s), ONNX Runtime 1, CPUExecutionProvider" in said
        assert any(line.startswith("convolutions: R2 1.000") for line in said)
        assert "not here, without multiply-adds (of the time): 2 local response norm (50%)" in said
        assert not any("too noisy" in line for line in said)
        height = float(root.get("height"))
        assert all(float(element.get("y")) < height for element in root.iter(f"{SVG}text"))


def test_a_picture_of_a_noisy_or_interrupted_measurement_says_so():
    units = [timed(0.1 * n, f"c{n}", multiply_adds=n * 10**6, size=10**5) for n in range(1, 8)]
    found = replace(measurement(*units, cpu=(10.0, 10.0, 10.0)), interrupted=True)
    for text in (scatter("t", found, read(found)), roofline("t", found, read(found))):
        root = Tree.fromstring(text)
        said = [element.text for element in root.iter(f"{SVG}text")]
        assert f"too noisy to say: {found.noise}" in said
        assert "interrupted before all rounds had run" in said
        height = float(root.get("height"))
        assert all(float(element.get("y")) < height for element in root.iter(f"{SVG}text"))


def test_a_network_without_multiply_adds_still_is_a_picture():
    found = measurement(timed(1.0, kind="relu", multiply_adds=0))
    Tree.fromstring(scatter("t", found, read(found)))
    Tree.fromstring(roofline("t", found, read(found)))
