"""The page in a real browser: it opens from disk, says what `table` says, and obeys clicks and keys."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest

from inception_calc.analysis import analyze
from inception_calc.report.text import short
from tests.page.browser import needs_browser, until

pytestmark = needs_browser


@pytest.fixture
def googlenet(opened) -> Any:
    page = opened("specs/googlenet.yaml").page
    page.evaluate("inceptionCalc.table.filter = ''; inceptionCalc.table.sort = null; inceptionCalc.cost.look(0)")
    page.select_option("#metric", "multiply_adds")
    page.select_option("#table-by", "row")
    return page


def cells(page: Any, row: str = "#table-body tr") -> list[list[str]]:
    return page.eval_on_selector_all(
        row, "rows => rows.map(row => Array.from(row.cells, cell => cell.innerText.trim()))"
    )


def test_it_opens_without_a_complaint_or_a_request(opened):
    found = opened("specs/googlenet.yaml")
    found.page.evaluate("document.querySelectorAll('section').forEach(one => one.scrollIntoView())")
    found.page.wait_for_timeout(300)
    assert found.faults == []


def test_the_policy_lets_nothing_but_its_own_scripts_run(opened):
    found = opened("specs/googlenet.yaml")
    policy = found.page.get_attribute("meta[http-equiv]", "content")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    put_in = "s => { const e = document.createElement('script'); e.textContent = s; document.body.append(e); }"
    found.page.evaluate(put_in, "window.ran = 1")
    assert found.page.evaluate("window.ran") is None
    until(found.page, "true")
    assert "Content Security Policy" in found.faults.pop()


def test_the_table_says_what_table_says(googlenet):
    analysis = analyze("googlenet")
    rows = cells(googlenet)
    assert [row[0] for row in rows] == [group.name for group in analysis.rows]
    for row, group in zip(rows, analysis.rows, strict=True):
        sides = [*group.row.output.in_print]
        assert row[3] == "x".join(map(str, sides))
        for text, value in ((row[5], group.totals.params), (row[6], group.totals.multiply_adds)):
            assert text == (short(value) if value else "")
    total = cells(googlenet, "#table-foot tr")[0]
    assert total[5:7] == ["7.00M", "1.58G"]


def test_it_sorts_filters_and_groups(googlenet):
    googlenet.click("#table-head button:has-text('params')")
    assert [row[0] for row in cells(googlenet)[:3]] == ["5b", "5a", "linear"]
    assert googlenet.get_attribute("#table-head th[aria-sort]", "aria-sort") == "descending"
    googlenet.keyboard.press("Enter")  # the focus stays on the heading
    assert googlenet.get_attribute("#table-head th[aria-sort]", "aria-sort") == "ascending"
    googlenet.fill("#table-filter", "inception")
    assert sorted(row[0] for row in cells(googlenet)) == ["3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b"]
    googlenet.fill("#table-filter", "")
    googlenet.select_option("#table-by", "kind")
    assert {row[0] for row in cells(googlenet)} == {group.name for group in analyze("googlenet").kinds}


def test_printed_numbers_stand_beside_ours_with_their_verdicts(googlenet):
    row = next(row for row in cells(googlenet) if row[0] == "4e")
    assert any(re.fullmatch(r"840K\s*\S\s*contradicted", cell) for cell in row)


def test_copies_hold_exact_numbers(googlenet):
    googlenet.click("#copy-csv")
    until(googlenet, "document.getElementById('copied').value.length > 0")
    table = list(csv.DictReader(io.StringIO(googlenet.eval_on_selector("#copied", "e => e.value"))))
    assert {line["row"]: int(line["params"]) for line in table} == {
        group.name: group.totals.params for group in analyze("googlenet").rows
    }
    googlenet.evaluate("document.getElementById('copied').value = ''")
    googlenet.click("#copy-markdown")
    until(googlenet, "document.getElementById('copied').value.includes('---:')")
    assert "| conv1 | convolution | 7x7/2 |" in googlenet.eval_on_selector("#copied", "e => e.value")


def test_the_cost_is_drilled_into_by_keys_and_back(googlenet):
    googlenet.focus("#cost-below button")
    for wanted in ("pool3 to 4e", "4e"):
        assert googlenet.inner_text("#cost-below button bdi") == wanted
        googlenet.keyboard.press("Tab") if googlenet.evaluate("document.activeElement.tagName") != "BUTTON" else None
        googlenet.focus("#cost-below button")
        googlenet.keyboard.press("Enter")
    assert googlenet.inner_text("#cost-here").startswith("170M (10.7%)")
    googlenet.focus("#cost-below button")
    googlenet.keyboard.press("Enter")
    detail = googlenet.inner_text("#detail")
    assert "4e/3x3" in detail
    assert "3*3*160*320*14*14" in detail
    googlenet.click("#cost-path button:has-text('GoogLeNet')")
    assert googlenet.inner_text("#cost-here").startswith("1.58G (100.0%)")


def test_the_metric_menu_changes_every_number(googlenet):
    googlenet.select_option("#metric", "params")
    assert googlenet.inner_text("#cost-here").startswith("7.00M (100.0%)")
    assert googlenet.inner_text("#table-head th:nth-child(8)") == "share of params"


def test_a_click_on_the_picture_looks_into_it(googlenet):
    box = googlenet.locator("#cost svg").bounding_box()
    googlenet.mouse.click(box["x"] + 60, box["y"] + box["height"] * 0.2)
    until(googlenet, "document.querySelector('#cost-path').innerText.includes('pool1 to conv2')")


def test_resting_on_a_layer_shows_its_shapes_window_counts_and_formula(googlenet):
    googlenet.select_option("#metric", "multiply_adds")
    googlenet.evaluate("inceptionCalc.cost.look(0)")
    googlenet.evaluate("document.getElementById('cost').scrollIntoView()")
    box = googlenet.locator("#cost svg").bounding_box()
    for step in range(3):
        googlenet.mouse.move(box["x"] + box["width"] - 60 + step, box["y"] + 20)
    until(googlenet, "!document.getElementById('tip').hidden")
    lines = googlenet.inner_text("#tip").splitlines()
    assert lines[:4] == ["conv1", "convolution 7x7/2", "input 224x224x3", "output 112x112x64"]
    assert "params 9,472" in lines
    assert "multiply-adds 118,013,952" in lines
    assert "multiply-adds = 7*7*3*64*112*112" in lines
    googlenet.keyboard.press("Escape")
    assert not googlenet.is_visible("#tip")
    googlenet.mouse.move(5, 5)


def test_a_click_on_the_drawing_finds_the_row(googlenet):
    googlenet.evaluate("document.getElementById('network-section').scrollIntoView()")
    until(googlenet, "document.querySelector('#network svg, #network canvas') !== null")
    at = "inceptionCalc.flow.drawing.view.data('frames')[1]"  # 4a to 4e
    x, y = googlenet.evaluate(f"[{at}.x + 60, {at}.y + 10]")
    googlenet.locator("#network svg").click(position={"x": x, "y": y})
    until(googlenet, "document.querySelector('#table-body tr.found') !== null")
    assert googlenet.get_attribute("#table-body tr.found", "data-name") == "4a"
    assert googlenet.evaluate("document.activeElement.textContent") == "4a"
