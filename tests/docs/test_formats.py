"""docs/formats.md defines every format, column and JSON key, and nothing that is not there."""

from __future__ import annotations

import json
import re

from inception_calc.analysis.metrics import METRICS
from inception_calc.report.output import ALL_FORMATS, SUFFIXES
from inception_calc.report.view import DEFAULT_COLUMNS, WORDS
from tests.cli.program import ROOT, called
from tests.docs.operators import PAGE, page

TEXT = (ROOT / "docs" / "formats.md").read_text("utf-8")
FREE_NAMES = ("cells", "element_ops_by_kind", "alive", "weights_of")
"""Keys whose values have names of the spec's for keys."""


def section(title: str) -> str:
    """The part of the page under a heading, up to the next of the same level."""
    return TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def defined(title: str) -> list[str]:
    """The words in the first column of the section's table."""
    cells = re.findall(r"^\| (`[^|]*`) \|", section(title), re.MULTILINE)
    return [word for cell in cells for word in re.findall(r"`([^`]+)`", cell)]


def keys_of(value: object) -> set[str]:
    """Every key in a JSON value."""
    if isinstance(value, list):
        return set().union(*map(keys_of, value))
    if not isinstance(value, dict):
        return set()
    return set(value).union(*(keys_of(item) for key, item in value.items() if key not in FREE_NAMES))


def test_every_format_has_its_line_and_suffix():
    assert defined("Formats") == list(ALL_FORMATS)
    suffixes = re.findall(r"^\| `(\w+)` \| `(\.\w+)` \|", section("Formats"), re.MULTILINE)
    assert {suffix: kind for kind, suffix in suffixes} == SUFFIXES


def test_every_column_is_defined_once():
    assert sorted(defined("Columns")) == sorted([*WORDS, *METRICS])


def test_the_default_columns_are_said():
    assert f"`--by row` are `{','.join(DEFAULT_COLUMNS['row'])}`" in section("Columns")


def test_every_json_key_is_defined_and_no_other():
    calls = [
        [
            "googlenet",
            "--training",
            "--columns",
            "arithmetic_intensity",
            "--by",
            "kind",
            "--models",
            "7",
            "--crops",
            "144",
        ],
        ["inception_module", "--set", "size="],
        ["vgg_a", "--input", "3x448x448"],
        ["tests/docs/shared.yaml"],
        ["vgg_a", "--input", "3x448x448", "--fully-convolutional"],
    ]
    keys = set().union(*(keys_of(json.loads(called("table", *call, "-f", "json").stdout)) for call in calls))
    words = set(re.findall(r"`(\w+)`", section("JSON").split("\n`list -f json`")[0]))
    assert keys <= words, keys - words
    assert set(defined("JSON")) <= keys, set(defined("JSON")) - keys


def test_every_key_of_the_list_is_named():
    paragraph = section("JSON").split("\n`list -f json`")[1]
    assert keys_of(json.loads(called("list", "-f", "json").stdout)) <= set(re.findall(r"`(\w+)`", paragraph))


def test_operators_page_is_made_from_the_docstrings():
    assert PAGE.read_text("utf-8") == page(), "python -m tests.docs.operators"
