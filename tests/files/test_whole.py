"""Files are whole or not there, whatever stands in their place and whatever goes wrong."""

from __future__ import annotations

import errno
import os
import resource
import signal
import stat
import threading
from pathlib import Path

import pytest

from inception_calc.files import whole
from inception_calc.files.reads import one_run, remember
from inception_calc.files.whole import append_whole, check_distinct, new_file, whole_file, write_files
from inception_calc.problems import InputError


def written(path: Path, data: bytes = b"new") -> None:
    with whole_file(path) as file:
        file.write(data)


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
        ("/dev/fd/987654321", "No such file"),
    ],
)
def test_a_file_that_cannot_be_written_is_a_complaint(path: str, why: str):
    with pytest.raises(InputError, match=why):
        written(Path(path))


@pytest.mark.parametrize("mode", [0o600, 0o755, 0o664])
def test_the_mode_stays(tmp_path, mode: int):
    path = tmp_path / "f"
    path.touch()
    path.chmod(mode)
    written(path)
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_new_file_has_the_mode_that_every_new_file_has(tmp_path):
    (tmp_path / "other").touch()
    written(tmp_path / "f")
    with new_file(tmp_path / "g") as file:
        file.write(b"new")
    assert (tmp_path / "f").stat().st_mode == (tmp_path / "g").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_link_to_nothing_makes_what_it_leads_to(tmp_path):
    link = tmp_path / "link"
    link.symlink_to("target")
    written(link)
    assert (tmp_path / "target").read_bytes() == b"new"


def test_a_link_to_itself_is_a_complaint_and_stays(tmp_path):
    link = tmp_path / "link"
    link.symlink_to("link")
    with pytest.raises(InputError, match="symbolic links"):
        written(link)
    assert link.is_symlink()


@pytest.mark.parametrize(("old", "new"), [(b"old", b"longer than it was"), (b"longer than it will be", b"new")])
def test_a_second_name_stays_one(tmp_path, old: bytes, new: bytes):
    path, other = tmp_path / "f", tmp_path / "other"
    path.write_bytes(old)
    other.hardlink_to(path)
    written(path, new)
    assert path.samefile(other)
    assert other.read_bytes() == new


@pytest.fixture
def no_new_files(monkeypatch):
    """Folders that take no new file, as read-only ones do for everybody but root."""
    real = os.open

    def refusing(path, flags, *more, **options):
        if flags & os.O_CREAT and str(path).endswith(".part"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path, flags, *more, **options)

    monkeypatch.setattr(whole.os, "open", refusing)


def test_in_a_folder_that_takes_no_new_file_the_file_itself_is_written(tmp_path, no_new_files):
    path = tmp_path / "f"
    path.write_bytes(b"old")
    written(path)
    assert path.read_bytes() == b"new"
    with pytest.raises(InputError, match="Permission denied"):
        written(tmp_path / "g")


def test_a_file_that_is_mounted_by_itself_is_written_over(tmp_path, monkeypatch):
    def busy(*_):
        raise OSError(errno.EBUSY, "Device or resource busy")

    path = tmp_path / "f"
    path.write_bytes(b"old")
    monkeypatch.setattr(whole.os, "replace", busy)
    written(path)
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"new"]


@pytest.mark.parametrize("names", [1, 2], ids=["replaced", "written over"])
@pytest.mark.parametrize("size", [0, 10, 5000])
def test_what_was_there_stays_where_there_is_no_room(tmp_path, names: int, size: int):
    """`ulimit -f`, as a full disk or a quota: the child may write files of 4,096 bytes."""
    path = tmp_path / "f"
    path.write_bytes(b"o" * size)
    if names == 2:
        (tmp_path / "second").hardlink_to(path)
    before = sorted(each.name for each in tmp_path.iterdir())
    child = os.fork()
    if not child:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        try:
            written(path, b"n" * 6000)
        except InputError:
            os._exit(2)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 2
    assert path.read_bytes() == b"o" * size
    assert sorted(each.name for each in tmp_path.iterdir()) == before


