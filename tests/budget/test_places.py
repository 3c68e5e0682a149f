"""Mistakes in a budget file are told where they stand in it, with advice for a budget file."""

import pytest

from inception_calc.budget import check
from inception_calc.budget.numbers import read_percentage
from inception_calc.problems import Fault, InputError
from tests.budget.scratch import net

HEAD = "version: 1\nbudgets:\n"
WHOLE = HEAD + "  - {id: g, match: net.yaml, max: {params: 1G}, %s}\n"


def complaint(scratch, monkeypatch, text: str):
    scratch.write("net.yaml", net(4).replace("  linear:", "  pool: {max pool: 8x8/8}\n  linear:"))
    scratch.write("inception-calc.yaml", text)
    monkeypatch.chdir(scratch.path)
    with pytest.raises(InputError) as stop:
        check()
    return stop.value.problems[0]


@pytest.mark.parametrize(
    ("text", "code", "meant"),
    [
        (WHOLE % "set: {clases: 10}", "unknown-symbol", "clases"),
        (WHOLE % "set: {classes: 10, size: x}", "bad-value", "x}"),
        (WHOLE % "set: {size: 8}, input: 3x8x8", "two-sizes", "3x8x8"),
        (WHOLE % "set: {batch: 8}, batch: 16", "two-sizes", "8},"),
        (WHOLE % "set: {size: 8, height: 9}", "two-sizes", "8,"),
        (WHOLE % "variant: fats", "unknown-variant", "fats"),
        (
            HEAD + "  - {id: g, match: net.yaml, compare: {to: fats}, max: {params_ratio: 1}}\n",
            "unknown-variant",
            "fats",
        ),
        (
            HEAD + "  - {id: g, match: net.yaml, compare: {variant: fats, to: default}, max: {params_ratio: 1}}\n",
            "unknown-variant",
            "fats",
        ),
    ],
)
def test_a_mistake_in_a_setting_is_told_at_its_key(scratch, monkeypatch, text, code, meant):
    found = complaint(scratch, monkeypatch, text)
    assert (found.code, found.location.file) == (code, "inception-calc.yaml")
    line = text.split("\n")[found.location.line - 1]
    assert line[found.location.column - 1 :].startswith(meant)


def test_what_the_spec_cannot_bear_stays_there_and_says_which_setting_asked_for_it(scratch, monkeypatch):
    found = complaint(scratch, monkeypatch, WHOLE % "input: 3x1x1")
    assert found.location.file == "net.yaml"
    assert found.notes[-1] == "counted as inception-calc.yaml:3:56 says"


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "  - &a {id: h}\n",
        HEAD + "  - *a\n",
        HEAD + "  - {<<: x}\n",
        HEAD + "  - !!str x\n",
        "version: 1\n---\nversion: 1\n",
        "",
        "- 1\n",
        "#" * 9_000_000,
        "a: 1,\n" * 400_000,
    ],
    ids=["anchor", "alias", "merge", "tag", "two", "empty", "list", "large", "values"],
)
def test_a_budget_file_gets_no_advice_meant_for_specs(scratch, monkeypatch, text):
    found = complaint(scratch, monkeypatch, text)
    for word in ("spec", "'like'", "'repeat'", "block and call", "'rows", "'input"):
        assert word not in f"{found.what} {found.fix}".replace("match: specs/*.yaml", "").replace("several specs", "")
    assert found.fix


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("1000000%", "write up to 999999%, and larger rises as a number: +2G"),
        ("0.0000001%", "write up to 999999%, and larger rises as a number: +2G"),
        ("15", "write it with a percent sign: 15%"),
        ("15 %", "write it with a percent sign: 15%"),
        ("a%", "write digits and a percent sign: 15%"),
    ],
)
def test_a_percentage_that_cannot_be_read_is_told_why(text, fix):
    with pytest.raises(Fault) as stop:
        read_percentage(text)
    assert stop.value.fix == fix


def test_the_longest_percentages():
    assert read_percentage("999999.999999%") * 100 == 999_999 + read_percentage("99.9999%")
