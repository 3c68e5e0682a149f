"""Budgets that are broken name what was edited, in every format, and each its own row."""

import csv
import io
import json
import xml.etree.ElementTree as ET

import pytest

from inception_calc.spec_file import shipped

SPEC = shipped.path("googlenet").read_text(encoding="utf-8").partition("\nreasons:")[0] + "\n"
TOTAL = "budgets:\n  - {id: total, match: net.yaml, change: {multiply_adds: +1%}}\n"
FORMATS = ("plain", "rich", "markdown", "json", "csv", "tsv", "latex", "html", "github", "sarif", "junit")


def line(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def edited(scratch, *replacements: tuple[str, str]) -> str:
    """The spec is committed, then edited; the new text."""
    scratch.git("checkout", "-q", "main")
    scratch.write("net.yaml", SPEC)
    scratch.commit("googlenet")
    scratch.git("checkout", "-q", "-B", "feature")
    text = SPEC
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new, 1)
    (scratch.path / "net.yaml").write_text(text)
    return text


POOL3 = "  pool3:   {max pool: 3x3/2,"
ROW = SPEC[SPEC.index("  pool3:") : SPEC.index("  4a:")]
CASES = {
    "a stride": ((POOL3, "  pool3:   {max pool: 3x3/1,"), "pool3", "max pool: 3x3/2 -> 3x3/1", "  pool3:"),
    "a deleted row": ((ROW, ""), "pool3", "removed: {max pool: 3x3/2}", "  4a:"),
    "the input": (("3x224x224", "3x256x256"), "input", "input: 3x224x224 -> 3x256x256", "input:"),
    "a padding": (
        ("conv1:   {convolution: 7x7/2,", "conv1:   {convolution: 7x7/2, padding: 8,"), "conv1", "added: padding: 8",
        "  conv1:",
    ),
    "a default": (("padding: half}", "padding: same, batch norm: true}"), "defaults of convolution",
                  "added: batch norm: true", "  convolution: {activation"),
    "a block": (("{convolution: 5x5,", "{convolution: 7x7,"), "block inception, 5x5, step 2", "convolution: 5x5 -> 7x7",
                "      5x5:  ["),
    "a moved row": ((ROW, ""), "pool3", "moved: after 3b -> after 4b", "  pool3:"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_edit_is_named_with_its_line_and_the_whole_rise(scratch, name):
    replacement, where, why, place = CASES[name]
    more = [("  4c:", f"{ROW}  4c:")] if name == "a moved row" else []
    text = edited(scratch, replacement, *more)
    metric = "params" if name == "a default" else "multiply_adds"
    scratch.budgets(TOTAL.replace("multiply_adds: +1%", f"{metric}: +0"))
    (judgement,) = scratch.check().judgements
    (found,) = [one for one in judgement.where if one.layer == where]
    assert found.amount == judgement.change > 0 or name == "a default"
    assert judgement.location.line == found.location.line == line(text, place)
    plain = scratch.run("check", "-f", "plain").stdout
    assert f"{where}  +" in plain
    assert why in plain


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_names_the_edit_its_line_and_what_follows(scratch, format_):
    text = edited(scratch, CASES["a stride"][0])
    scratch.budgets(TOTAL)
    done = scratch.run("check", "-f", format_)
    assert done.returncode == 1
    shown = done.stdout.replace("\\", "").replace("&gt;", ">").replace("$>$", ">").replace("textgreater{}", ">")
    assert "max pool: 3x3/2 -> 3x3/1" in shown
    assert "4e/3x3" in shown
    assert str(line(text, POOL3[:8])) in shown


def test_machine_formats_hold_the_edit_as_values(scratch):
    text = edited(scratch, CASES["a stride"][0])
    scratch.budgets(TOTAL)
    number = line(text, "  pool3:")
    entry = json.loads(scratch.run("check", "-f", "json").stdout)["budgets"][0]
    (where,) = entry["where"]
    (edit,) = where["edits"]
    assert (edit["kind"], edit["name"], edit["before"], edit["after"]) == ("changed", "pool3", "3x3/2", "3x3/1")
    assert (entry["line"], where["line"], edit["line"], edit["before_line"]) == (number,) * 4
    assert where["amount"] == entry["change"] == sum(one["amount"] for one in where["follows"])
    assert entry["others"] is None
    result = json.loads(scratch.run("check", "-f", "sarif").stdout)["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == number
    (row,) = csv.DictReader(io.StringIO(scratch.run("check", "-f", "csv").stdout))
    told = f"pool3 +{entry['change']} max pool: 3x3/2 -> 3x3/1 (net.yaml:{number}) with 4e/3x3 +"
    assert row["where"].startswith(told)
    failure = ET.fromstring(scratch.run("check", "-f", "junit").stdout).find(".//failure")
    assert f"(line {number})" in failure.text
    assert f"line={number}," in scratch.run("check", "-f", "github").stdout


def test_budgets_of_several_modules_each_point_at_their_row(scratch):
    """A block that all of them share is edited: nine findings at nine lines, and each names the edit."""
    text = edited(scratch, CASES["a block"][0])
    scratch.budgets(
        "budgets:\n  - {id: rows, match: net.yaml, rows: {type: inception}, change: {multiply_adds: +1%}}\n"
        "  - {id: layers, match: net.yaml, layers: {name: '*/5x5'}, change: {multiply_adds: +1%}}\n"
    )
    for judgement in scratch.check().judgements:
        row = judgement.name.partition("/")[0]
        assert judgement.location.line == line(text, f"  {row}:")
        assert [where.layer for where in judgement.where] == ["block inception, 5x5, step 2"]
        place = judgement.location
        meant = place.text[place.column - 1 :][: place.width]
        if judgement.id == "rows":
            assert meant == row
        else:  # the cell that the layer is named by
            cells = place.text.partition("[")[2].partition("]")[0].split(",")
            assert meant == cells[4].strip()


def test_a_row_that_breaks_a_budget_because_of_another_row_points_there(scratch):
    text = edited(scratch, CASES["a stride"][0])
    scratch.budgets("budgets:\n  - {id: row, match: net.yaml, rows: {name: 4e}, change: {multiply_adds: +1%}}\n")
    (judgement,) = scratch.check().judgements
    assert judgement.location.line == line(text, "  pool3:")
    assert [(where.layer, where.amount) for where in judgement.where] == [("pool3", judgement.change)]


def test_several_edits_and_what_they_do_to_one_another(scratch):
    edited(scratch, CASES["a stride"][0], ("160, 320, 32", "160, 640, 32"), ("192, 384, 48", "192, 96, 48"))
    scratch.budgets(TOTAL)
    (judgement,) = scratch.check().judgements
    assert [where.layer for where in judgement.where] == ["pool3", "4e"]
    others = judgement.others
    assert others.edits == 1  # 5b, which saves
    assert others.amount < 0 < -others.shared
    assert sum(where.amount for where in judgement.where) + others.amount + others.shared == judgement.change


def test_a_range_is_explained_at_its_largest_size(scratch):
    edited(scratch, CASES["a stride"][0])
    scratch.budgets(
        "budgets:\n  - {id: range, match: net.yaml, input: '3x{224..230}x{224..230}', max: {multiply_adds: 1.7G}}\n"
    )
    (judgement,) = scratch.check().judgements
    assert [where.layer for where in judgement.where] == ["pool3"]


def test_a_new_spec_and_one_that_did_not_change_are_explained_by_what_costs_most(scratch):
    scratch.write("new.yaml", SPEC)
    scratch.budgets("budgets:\n  - {id: new, match: new.yaml, max: {multiply_adds: 1G}}\n")
    (judgement,) = scratch.check().judgements
    assert judgement.where[0].layer == "conv2/3x3"
    assert all(where.cause is None for where in judgement.where)
    place = judgement.where[0].location
    assert (place.line, place.text[place.column - 1 :][: place.width]) == (line(SPEC, "  conv2:"), "192")
