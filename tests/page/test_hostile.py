"""Names that would do something if the page obeyed them are text everywhere: in the page, and in the pictures."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as Tree

import pytest

from inception_calc.page.document import document_text
from inception_calc.report.text import visible
from tests.cli.program import called
from tests.page.browser import needs_browser, until
from tests.report.test_hostile_names import NAMES

SCRIPT = "</script><script>ran=1</script><img src=x onerror=ran=1><!--"
LONG = "very-long-" * 10
RIGHT_TO_LEFT = "\u05e9\u05db\u05d1\u05d4 \u0627\u0644\u0637\u0628\u0642\u0629"
HOSTILE = {"script": SCRIPT, "long": LONG, "rtl": RIGHT_TO_LEFT, "line": "a\u2028b\u202ec"}


def spec_with(names: dict[str, str]) -> str:
    rows = "".join(
        f"  {json.dumps(name)}: {{convolution: 3x3, filters: {4 + place}, padding: same}}\n"
        for place, name in enumerate(names.values())
    )
    return f"name: {json.dumps(SCRIPT)}\ninput: 3x16x16\nrows:\n{rows}"


@pytest.fixture(scope="session")
def hostile(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("hostile") / "net.yaml"
    path.write_text(spec_with(HOSTILE), encoding="utf-8")
    return str(path)


@needs_browser
def test_names_are_text_in_every_section(opened, hostile: str):
    found = opened(hostile)
    page = found.page
    page.evaluate("document.querySelectorAll('section').forEach(s => s.scrollIntoView())")
    page.wait_for_timeout(300)
    page.select_option("#table-by", "layer")
    assert page.eval_on_selector_all("#table-body tr", "rows => rows.map(row => row.dataset.name)") == [
        visible(name) for name in HOSTILE.values()
    ]
    page.click("#table-body button >> nth=0")
    until(page, "document.querySelector('#detail h3') !== null")
    assert page.inner_text("#detail h3") == visible(SCRIPT)
    page.hover("#cost svg", position={"x": 400, "y": 60})
    assert page.evaluate("document.querySelectorAll('img, iframe, object').length") == 0
    assert page.evaluate("window.ran") is None
    assert page.evaluate("document.documentElement.scrollWidth") <= 1200
    page.click("#copy-markdown")
    until(page, "document.getElementById('copied').value.length > 0")
    assert "<" not in page.eval_on_selector("#copied", "e => e.value")
    assert found.faults == []


@needs_browser
def test_copied_names_are_no_formulas(opened, tmp_path):
    path = tmp_path / "net.yaml"
    path.write_text(spec_with({"formula": "=HYPERLINK(A1)", "at": "@SUM(A1)"}))
    page = opened(str(path)).page
    page.click("#copy-csv")
    until(page, "document.getElementById('copied').value.length > 0")
    text = page.eval_on_selector("#copied", "e => e.value")
    assert "\n'=HYPERLINK" in text
    assert "\n'@SUM" in text


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_the_document_has_no_markup_and_no_line_that_a_script_would_end(name: str):
    text = document_text({"name": name, name: [name]})
    assert text.isascii()
    assert not re.search("[<>&\x00-\x1f]", text)
    assert json.loads(text) == {"name": name, name: [name]}


@pytest.mark.parametrize("picture", ["cost", "network", "memory", "receptive-field"])
def test_names_are_text_in_pictures(hostile: str, tmp_path, picture: str):
    pytest.importorskip("vl_convert")
    path = tmp_path / "p.svg"
    result = called("report", hostile, "--picture", picture, "-o", str(path))
    assert (result.returncode, result.stderr) == (0, "")
    root = Tree.fromstring(path.read_text(encoding="utf-8"))
    kinds = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert kinds <= {"svg", "g", "path", "text", "line", "rect", "defs", "clipPath", "title", "tspan", "style"}
    assert not any(key.lower().startswith("on") for element in root.iter() for key in element.attrib)
    assert "</script>" in "".join(root.itertext())
