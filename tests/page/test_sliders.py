"""What happens if: the page's numbers equal those that `analyze` counts, at random settings of shipped networks."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

from inception_calc.analysis import Analysis, analyze
from inception_calc.analysis.measures import Measures
from inception_calc.spec_file import shipped
from tests.page.browser import needs_browser, until

pytestmark = needs_browser

QUICK = ("googlenet", "bn_inception", "m11", "densenet121")
"""Images and a signal, all sizes and multiples of 32 alone, branches and dense blocks."""
COUNTS = ("params", "weights", "biases", "buffers", "multiply_adds", "element_ops", "activation_elements")
MOVE = """wanted => {
    const app = inceptionCalc, at = {};
    for (const [name, value] of Object.entries(wanted)) at[name] = BigInt(value);
    const went = app.sliders.move({ ...app.sliders.at, ...at }), net = app.network;
    const metrics = [...Object.keys(METRICS), 'peak_activation_bytes'];
    return { went, said: document.getElementById('sliders-said').textContent,
      totals: Object.fromEntries(metrics.map(key => [key, String(net.total(key))])),
      rows: net.rows.map((row, place) => String(net.row('multiply_adds', place))),
      shapes: net.layers.name.map((name, layer) => net.shape(layer)) };
}""".replace("METRICS", "inceptionCalc.metrics")


def symbols_of(page: Any) -> list[dict[str, Any]]:
    return page.evaluate("inceptionCalc.network.symbols")


def setting(symbols: list[dict[str, Any]], dice: random.Random) -> dict[str, int]:
    """A value of each symbol that its slider offers, in its parts."""
    values = {}
    for symbol in symbols:
        low, high = dice.choice(symbol["runs"])
        most = (symbol["reach"] - symbol["before"]) // symbol["step"]
        highest = most if high is None else min(high, most)
        count = dice.randint(low, max(low, highest))
        values[symbol["name"]] = symbol["before"] + symbol["step"] * count
    return values


def counted(name: str, symbols: list[dict[str, Any]], values: dict[str, int]) -> Analysis:
    return analyze(name, symbols={one["name"]: Fraction(values[one["name"]], one["parts"]) for one in symbols})


@pytest.mark.parametrize("name", QUICK)
def test_every_number_follows_the_sliders(opened, name: str):
    judge(opened(name).page, name, 3)


@pytest.mark.thorough
@pytest.mark.parametrize("name", shipped.names())
def test_every_number_of_every_network_follows_the_sliders(opened, name: str):
    """50 for each were looked at by hand."""
    judge(opened(name).page, name, 8)


def judge(page: Any, name: str, settings: int) -> None:
    """The page at random settings against `analyze`."""
    dice = random.Random(name)  # noqa: S311 - no secret
    symbols = symbols_of(page)
    assert symbols, page.inner_text("#fixed")
    for _ in range(settings):
        values = setting(symbols, dice)
        found = page.evaluate(MOVE, {key: str(value) for key, value in values.items()})
        if not found["went"]:  # what several symbols decide together
            assert "cannot be built" in found["said"]
            continue
        analysis = counted(name, symbols, values)
        for metric in COUNTS:
            assert int(found["totals"][metric]) == getattr(analysis.totals, metric), (metric, values)
        costs = analysis.layers
        assert int(found["totals"]["flops"]) == sum(cost.flops for cost in costs)
        assert int(found["totals"]["traffic_bytes"]) == sum(cost.traffic_bytes for cost in costs)
        assert int(found["totals"]["peak_activation_bytes"]) == Measures(analysis).peak.largest * 4, values
        assert list(map(int, found["rows"])) == [group.totals.multiply_adds for group in analysis.rows]
        assert found["shapes"] == ["x".join(map(str, layer.output.in_print)) for layer in analysis.graph.layers]


def test_what_no_double_holds_is_exact(opened):
    page = opened("googlenet").page
    found = page.evaluate(MOVE, {"batch": "900719925", "size": "999", "width_multiplier": "8"})
    assert int(found["totals"]["multiply_adds"]) == (
        analyze("googlenet", symbols={"batch": 900719925, "size": 999}).totals.multiply_adds
    )
    assert int(found["totals"]["multiply_adds"]) > 2**53
    page.click("#sliders-reset")
    assert page.inner_text("#totals").count("1.58G") == 1


def test_a_value_that_cannot_be_is_refused_in_words(opened):
    page = opened("googlenet").page
    page.fill("input[aria-label='size, any value']", "40")
    page.press("input[aria-label='size, any value']", "Enter")
    until(page, "document.getElementById('sliders-said').textContent === 'size may be 47 or more'")
    assert page.input_value("input[aria-label='size, any value']") == "224"
    page.fill("input[aria-label='width_multiplier, any value']", "9/8")
    page.press("input[aria-label='width_multiplier, any value']", "Tab")
    until(page, "document.getElementById('sliders-said').textContent.includes('8.71M params')")
    page.click("#sliders-reset")


def test_a_slider_moves_by_keys(opened):
    page = opened("googlenet").page
    page.focus("#sliders input[type=range] >> nth=1")
    page.keyboard.press("ArrowRight")
    until(page, "document.querySelector(\"input[aria-label='size, any value']\").value === '225'")
    page.click("#sliders-reset")


def test_cells_get_sliders_where_they_are_asked_for(opened):
    page = opened("googlenet", "--free", "3a.3x3 reduce,batch").page
    assert [symbol["name"] for symbol in symbols_of(page)] == ["3a.3x3 reduce", "batch"]
    found = page.evaluate(MOVE, {"3a.3x3 reduce": "50", "batch": "3"})
    wanted = analyze("googlenet", symbols={"3a.3x3 reduce": 50, "batch": 3}).totals
    assert int(found["totals"]["multiply_adds"]) == wanted.multiply_adds


@pytest.mark.parametrize(
    ("arguments", "options", "free"),
    [
        (
            ("--dtype", "int8", "--batch", "4", "--training"),
            {"dtype": "int8", "training": True},
            {"batch": 4, "size": 256},
        ),
        (("--free", "size", "--batch", "8"), {"batch": 8}, {"size": 288}),
        (("--free", "batch", "--set", "size=96"), {}, {"batch": 3, "size": 96}),
        (("--free", "height", "--set", "width=160"), {}, {"height": 256, "width": 160}),
        (("--set", "classes=10", "--set", "size=128"), {}, {"classes": 10, "size": 192}),
        (
            (
                "--input",
                "1x64x96",
            ),
            {"input": (1, 64, 96)},
            {"batch": 5},
        ),
    ],
)
def test_options_stay_what_they_are(opened, arguments: tuple[str, ...], options: dict[str, Any], free: dict[str, int]):
    page = opened("googlenet", *arguments).page
    parts = {symbol["name"]: symbol["parts"] for symbol in symbols_of(page)}
    found = page.evaluate(MOVE, {name: str(value * parts[name]) for name, value in free.items() if name in parts})
    analysis = analyze("googlenet", **options, symbols=free)
    assert found["went"], found["said"]
    for metric in COUNTS:
        assert int(found["totals"][metric]) == getattr(analysis.totals, metric), metric
    for metric in ("param_bytes", "activation_bytes"):
        assert int(found["totals"][metric]) == getattr(analysis.totals, metric), metric
    assert int(found["totals"]["traffic_bytes"]) == sum(cost.traffic_bytes for cost in analysis.layers)
    assert int(found["totals"]["peak_activation_bytes"]) == Measures(analysis).peak.largest * analysis.element_size
