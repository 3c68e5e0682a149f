"""The reference in docs/language.md has every operator with all its settings, and every key of a spec."""

from __future__ import annotations

import re

from inception_calc.ops.model import fields_of
from inception_calc.ops.register import REGISTER, operator
from inception_calc.spec.models import Spec
from tests.cli.program import ROOT

PAGE = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")


def table(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its first two lines."""
    lines = PAGE.split(f"### {heading}\n")[1].split("\n\n")[0].strip().splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_operator_stands_there_with_its_settings():
    said = {name: set(quoted(settings)) for names, _, settings in table("A step") for name in quoted(names)}
    known = {
        name: {key for key, field in fields_of(operator(name)).items() if field.name != "argument"} for name in REGISTER
    }
    assert said == known


def test_every_key_of_a_spec_stands_there():
    said = [name for names, _ in table("A spec") for name in quoted(names)]
    assert sorted(said) == sorted(field.alias or "" for field in Spec.model_fields.values())