def test_an_error_while_a_file_is_written_over_puts_the_old_bytes_back(tmp_path, monkeypatch):
    path = tmp_path / "f"
    path.write_bytes(b"the old bytes")
    (tmp_path / "second").hardlink_to(path)
    calls = []

    def failing(descriptor):
        calls.append(descriptor)
        if len(calls) == 2:  # the first is the part's, the third is the putting back
            raise KeyboardInterrupt

    monkeypatch.setattr(whole.os, "fsync", failing)
    with pytest.raises(KeyboardInterrupt):
        written(path)
    assert path.read_bytes() == b"the old bytes"


def test_of_several_files_none_takes_its_place_before_all_are_written(tmp_path):
    for name in "ab":
        (tmp_path / name).write_text("old")
    with pytest.raises(InputError, match="/dev/full"):
        write_files([(tmp_path / "a", b"new"), (Path("/dev/full"), b"new"), (tmp_path / "b", b"new")])
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == {"a": "old", "b": "old"}


def test_pipes_are_written_one_after_the_other(tmp_path):
    """A reader that takes them in turn gets both; were the first kept open, it would wait for ever."""
    pipes = [tmp_path / "one", tmp_path / "two"]
    for pipe in pipes:
        os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.extend([pipe.read_bytes() for pipe in pipes]), daemon=True)
    reader.start()
    write_files([(pipes[0], b"1"), (tmp_path / "f", b"f"), (pipes[1], b"2")])
    reader.join(timeout=20)
    assert read == [b"1", b"2"]
    assert all(pipe.is_fifo() for pipe in pipes)


def test_an_open_descriptor_is_written_to_where_it_stands(tmp_path):
    path = tmp_path / "f"
    with path.open("wb", buffering=0) as file:
        file.write(b"before ")
        written(Path(f"/dev/fd/{file.fileno()}"))
        file.write(b" after")
    assert path.read_bytes() == b"before new after"


def test_a_new_file_never_takes_the_place_of_one(tmp_path):
    path = tmp_path / "f"

    def overtaken() -> None:
        with new_file(path) as file:
            file.write(b"new")
            path.write_bytes(b"came first")

    with pytest.raises(FileExistsError):
        overtaken()
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"came first"]


def test_what_cannot_be_added_whole_is_not_added(tmp_path, monkeypatch):
    path = tmp_path / "summary"
    path.write_bytes(b"before\n")
    append_whole(path, b"after\n")
    assert path.read_bytes() == b"before\nafter\n"
    child = os.fork()
    if not child:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        try:
            append_whole(path, b"x" * 5000)
        except InputError:
            os._exit(2)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 2
    assert path.read_bytes() == b"before\nafter\n"


# -- files that were read, and files named twice ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["net.yaml", "./net.yaml", "link", "second"])
def test_a_file_that_was_read_is_no_target_under_any_name(tmp_path, monkeypatch, name: str):
    monkeypatch.chdir(tmp_path)
    read = Path("net.yaml")
    read.write_text("spec")
    Path("link").symlink_to("net.yaml")
    Path("second").hardlink_to("net.yaml")
    with one_run():
        with read.open("rb") as file:
            remember(file.fileno(), "net.yaml")
        for write in (written, lambda path: append_whole(path, b"x"), lambda path: write_files([(path, b"x")])):
            with pytest.raises(InputError, match="was read in this run") as caught:
                write(Path(name))
            assert caught.value.problems[0].code == "own-input"
        with whole_file(Path(name), even_if_read=True) as file:
            file.write(b"meant")
    assert read.read_text() == "meant"
    written(Path(name))  # another run


@pytest.mark.parametrize(
    ("paths", "codes"),
    [
        (["a", "b"], []),
        (["a", "a"], ["same-target"]),
        (["new", "./new"], ["same-target"]),
        (["a", "link"], ["same-target"]),
        (["link to new", "new"], ["same-target"]),
        (["a", "second"], ["same-target"]),
        (["/dev/null", "/dev/null"], []),
        (["/dev/stdout", "/dev/stdout"], []),
    ],
)
def test_two_targets_are_two_files(tmp_path, monkeypatch, paths: list[str], codes: list[str]):
    monkeypatch.chdir(tmp_path)
    Path("a").touch()
    Path("second").hardlink_to("a")
    Path("link").symlink_to("a")
    Path("link to new").symlink_to("new")
    found: list[str] = []
    try:
        check_distinct(paths)
    except InputError as error:
        found = [problem.code for problem in error.problems]
    assert found == codes
