"""Several networks on one page: totals side by side, and a waterfall by row and by cause."""

from __future__ import annotations

from inception_calc.analysis import analyze
from inception_calc.comparison import compare
from tests.cli.program import ROOT
from tests.page.browser import needs_browser, until

pytestmark = needs_browser

STEPS = "() => inceptionCalc.compare.steps().map(([name, change]) => [name, String(change)])"


def test_rows_and_causes_add_up_to_the_difference(opened, tmp_path):
    edited = tmp_path / "edited.yaml"
    text = (ROOT / "specs" / "googlenet.yaml").read_text()
    assert "[384, 192, 384" in text
    edited.write_text(
        text.replace("[384, 192, 384", "[384, 200, 384").replace("[ 64,  96, 128, 16", "[ 80,  96, 128, 16")
    )
    page = opened("specs/googlenet.yaml", str(edited)).page
    found = compare([str(ROOT / "specs" / "googlenet.yaml"), str(edited)])
    before, after = (subject.analysis.totals.multiply_adds for subject in found.subjects)
    rows = {part.name: [one.multiply_adds for one in part.totals] for part in found.parts}
    steps = page.evaluate(STEPS)
    assert {name: int(change) for name, change in steps} == {
        name: now - then for name, (then, now) in rows.items() if now != then
    }
    page.select_option("#compare-by", "cause")
    causes = {name: int(change) for name, change in page.evaluate(STEPS)}
    assert causes == {"3a: 1x1: 64 -> 80": 6823936, "5b: 3x3 reduce: 192 -> 200": after - before - 6823936}
    page.select_option("#compare-by", "row")


def test_totals_stand_beside_each_other_and_the_sections_follow_one_network(opened):
    found = opened("googlenet@naive", "googlenet", "resnet50")
    page = found.page
    row = page.inner_text("#compare-body tr:first-child").split("\t")
    assert row == ["multiply-adds", "12.6G", "1.58G", "0.13", "4.09G", "0.33"]
    page.select_option("#network-choice", "2")
    assert "25.6M" in page.inner_text("#totals")
    until(page, "document.querySelector('#table-body tr').dataset.name === 'conv1'")
    page.evaluate("inceptionCalc.sliders.move({ ...inceptionCalc.sliders.at, size: 448n })")
    wanted = [analyze(name, symbols={"size": 448}).totals.multiply_adds for name in ("googlenet", "resnet50")]
    totals = page.evaluate("() => inceptionCalc.networks.map(net => String(net.total('multiply_adds')))")
    assert list(map(int, totals[1:])) == wanted
    page.click("#sliders-reset")
    assert found.faults == []
