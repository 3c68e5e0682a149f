"""docs/formula.md shows what the program prints."""

from __future__ import annotations

import re
import shlex

import pytest

from tests.cli.program import ROOT, run

PAGE = (ROOT / "docs" / "formula.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```console\n\$ inception-calc (.*)\n((?:.*\n)*?)```", PAGE)


@pytest.mark.parametrize(("call", "shown"), SHOWN, ids=[call for call, _ in SHOWN])
def test_the_page_shows_real_output(call: str, shown: str):
    assert run(*shlex.split(call)).stdout.rstrip() == shown.rstrip()


def test_the_page_shows_every_command():
    assert {call.split()[0] for call, _ in SHOWN} == {"formula", "solve", "explain"}
