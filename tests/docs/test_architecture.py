"""The drawing of the house is current, the page speaks of every room, and what it points at is there."""

from __future__ import annotations

import re

from tests.cli.program import ROOT
from tests.docs.architecture import PICTURE, contracts, picture, purpose

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_the_drawing_is_that_of_the_contracts():
    assert PICTURE.read_text(encoding="utf-8") == picture(), "python -m tests.docs.architecture draws it anew"


def test_the_contracts_speak_of_every_room():
    house = ROOT / "inception_calc"
    rooms = {path.parent.name for path in house.glob("*/__init__.py")} | {
        path.stem for path in house.glob("*.py") if path.stem != "__init__"
    }
    drawn = [room for floor in contracts().floors for room in floor]
    assert sorted(drawn) == sorted(rooms)
    assert all(map(purpose, rooms))


def test_the_page_speaks_of_every_room():
    for floor in contracts().floors:
        for room in floor:
            assert f"`{room}`" in PAGE, room


def test_what_the_page_points_at_is_there():
    paths = re.findall(r"`((?:inception_calc|specs|tests|docs)/[^`]*)`", PAGE)
    assert len(paths) > 8
    for path in paths:
        assert list(ROOT.glob(path.rstrip("/"))), path
    for link in re.findall(r"\]\(([^)#]+)\)", PAGE):
        assert (ROOT / "docs" / link).exists(), link
