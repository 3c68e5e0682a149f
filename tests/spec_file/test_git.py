"""REF:path: specs at git revisions, and that git can be made to do nothing but read blobs."""

import os
import stat
import time
from pathlib import Path

import pytest

from inception_calc.analysis import analyze
from inception_calc.problems import InputError, Undecided
from inception_calc.spec_file import git, load
from inception_calc.spec_file.git import check_revision
from tests.budget.scratch import Scratch, clone, multiply_adds, net, repository

BLOCKS = (
    "name: b\ninput: 3x16x16\nblocks:\n  two: {{sequence: [{{convolution: 3x3, filters: {0}, padding: same}}]}}\n"
    "rows:\n  a: {{two: }}\n"
)
PROGRAMS = [
    "core.pager", "core.fsmonitor", "diff.external", "core.sshCommand", "filter.f.smudge", "diff.f.textconv",
    "core.editor", "core.askPass", "uploadpack.packObjectsHook", "gpg.program",
]  # fmt: skip
VARIABLES = [
    "GIT_PAGER", "PAGER", "GIT_EXTERNAL_DIFF", "GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_EDITOR", "GIT_PROXY_COMMAND",
]  # fmt: skip
USER = "name: u\ninput: 3x16x16\nuse: {blocks: [two]}\nrows:\n  a: {two: }\n"


@pytest.fixture
def history(tmp_path, monkeypatch) -> Scratch:
    made = repository(tmp_path / "repo")
    made.write("nets/net.yaml", net(16))
    made.write("nets/blocks.yaml", BLOCKS.format(4))
    made.write("nets/user.yaml", USER)
    made.commit("first")
    made.git("tag", "v1")
    made.write("nets/net.yaml", net(32))
    made.write("nets/blocks.yaml", BLOCKS.format(8))
    made.commit("second")
    monkeypatch.chdir(made.path)
    return made


def total(reference: str) -> object:
    return analyze(reference).totals.multiply_adds


@pytest.mark.usefixtures("history")
def test_a_spec_at_a_revision():
    assert total("v1:nets/net.yaml") == multiply_adds(16)
    assert total("HEAD:nets/net.yaml") == multiply_adds(32)
    assert total("HEAD~1:nets/net.yaml@default") == multiply_adds(16)
    assert total("main@{0}:nets/net.yaml") == multiply_adds(32)
    assert load("v1:nets/net.yaml").source == "v1:nets/net.yaml"


def test_a_path_counts_from_the_root_or_with_a_dot_from_here(history, monkeypatch):
    monkeypatch.chdir(history.path / "nets")
    assert total("v1:nets/net.yaml") == total("v1:./net.yaml") == total("v1:../nets/net.yaml") == multiply_adds(16)


@pytest.mark.usefixtures("history")
def test_use_reads_neighbours_from_the_same_revision():
    assert total("v1:nets/user.yaml") == 27 * 4 * 256
    assert total("HEAD:nets/user.yaml") == 27 * 8 * 256


def test_a_file_with_a_colon_in_its_name_is_a_file(history):
    history.write("v1:odd.yaml", net(3))
    assert total("v1:odd.yaml") == multiply_adds(3)


@pytest.mark.parametrize(
    ("reference", "code", "words"),
    [
        ("nope:nets/net.yaml", "missing-revision", "git fetch origin nope"),
        ("v1:nets/nett.yaml", "missing-file", "nets/net.yaml"),
        ("v1:", "missing-file", "nets/net.yaml"),
        ("v1:../outside.yaml", "missing-file", ""),
    ],
)
@pytest.mark.usefixtures("history")
def test_what_is_not_there_is_undecided(reference, code, words):
    with pytest.raises(Undecided) as caught:
        load(reference)
    (problem,) = caught.value.problems
    assert problem.code == code
    assert words in problem.fix


def test_outside_a_repository(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Undecided) as caught:
        load("main:net.yaml")
    assert caught.value.problems[0].code == "no-repository"


@pytest.mark.parametrize(
    "name", ["--upload-pack=touch pwned", "-h", "--output=x", "", "a\nb", "a\0b", "x" * 2000, "--exec=touch pwned"]
)
def test_a_revision_that_could_be_an_option_is_refused(name):
    with pytest.raises(InputError) as caught:
        check_revision(name)
    assert caught.value.problems[0].code == "bad-revision"


