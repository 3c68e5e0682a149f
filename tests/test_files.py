"""Files are whole or not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from inception_calc.files import whole_file
from inception_calc.problems import InputError


def test_what_was_there_stays_until_all_is_written(tmp_path):
    path = tmp_path / "f"
    path.write_text("old")
    with whole_file(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("before", ["old", None])
def test_ctrl_c_leaves_what_was_there_and_nothing_beside_it(tmp_path, before: str | None):
    path = tmp_path / "f"
    if before:
        path.write_text(before)

    def interrupted() -> None:
        with whole_file(path) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [each.read_text() for each in tmp_path.iterdir()] == [before] * bool(before)


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "target").write_text("old")
    link = tmp_path / "link"
    link.symlink_to("target")
    with whole_file(link) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert (tmp_path / "target").read_text() == "new"


def test_a_device_is_written_to_as_it_is():
    with whole_file(Path("/dev/null")) as file:
        file.write(b"gone")
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/dev/full", "No space left"),
        ("/", "Is a directory"),
        ("/no/such/file", "No such file"),
        ("x" * 300, "too long"),
    ],
)
def test_a_file_that_cannot_be_written_is_a_complaint(path: str, why: str):
    def written() -> None:
        with whole_file(Path(path)) as file:
            file.write(b"text")
            file.flush()

    with pytest.raises(InputError, match=why):
        written()
