"""The formats of `check`: the JSON of the contract, GitHub's escapes, SARIF and JUnit by their published rules.

The published schemas themselves are not part of this repository. Where the folder that INCEPTION_CALC_SCHEMAS names
holds sarif-schema-2.1.0.json (OASIS) and junit-10.xsd (Jenkins xUnit plugin), whole reports are validated against
them; the rules that the formats of this program touch are judged in any case.
"""

import csv
import io
import json
import os
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import unquote

import pytest

from inception_calc.cli.check import drawing_of
from inception_calc.report import html, latex
from inception_calc.report.check_words import detail_lines, head_line
from inception_calc.report.csv import safe
from inception_calc.report.github import MOST, data, value
from inception_calc.report.screen import Screen
from inception_calc.report.text import visible
from tests.budget.scratch import Scratch, multiply_adds, net, params

SCHEMAS = os.environ.get("INCEPTION_CALC_SCHEMAS")
HOSTILE = "a,b:c%0A::error::x\n::set-output name=y::z\r<script>&\"'[red].yaml"
ESCAPES = "\x1b[31m.yaml"
BODY = """\
budgets:
  - {id: over, match: '*.yaml', max: {multiply_adds: 300k}, message: "<b>]]>&\\"::x%"}
  - {id: risen, match: net.yaml, change: {params: +0}}
  - {id: fine, match: net.yaml, max: {param_bytes: 1MiB, share: 50%}, rows: {name: conv*}}
  - {id: free, match: net.yaml, set: {classes: }, max: {params: 1M}}
  - {id: loose, match: net.yaml, max: {params: 1M}, slack: 5%}
  - {id: off, match: net.yaml, max: {params: 1}, level: off}
  - {id: ratio, match: net.yaml, compare: {variant: half, to: default}, max: {params_ratio: 0.5}}
"""


@pytest.fixture
def everything(scratch: Scratch, monkeypatch):
    """A report with every verdict, and a file whose name attacks each format."""
    scratch.write("net.yaml", net(17) + "variants:\n  half:\n    rows: {conv2: {filters: 9}}\n")
    for name in (HOSTILE, ESCAPES):
        (scratch.path / name).write_text(net(16))
    scratch.budgets(BODY)
    monkeypatch.chdir(scratch.path)
    return scratch.check()


def drawn(report, name: str) -> str:
    return drawing_of(report).text(name, Screen())


def test_json_has_the_shape_of_the_contract(everything):
    document = json.loads(drawn(everything, "json"))
    assert document["verdict"] == "fail"
    keys = {"id", "verdict", "metric", "value", "limit", "margin", "base", "change", "where"}
    assert all(keys <= entry.keys() for entry in document["budgets"])
    assert {entry["verdict"] for entry in document["budgets"]} == {"pass", "warn", "fail", "undecided"}
    (risen,) = [entry for entry in document["budgets"] if entry["id"] == "risen"]
    assert risen["value"], risen["base"] == (params(17), params(16))
    assert (risen["limit"], risen["change"], risen["margin"]) == (params(16), 2633, -2633)
    edit = next(where for where in risen["where"] if where["layer"] == "conv2")
    assert (edit["line"], edit["why"], edit["amount"]) == (6, "filters: 16 -> 17", 73 + 2560)
    assert edit["follows"] == [{"layer": "linear", "amount": 2560}]
    over = [entry for entry in document["budgets"] if entry["id"] == "over"]
    values = {entry["spec"]: entry["value"] for entry in over if entry["spec"] != ESCAPES}
    assert values == {
        "net.yaml": multiply_adds(17),
        HOSTILE: multiply_adds(16),
    }


def test_the_worst_comes_first(everything):
    order = ["fail", "undecided", "warn", "pass"]
    found = [order.index(judgement.verdict) for judgement in everything.judgements]
    assert found == sorted(found)


@pytest.mark.parametrize("kind", ["csv", "tsv"])
def test_spreadsheets_hold_what_json_holds(everything, kind):
    dialect = {"delimiter": "\t", "quoting": csv.QUOTE_NONE} if kind == "tsv" else {}
    lines = list(csv.DictReader(io.StringIO(drawn(everything, kind)), **dialect))
    document = json.loads(drawn(everything, "json"))
    entries, notes = lines[: len(document["budgets"])], lines[len(document["budgets"]) :]
    assert [line["what"] for line in notes] == document["notes"]
    assert {line["base_name"] for line in lines} == {document["base"]["name"]}
    numbers = ("value", "limit", "margin", "base", "change")
    for line, entry in zip(entries, document["budgets"], strict=True):
        assert entry.keys() <= line.keys()
        for key in numbers:
            assert (float(line[key]) if line[key] else None) == entry[key]
        for key in ("line", "column", "limit_line", "limit_column"):
            assert line[key] == ("" if entry[key] is None else str(entry[key]))
        for where in entry["where"]:
            assert f"{where['layer']} " in line["where"]
            assert where["why"] in line["where"]
            assert all(f"{one['layer']} {one['amount']:+}" in line["where"] for one in where["follows"])
            assert visible(f"({where['file']}:{where['line']})") in line["where"] or where["line"] is None
        texts = {"id", "verdict", "status", "code", "kind", "metric", "limit_file", "fix", "message", "proposal"}
        assert all(line[key] == safe(entry.get(key) or "") for key in texts)


@pytest.mark.parametrize("kind", ["html", "latex"])
def test_pages_hold_every_finding_with_what_explains_it(everything, kind):
    own = {"html": html.escaped, "latex": latex.escaped}[kind]
    text = drawn(everything, kind)
    told = [judgement for judgement in everything.judgements if judgement.verdict != "pass"]
    place = 0
    for judgement in told:
        place = text.index(own(head_line(judgement)), place)  # in this order
        for line in detail_lines(judgement):
            place = text.index(own(line), place)


