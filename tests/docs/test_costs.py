"""docs/costs.md defines every cost."""

from __future__ import annotations

import re

import pytest

from inception_calc.analysis.metrics import METRICS
from tests.cli.program import ROOT

PAGE = (ROOT / "docs" / "costs.md").read_text(encoding="utf-8")
DEFINITIONS = re.findall(r"^\*\*([^*]+)\*\* \(([^)]*)\): ", PAGE, re.MULTILINE)


@pytest.mark.parametrize("name", METRICS)
def test_every_cost_has_its_definition(name: str):
    assert [title for title, names in DEFINITIONS if f"`{name}`" in names], name


@pytest.mark.parametrize("name", ["share", "receptive_field", "receptive_stride", "--models", "--fully-convolutional"])
def test_so_has_what_stands_beside_the_costs(name: str):
    assert [title for title, names in DEFINITIONS if f"`{name}`" in names], name
