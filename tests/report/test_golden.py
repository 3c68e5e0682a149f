"""Whole outputs stay as they are, byte for byte (`golden` says how to write them anew)."""

from __future__ import annotations

import pytest

from tests.report.golden import CALLS, FOLDER, SUFFIXES, names, written


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    folder = tmp_path_factory.mktemp("output")
    for call in CALLS:
        written(call, folder)
    return folder


@pytest.mark.parametrize("name", [name for call in CALLS for name in names(call)])
def test_output_is_as_kept(fresh, name: str):
    assert (fresh / name).read_text(encoding="utf-8") == (FOLDER / name).read_text(encoding="utf-8")


def test_every_kept_file_is_compared():
    kept = {path.name for path in FOLDER.iterdir() if path.suffix != ".yaml"}
    assert kept == {name for call in CALLS for name in names(call)}


def test_every_format_is_kept():
    from inception_calc.report.output import ALL_FORMATS

    assert set(SUFFIXES) == set(ALL_FORMATS) - {"auto"}
