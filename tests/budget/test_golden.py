"""Whole reports stay as they are, byte for byte (`golden` says how to write them anew)."""

from tests.budget.golden import FOLDER, written


def test_reports_are_as_kept(tmp_path):
    reports = written(tmp_path / "repo")
    assert {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()} == reports
