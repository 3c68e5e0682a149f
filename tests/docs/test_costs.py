"""docs/costs.md defines every cost, and its examples are what the program prints."""

from __future__ import annotations

import re
import shlex

import pytest

from inception_calc.analysis.measures import MEASURES
from inception_calc.report.view import HEADINGS
from tests.cli.program import ROOT, output

PAGE = (ROOT / "docs" / "costs.md").read_text(encoding="utf-8")
DEFINITIONS = re.findall(r"^\*\*([^*]+)\*\* \(([^)]*)\): ", PAGE, re.MULTILINE)
EXAMPLES = re.findall(r"```text\n\$ inception-calc (.*?[^\\])\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("name", MEASURES)
def test_every_cost_has_its_definition(name: str):
    assert [title for title, names in DEFINITIONS if f"`{name}`" in names], name


def test_every_column_of_numbers_is_a_cost_and_the_other_way_round():
    assert set(HEADINGS) == set(MEASURES)


@pytest.mark.parametrize("name", ["share", "receptive_field", "receptive_stride", "--models", "--fully-convolutional"])
def test_so_has_what_stands_beside_the_costs(name: str):
    assert [title for title, names in DEFINITIONS if f"`{name}`" in names], name


@pytest.mark.parametrize(("command", "printed"), EXAMPLES)
def test_examples_are_what_the_program_prints(command: str, printed: str):
    assert output(*shlex.split(command.replace("\\\n", " "))) == printed


def test_there_are_examples():
    assert len(EXAMPLES) == 2