@pytest.mark.parametrize("kind", ["plain", "markdown", "rich", "csv", "html", "latex", "tsv", "github", "actions"])
def test_no_name_is_obeyed_in_any_format(everything, kind):
    text = drawn(everything, kind)
    assert "\x1b" not in text
    assert "\r" not in text
    ours = r"(error|warning|notice) (file|title)=" if kind in ("github", "actions") else "never"
    assert not re.search(rf"^\s*::(?!{ours})", text, re.MULTILINE)


def test_annotations_are_one_line_each_and_escaped(everything):
    lines = drawn(everything, "github").splitlines()
    assert all(re.match(r"::(error|warning|notice) [^\n]*?::", line) for line in lines)
    names = [match[1] for line in lines if (match := re.search(r"file=([^,]*),", line))]
    assert HOSTILE in {unquoted(name) for name in names}


def unquoted(text: str) -> str:
    """The runner's own unescape of a property (actions/runner, ActionCommand)."""
    for written, meant in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(written, meant)
    return text


def test_escapes_of_data_and_properties():
    assert data("50%\r\n::x") == "50%25%0D%0A::x"
    assert value("a:b,c%\n") == "a%3Ab%2Cc%25%0A"


def test_ten_annotations_and_how_many_more(scratch, monkeypatch):
    for number in range(14):
        scratch.write(f"net{number}.yaml", net(16))
    scratch.budgets("budgets:\n  - {id: a, match: '*.yaml', max: {params: 1}}\n")
    monkeypatch.chdir(scratch.path)
    lines = drawn(scratch.check(), "github").splitlines()
    assert len(lines) == MOST + 1
    assert lines[-1].startswith("::notice")
    assert "and 5 more" in lines[-1]


def test_sarif_keeps_the_rules_of_the_standard(everything):
    log = json.loads(drawn(everything, "sarif"))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(rules) == len(set(rules))
    results = run["results"]
    assert {"over-budget", "over-change", "free-symbol", "stale-limit", "off"} <= {r["ruleId"] for r in results}
    for result in results:
        assert rules[result["ruleIndex"]] == result["ruleId"]  # 3.27.6
        assert result["level"] in ("error", "warning", "note", "none")  # 3.27.10
        for place in result.get("locations", []):
            physical = place["physicalLocation"]
            uri = physical["artifactLocation"]["uri"]
            assert re.fullmatch(r"[A-Za-z0-9._~/%-]+", uri)  # RFC 3986
            assert (Path.cwd() / unquote(uri)).is_file()
            region = physical["region"]
            assert 1 <= region["startColumn"] <= region["endColumn"]
    assert [r["level"] for r in results if r["ruleId"] == "free-symbol"] == ["error"]


def test_junit_is_well_formed_and_its_counts_are_right(everything):
    text = drawn(everything, "junit")
    root = ET.fromstring(text)
    assert root.tag == "testsuites"
    cases = root.findall("testsuite/testcase")
    for name, tag in (("failures", "failure"), ("errors", "error")):
        found = root.findall(f"testsuite/testcase/{tag}")
        assert int(root.get(name)) == len(found) == sum(int(s.get(name)) for s in root.findall("testsuite"))
    assert int(root.get("tests")) == len(cases) == len(everything.judgements)
    assert len(root.findall("testsuite/testcase/skipped")) == 1
    assert any("<b>]]>" in (failure.text or "") for failure in root.iter("failure"))


@pytest.mark.skipif(not SCHEMAS, reason="INCEPTION_CALC_SCHEMAS names no folder with the published schemas")
def test_published_schemas_accept_the_reports(everything):
    import jsonschema
    import xmlschema

    folder = Path(SCHEMAS)
    schema = json.loads((folder / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker()).validate(
        json.loads(drawn(everything, "sarif"))
    )
    xsd = xmlschema.XMLSchema(str(folder / "junit-10.xsd"))
    xsd.validate(drawn(everything, "junit"))
    with pytest.raises(xmlschema.XMLSchemaException):  # the judge can say no
        xsd.validate(drawn(everything, "junit").replace("<testcase ", "<testcse "))


def test_several_outputs_in_one_run(scratch):
    scratch.write("net.yaml", net(17))
    scratch.budgets("budgets:\n  - {id: a, match: net.yaml, max: {params: 1k}}\n")
    arguments = ["-f", "plain", "-o", "github:-"]
    for target in ("markdown:s.md", "sarif:o.sarif", "junit:j.xml", "r.json"):
        arguments += ["-o", target]
    done = scratch.run("check", *arguments)
    assert done.returncode == 1
    assert done.stdout.startswith("::error file=net.yaml")
    assert "error[over-budget]" in done.stdout
    for name in ("s.md", "o.sarif", "j.xml", "r.json"):
        assert (scratch.path / name).stat().st_size > 200


def test_inside_actions_auto_writes_annotations_and_the_summary(scratch):
    scratch.budgets("budgets:\n  - {id: a, match: net.yaml, max: {params: 1k}}\n")
    summary = scratch.path / "summary.md"
    summary.write_text("before\n")
    done = scratch.run(
        "check", GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary), GITHUB_WORKSPACE=str(scratch.path)
    )
    assert done.stdout.startswith("net.yaml:")
    assert "\n::error file=net.yaml" in done.stdout
    assert summary.read_text().startswith("before\n## inception-calc: fail")
    explicit = scratch.run("check", "-f", "plain", GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary))
    assert "::" not in explicit.stdout