def test_an_option_as_a_revision_does_nothing(history):
    for text in ("--upload-pack=touch pwned:x.yaml", "--output=pwned:nets/net.yaml"):
        with pytest.raises(InputError):
            load(text)
    assert not (history.path / "pwned").exists()


@pytest.mark.parametrize("path", ["--output=pwned", ":(glob)**", ":/", "*", "-z"])
def test_a_path_is_never_an_option_nor_a_pattern(history, path):
    with pytest.raises(Undecided):
        load(f"HEAD:{path}")
    assert not (history.path / "pwned").exists()


def test_neither_configuration_nor_environment_makes_git_run_a_program(history, monkeypatch):
    trap = history.path.parent / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {history.path.parent}/pwned\ncat\n")
    trap.chmod(trap.stat().st_mode | stat.S_IXUSR)
    for key in PROGRAMS:
        history.git("config", key, str(trap))
    history.git("config", "log.showSignature", "true")
    (history.path / ".gitattributes").write_text("*.yaml filter=f diff=f\n")
    for hook in ("post-checkout", "reference-transaction", "post-index-change"):
        (history.path / ".git/hooks" / hook).write_text(trap.read_text())
        (history.path / ".git/hooks" / hook).chmod(0o755)
    for name in VARIABLES:
        monkeypatch.setenv(name, str(trap))
    assert total("v1:nets/net.yaml") == multiply_adds(16)
    assert not (history.path.parent / "pwned").exists()


@pytest.mark.usefixtures("history")
def test_git_variables_cannot_lead_to_another_repository(tmp_path, monkeypatch):
    other = repository(tmp_path / "other")
    other.write("nets/net.yaml", net(64))
    other.commit()
    monkeypatch.setenv("GIT_DIR", str(other.path / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.path))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other.path / ".git/objects"))
    assert total("HEAD:nets/net.yaml") == multiply_adds(32)


def test_a_partial_clone_fetches_nothing(history, tmp_path, monkeypatch):
    history.git("config", "uploadpack.allowFilter", "true")
    partial = clone(history, tmp_path / "partial", "--filter=blob:none", "--no-checkout")
    monkeypatch.chdir(partial.path)
    with pytest.raises(Undecided) as caught:
        load("HEAD:nets/net.yaml")
    (problem,) = caught.value.problems
    assert (problem.code, problem.fix) == ("git-refused", "git fetch --refetch --no-filter")
    partial.git("fetch", "-q", "--refetch", "--no-filter")
    assert total("HEAD:nets/net.yaml") == multiply_adds(32)


def test_links_lead_inside_their_revision_and_nowhere_else(history):
    (history.path / "nets/link.yaml").symlink_to("net.yaml")
    (history.path / "folder").symlink_to("nets")
    for name, target in (("out", "/etc/hostname"), ("up", "../../x.yaml"), ("lost", "gone.yaml"), ("round", "round")):
        (history.path / f"{name}.yaml").symlink_to(f"{target}.yaml" if target == "round" else target)
    history.commit()
    history.write("nets/net.yaml", net(4))
    assert total("HEAD:nets/link.yaml") == total("HEAD:folder/link.yaml") == multiply_adds(32)
    for name in ("out", "up", "lost", "round"):
        with pytest.raises(InputError) as caught:
            load(f"HEAD:{name}.yaml")
        assert "no regular file" in caught.value.problems[0].what


def test_a_file_is_no_folder_of_a_revision(history):
    with pytest.raises(Undecided):
        load("HEAD:nets/net.yaml/x.yaml")


@pytest.mark.parametrize("name", [".gitconfig", ".config/git/config", "repo/.git/config"])
def test_a_pipe_in_gits_configuration_is_waited_for_once(history, tmp_path, monkeypatch, name: str):
    """git opens it and waits for somebody to write; nobody does."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    pipe = tmp_path / name
    pipe.parent.mkdir(parents=True, exist_ok=True)
    pipe.unlink(missing_ok=True)
    os.mkfifo(pipe)
    monkeypatch.setattr(git, "FIRST_TIMEOUT", 0.5)
    git._repository.cache_clear()
    began = time.monotonic()
    for _ in range(20):
        with pytest.raises(Undecided) as caught:
            git.repository(Path())
    assert time.monotonic() - began < 20 * 0.5
    (problem,) = caught.value.problems
    assert problem.code == "git-timeout"
    assert problem.fix == f"'{pipe}' is no regular file, and git waits for it"
    git._repository.cache_clear()
