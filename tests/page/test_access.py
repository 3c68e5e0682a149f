"""Everybody can read the page: axe finds no serious fault, a phone shows it whole, paper has no controls."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from inception_calc.analysis import analyze
from inception_calc.analysis.measures import Measures
from tests.cli.program import ROOT
from tests.page.browser import Opened, needs_browser, until

pytestmark = needs_browser

BUDGET = """version: 1
budgets:
  - id: whole
    match: googlenet.yaml
    max: {multiply_adds: 1.6G, params: 6M, peak_activation_bytes: 8MiB}
"""


def faults_of(page, *rules: str) -> list[str]:
    """What axe calls serious or critical; by some rules alone where they are named."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    options = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else None
    found = axe.run(page, options=options).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]


@pytest.fixture(scope="session")
def budgeted(written, tmp_path_factory) -> Path:
    """A page of two networks, with budgets that one of them breaks."""
    folder = tmp_path_factory.mktemp("budget")
    shutil.copy(ROOT / "specs" / "googlenet.yaml", folder)
    (folder / "inception-calc.yaml").write_text(BUDGET)
    return written(str(folder / "googlenet.yaml"), "googlenet@naive", "--budget", str(folder / "inception-calc.yaml"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(browser, budgeted: Path, scheme: str):
    page = Opened(browser, budgeted, color_scheme=scheme, bypass_csp=True)  # axe is a script from outside
    page.page.evaluate("inceptionCalc.detail(1); document.querySelectorAll('section').forEach(s => s.scrollIntoView())")
    page.page.wait_for_timeout(500)
    rules = () if scheme == "light" else ("color-contrast",)  # nothing else is different
    assert faults_of(page.page, *rules) == []
    page.context.close()


def test_axe_can_find_one(browser, written):
    page = Opened(browser, written("lenet5"), bypass_csp=True)
    page.page.evaluate("document.querySelector('label').replaceWith(document.querySelector('#metric'))")
    assert any("select-name" in fault for fault in faults_of(page.page, "select-name"))
    page.context.close()


def test_a_phone_shows_it_without_scrolling_sideways(browser, written):
    page = Opened(browser, written("specs/googlenet.yaml"))
    page.page.set_viewport_size({"width": 360, "height": 740})
    page.page.wait_for_timeout(300)
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 360
    page.context.close()


def test_paper_has_the_table_whole_and_no_controls(browser, written):
    page = Opened(browser, written("specs/googlenet.yaml"))
    page.page.emulate_media(media="print")
    assert not page.page.is_visible("#metric")
    assert page.page.is_visible("#table-body tr:last-child")
    assert page.page.eval_on_selector("#table-section .scroll", "e => getComputedStyle(e).overflowY") == "visible"
    assert page.page.pdf().startswith(b"%PDF")
    page.context.close()


def test_everything_that_acts_is_reached_by_tab(opened):
    page = opened("specs/googlenet.yaml").page
    unreached = page.evaluate(
        "() => Array.from(document.querySelectorAll('button, select, input, a'))"
        ".filter(e => e.tabIndex < 0 && !e.hidden).map(e => e.outerHTML)"
    )
    assert unreached == []


def test_a_budget_says_its_verdicts_and_where_a_slider_breaks_it(browser, budgeted: Path):
    page = Opened(browser, budgeted).page
    verdicts = page.inner_text("#verdicts")
    assert "fail whole: 7.00M params > 6.00M" in verdicts
    assert "pass whole: 1.58G multiply-adds <= 1.60G" in verdicts
    page.evaluate("document.getElementById('if-section').scrollIntoView()")
    first = next(
        size for size in range(224, 999) if analyze("googlenet", symbols={"size": size}).totals.multiply_adds > 1.6e9
    )
    broken = f"whole: 1.6G multiply-adds is broken from size {first} on."
    until(page, f"document.getElementById('breaks').textContent.includes('{broken}')")
    peaks = (
        size
        for size in range(224, 999)
        if Measures(analyze("googlenet", symbols={"size": size})).peak.largest * 4 > 8 * 2**20
    )
    assert f"whole: 8MiB peak activation bytes is broken from size {next(peaks)} on." in page.inner_text("#breaks")
    page.evaluate("inceptionCalc.sliders.move({ ...inceptionCalc.sliders.at, size: 448n })")
    assert "over here whole: 6.33G multiply-adds > 1.6G" in page.inner_text("#verdicts")
    page.context.close()
