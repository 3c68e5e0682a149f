"""Which base `auto` finds: clones of every kind, made with git, under CI systems with and without their variables.

The history is the same everywhere, and so is the right answer. `feature` left main at 16 filters; its first commit
makes it 17, its second one changes a note. main made it 20 and back to 18 since, in two commits. On `feature` the
rise is that of one filter whatever stands on top; on main the last push brought two commits, of which the last one
raised nothing. Where the base is not in the clone the answer is "undecided", and the command of its fix mends it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.budget.scratch import Scratch, clone, environment, net, params, repository

BUDGETS = "version: 1\nbudgets:\n  - {id: a, match: net.yaml, change: {params: +0}}\n"
RISE = params(17) - params(16)
PUSHED = params(18) - params(16)


class World(NamedTuple):
    """The server, and a folder for what is cloned from it once and for all."""

    server: Scratch
    folder: Path
    commits: Mapping[str, str]


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> World:
    folder = tmp_path_factory.mktemp("bases")
    server = repository(folder / "server")
    for key in ("allowAnySHA1InWant", "allowFilter"):
        server.git("config", f"uploadpack.{key}", "true")
    server.write("inception-calc.yaml", BUDGETS)
    server.write("net.yaml", net(15))
    server.commit("root")
    server.write("net.yaml", net(16))
    commits = {"left": server.commit("where the branch left")}
    server.git("checkout", "-q", "-b", "feature")
    server.write("net.yaml", net(17))
    commits["grown"] = server.commit("grown")
    server.write("notes.txt", "nothing to see")
    commits["feature"] = server.commit("a note on top")
    server.git("checkout", "-q", "main")
    server.write("net.yaml", net(20))
    server.commit("too much")
    server.write("net.yaml", net(18))
    commits["main"] = server.commit("less")
    server.git("checkout", "-q", "--detach", "main")
    server.git("merge", "-q", "--no-ff", "-s", "ours", "-m", "merge", "feature")
    server.write("net.yaml", net(19))  # what main and the branch make of it together
    server.git("add", "-A")
    server.git("commit", "-q", "--amend", "--no-edit")
    commits["merged"] = server.git("rev-parse", "HEAD")
    server.git("update-ref", "refs/pull/1/merge", commits["merged"])
    server.git("checkout", "-q", "main")
    return World(server, folder, commits)


# ---------------------------------------------------------------------------------------------------------------------
# Clones


def _cloned(*options: str) -> Callable[[World, Path, str], Scratch]:
    return lambda world, path, branch: clone(world.server, path, f"--branch={branch}", *options)


def _detached(*options: str) -> Callable[[World, Path, str], Scratch]:
    def made(world: World, path: Path, branch: str) -> Scratch:
        found = clone(world.server, path, f"--branch={branch}", *options)
        found.git("checkout", "-q", "--detach")
        if branch == "feature":
            found.git("branch", "-q", "-D", "feature")
        return found

    return made


def _worktree(world: World, path: Path, branch: str) -> Scratch:
    outer = clone(world.server, path.with_name(path.name + "-of"), "--branch=main")
    outer.git("checkout", "-q", "--detach")
    outer.git("worktree", "add", "-q", str(path), branch)
    return Scratch(path)


def _submodule(world: World, path: Path, branch: str) -> Scratch:
    outer = repository(path)
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", f"file://{world.server.path}", "sub")
    inner = Scratch(path / "sub")
    inner.git("checkout", "-q", "--detach", f"origin/{branch}")
    outer.commit()
    return inner


def _fetched(world: World, path: Path, branch: str) -> Scratch:
    """As checkout actions do it: an empty repository, one commit fetched, no branch and no remote branch."""
    path.mkdir()
    made = Scratch(path)
    made.git("init", "-q", "-b", "none", ".")
    made.git("remote", "add", "origin", f"file://{world.server.path}")
    made.git("fetch", "-q", "--no-tags", "--depth=1", "origin", f"+refs/heads/{branch}:refs/remotes/pull/1")
    made.git("checkout", "-q", "--detach", "refs/remotes/pull/1")
    return made


CLONES = {
    "full": _cloned(),
    "full, detached": _detached(),
    "shallow": _cloned("--depth=1"),
    "shallow, all branches": _cloned("--depth=1", "--no-single-branch"),
    "shallow, detached": _detached("--depth=1"),
    "single branch": _cloned("--single-branch"),
    "single branch, detached": _detached("--single-branch"),
    "partial, no old files": _cloned("--filter=blob:none"),
    "partial, no old trees": _cloned("--filter=tree:0"),
    "worktree": _worktree,
    "submodule": _submodule,
    "checkout action": _fetched,
}
WHOLE = ("full", "full, detached", "worktree", "submodule")
"""Clones that hold the base in any case."""


@pytest.fixture(scope="module")
def clones(world) -> Callable[[str, str], Scratch]:
    """A clone of its kind on a branch, made once; nothing changes it."""
    made: dict[tuple[str, str], Scratch] = {}

    def get(kind: str, branch: str) -> Scratch:
        if (kind, branch) not in made:
            made[kind, branch] = CLONES[kind](world, world.folder / f"{len(made)}", branch)
        return made[kind, branch]

    return get


# ---------------------------------------------------------------------------------------------------------------------
# Systems


def _event(folder: Path, name: str, content: object) -> str:
    path = folder / f"{name}.json"
    path.write_text(json.dumps(content))
    return str(path)


def pull_request(system: str) -> dict[str, str]:
    """The variables of a pull request of `feature` into main."""
    return {
        "none": {},
        "GitHub": {
            "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_BASE_REF": "main",
            "GITHUB_HEAD_REF": "feature", "GITHUB_REF": "refs/pull/1/merge", "GITHUB_SHA": "0" * 40,
        },
        "GitLab": {
            "GITLAB_CI": "true", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_DEFAULT_BRANCH": "main",
            "CI_COMMIT_BEFORE_SHA": "0" * 40,
        },
        "Azure": {"TF_BUILD": "True", "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"},
        "Bitbucket": {"BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_PR_DESTINATION_BRANCH": "main"},
        "Jenkins": {"JENKINS_URL": "https://ci", "CHANGE_TARGET": "main"},
        "Buildkite": {"BUILDKITE": "true", "BUILDKITE_PULL_REQUEST_BASE_BRANCH": "main"},
        "Drone": {"DRONE": "true", "DRONE_TARGET_BRANCH": "main"},
        "Woodpecker": {"CI_COMMIT_TARGET_BRANCH": "main"},
    }[system]  # fmt: skip


def push(system: str, world: World, branch: str) -> dict[str, str]:
    """The variables of a push: of the note on top of `feature`, or of both commits of main."""
    before = world.commits["grown" if branch == "feature" else "left"]
    content = {"before": before, "repository": {"default_branch": "main"}}
    return {
        "none": {},
        "GitHub": {
            "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "push", "GITHUB_REF": f"refs/heads/{branch}",
            "GITHUB_EVENT_PATH": _event(world.folder, branch, content), "GITHUB_BASE_REF": "",
        },
        "GitLab": {
            "GITLAB_CI": "true", "CI_COMMIT_BRANCH": branch, "CI_DEFAULT_BRANCH": "main",
            "CI_COMMIT_BEFORE_SHA": before,
        },
        "Azure": {"TF_BUILD": "True", "BUILD_SOURCEBRANCH": f"refs/heads/{branch}"},
        "Bitbucket": {"BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_BRANCH": branch},
        "Jenkins": {"JENKINS_URL": "https://ci", "BRANCH_NAME": branch},
        "Buildkite": {"BUILDKITE": "true", "BUILDKITE_BRANCH": branch},
        "Drone": {"DRONE": "true", "DRONE_TARGET_BRANCH": branch, "DRONE_BRANCH": branch},
        "Woodpecker": {"CI_COMMIT_BRANCH": branch},
    }[system]  # fmt: skip


SYSTEMS = ("none", "GitHub", "GitLab", "Azure", "Bitbucket", "Jenkins", "Buildkite", "Drone", "Woodpecker")
CI = ({"CI": "true"}, pytest.param({}, marks=pytest.mark.thorough))


def answer(here: Scratch, variables: Mapping[str, str]) -> tuple[str, int | None]:
    """The verdict, and the rise over the base."""
    (judgement,) = here.check(environment=variables).judgements
    return judgement.verdict, judgement.change


def mended(here: Scratch, path: Path, variables: Mapping[str, str], again: int = 3) -> tuple[str, int | None]:
    """The answer after the commands of the fixes were typed into a copy, as they stand; a partial clone may fetch."""
    shutil.copytree(here.path, path, symlinks=True)
    copy = Scratch(path)
    for _ in range(again):
        (judgement,) = copy.check(environment=variables).judgements
        if judgement.verdict != "undecided":
            break
        assert judgement.problem.fix.startswith("git fetch "), judgement.problem
        command = judgement.problem.fix.split(";")[0].split(" (")[0]
        subprocess.run(["bash", "-c", command], cwd=path, env=environment(), check=True, capture_output=True)
    return judgement.verdict, judgement.change


@pytest.mark.parametrize("ci", CI, ids=["CI", "no CI"])
@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("kind", CLONES)
def test_a_branch_is_compared_with_where_it_left(clones, kind, system, ci):
    """One filter risen, or undecided; never a pass, in whatever clone, whatever is or is not set."""
    here = clones(kind, "feature")
    found = answer(here, pull_request(system) | ci)
    assert found == ("fail", RISE) or (kind not in WHOLE and found == ("undecided", None))


@pytest.mark.parametrize("ci", CI, ids=["CI", "no CI"])
@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("kind", CLONES)
def test_a_second_push_hides_nothing_of_the_first(world, clones, kind, system, ci):
    here = clones(kind, "feature")
    found = answer(here, push(system, world, "feature") | ci)
    assert found == ("fail", RISE) or (kind not in WHOLE and found == ("undecided", None))


@pytest.mark.parametrize("ci", CI, ids=["CI", "no CI"])
@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("kind", CLONES)
def test_a_push_to_main_is_compared_with_what_was_before(world, clones, kind, system, ci):
    """With the commit before the push where the system says it, else with the commit before: never with itself."""
    here = clones(kind, "main")
    says = system in ("GitHub", "GitLab")
    report = here.check(environment=push(system, world, "main") | ci)
    (judgement,) = report.judgements
    assert not report.base.endswith(world.commits["main"][:7])
    right = ("fail", PUSHED) if says else ("pass", params(18) - params(20))
    undecided = kind not in WHOLE and (judgement.verdict, judgement.change) == ("undecided", None)
    assert undecided or (judgement.verdict, judgement.change) == right


FETCHABLE = [kind for kind in CLONES if kind not in WHOLE]


@pytest.mark.parametrize("system", ["none", "GitHub", "GitLab"])
@pytest.mark.parametrize("kind", FETCHABLE)
def test_the_command_of_the_fix_mends_it(world, clones, tmp_path, kind, system):
    here = clones(kind, "feature")
    assert mended(here, tmp_path / "copy", pull_request(system)) == ("fail", RISE)
    here = clones(kind, "main")
    says = ("fail", PUSHED) if system != "none" else ("pass", params(18) - params(20))
    assert mended(here, tmp_path / "main", push(system, world, "main")) == says


def test_clones_that_lack_the_base_are_really_there(clones):
    """The tests above would pass without a word if every clone held everything."""
    for kind in ("shallow", "single branch", "shallow, detached", "checkout action", "partial, no old trees"):
        assert answer(clones(kind, "feature"), {}) == ("undecided", None), kind
    assert answer(clones("full", "feature"), {}) == ("fail", RISE)


# ---------------------------------------------------------------------------------------------------------------------
# Events of their own


def test_the_platforms_merge_is_compared_with_its_first_parent(world, clones):
    here = clones("full", "main")
    here.git("fetch", "-q", "origin", "refs/pull/1/merge")
    here.git("checkout", "-q", "--detach", "FETCH_HEAD")
    variables = pull_request("GitHub") | {"GITHUB_SHA": world.commits["merged"]}
    assert answer(here, variables) == ("fail", params(19) - params(18))
    here.git("checkout", "-q", "main")


def test_pull_request_target_does_not_judge_the_target_itself(world, clones):
    """The event runs on the target branch: without a checkout of its own it sees nothing of the pull request."""
    variables = pull_request("GitHub") | {
        "GITHUB_EVENT_NAME": "pull_request_target", "GITHUB_SHA": world.commits["main"],
    }  # fmt: skip
    here = clones("full", "main")
    (judgement,) = here.check(environment=variables).judgements
    assert (judgement.verdict, judgement.problem.code) == ("undecided", "base-is-head")
    here.git("fetch", "-q", "origin", "refs/pull/1/merge")
    here.git("checkout", "-q", "--detach", "FETCH_HEAD")  # main's last commit may well be a merge
    here.git("update-ref", "refs/remotes/origin/main", world.commits["merged"])
    (judgement,) = here.check(environment=variables | {"GITHUB_SHA": world.commits["merged"]}).judgements
    assert (judgement.verdict, judgement.problem.code) == ("undecided", "base-is-head")
    here.git("update-ref", "refs/remotes/origin/main", world.commits["main"])
    here.git("checkout", "-q", "main")
    assert answer(clones("full", "feature"), variables) == ("fail", RISE)


def test_a_merge_queue_is_compared_with_what_it_builds_on(world, clones):
    content = {"merge_group": {"base_sha": world.commits["left"], "base_ref": "refs/heads/main"}}
    variables = {
        "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "merge_group",
        "GITHUB_REF": "refs/heads/gh-readonly-queue/main/pr-1",
        "GITHUB_EVENT_PATH": _event(world.folder, "queue", content), "GITHUB_BASE_REF": "",
    }  # fmt: skip
    for kind in CLONES:
        found = answer(clones(kind, "feature"), variables)
        assert found == ("fail", RISE) or (kind not in WHOLE and found[0] == "undecided"), kind


def test_a_tag_that_is_pushed_is_compared_with_the_commit_before(world, clones):
    content = {"before": "0" * 40, "repository": {"default_branch": "main"}}
    variables = {
        "GITHUB_EVENT_NAME": "push", "GITHUB_REF": "refs/tags/v1",
        "GITHUB_EVENT_PATH": _event(world.folder, "tag", content),
    }  # fmt: skip
    assert answer(clones("full, detached", "main"), variables) == ("pass", params(18) - params(20))


def test_a_forced_push_whose_past_is_gone_is_undecided(world, clones):
    content = {"before": "1234567890" * 4, "repository": {"default_branch": "main"}}
    variables = push("GitHub", world, "main") | {"GITHUB_EVENT_PATH": _event(world.folder, "forced", content)}
    (judgement,) = clones("full", "main").check(environment=variables).judgements
    assert (judgement.verdict, judgement.problem.code) == ("undecided", "missing-base")
    content["before"] = "feature"  # a name is no hash, and could be anything
    variables["GITHUB_EVENT_PATH"] = _event(world.folder, "named", content)
    (judgement,) = clones("full", "main").check(environment=variables).judgements
    assert judgement.verdict == "undecided"


def test_a_branch_under_another_name_at_origin_is_no_base(world, tmp_path):
    """`git push -u origin feature:wip`: the upstream has another name, and holds HEAD."""
    here = clone(world.server, tmp_path / "clone", "--branch=feature")
    here.git("update-ref", "refs/remotes/origin/wip", "HEAD")
    here.git("config", "branch.feature.merge", "refs/heads/wip")
    assert here.git("rev-parse", "--abbrev-ref", "@{upstream}") == "origin/wip"
    assert answer(here, {}) == ("fail", RISE)


# ---------------------------------------------------------------------------------------------------------------------
# Refs that stand in front of others


@pytest.mark.parametrize(
    "shadow",
    [
        "refs/heads/origin/main",
        "refs/tags/origin/main",
        "refs/tags/main",
        "refs/origin/main",
        "refs/main",
        "refs/heads/refs/remotes/origin/main",
        "refs/tags/refs/heads/main",
        "refs/remotes/main/HEAD",
    ],
)
def test_a_ref_that_shadows_the_branch_is_not_taken_for_it(world, tmp_path, shadow):
    """The shadow stands at HEAD, so the base would be HEAD^ and the first of two commits would escape."""
    here = clone(world.server, tmp_path / "clone", "--branch=feature")
    here.git("update-ref", shadow, "HEAD")
    for system in SYSTEMS:
        assert answer(here, pull_request(system)) == ("fail", RISE), system
    for typed in ("main", "origin/main"):
        report = here.check(base=typed)
        (judgement,) = report.judgements
        if judgement.verdict == "undecided":
            assert judgement.problem.code == "ambiguous-revision"
            assert shadow in judgement.problem.what
        else:
            assert (judgement.verdict, judgement.change) == ("fail", RISE), typed
    assert answer_named(here, "refs/remotes/origin/main") == ("fail", RISE)


def answer_named(here: Scratch, base: str) -> tuple[str, int | None]:
    (judgement,) = here.check(base=base).judgements
    return judgement.verdict, judgement.change


@pytest.mark.parametrize(("typed", "shadow"), [("main", "refs/tags/main"), ("origin/main", "refs/heads/origin/main")])
def test_a_name_of_several_commits_is_said(world, tmp_path, typed, shadow):
    here = clone(world.server, tmp_path / "clone", "--branch=feature")
    here.git("branch", "-q", "main", "origin/main")
    here.git("update-ref", shadow, "HEAD")
    done = here.run("check", "--base", typed)
    assert done.returncode == 3
    assert f"'{typed}' may be any of " in done.stdout
    assert shadow in done.stdout
    table = here.run("table", f"{typed}:net.yaml")
    assert (table.returncode, "ambiguous-revision" in table.stderr) == (3, True)
    here.git("update-ref", shadow, f"refs/remotes/{typed}" if "/" in typed else f"refs/heads/{typed}")
    assert answer_named(here, typed) == ("fail", RISE)  # of one commit only: nothing to say


def test_a_branch_that_looks_like_a_hash_is_said(world, tmp_path):
    here = clone(world.server, tmp_path / "clone", "--branch=feature")
    left = world.commits["left"]
    here.git("update-ref", f"refs/heads/{left[:8]}", "HEAD")
    (judgement,) = here.check(base=left[:8]).judgements
    assert (judgement.verdict, judgement.problem.code) == ("undecided", "ambiguous-revision")
    here.git("update-ref", f"refs/heads/{left}", left)
    assert answer_named(here, left) == ("fail", RISE)


@pytest.mark.parametrize("empty", [["--base", ""], ["--base="]])
def test_an_empty_base_is_no_default(world, clones, empty):
    done = clones("full", "feature").run("check", *empty)
    assert (done.returncode, "bad-revision" in done.stderr) == (2, True)


def test_names_in_a_command_that_mends_are_quoted(world, clones):
    name = "x$(touch${IFS}pwned)'"
    for variables in ({"GITHUB_BASE_REF": name}, {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": name}):
        (judgement,) = clones("full", "feature").check(environment=variables).judgements
        command = judgement.problem.fix.split(";")[0]
        subprocess.run(["bash", "-c", command], cwd=world.folder, env=environment(), check=False, capture_output=True)
        assert not (world.folder / "pwned").exists()


# ---------------------------------------------------------------------------------------------------------------------
# Histories of their own


def test_a_revert_of_a_saving_is_a_rise(scratch):
    scratch.git("checkout", "-q", "main")
    scratch.write("inception-calc.yaml", BUDGETS)
    scratch.commit("budgets")
    scratch.write("net.yaml", net(12))
    scratch.commit("less")
    scratch.git("checkout", "-q", "-B", "feature")
    scratch.git("revert", "--no-edit", "HEAD")
    assert answer(scratch, {}) == ("fail", params(16) - params(12))


def test_a_merge_that_keeps_its_own_is_compared_with_what_it_merged(scratch):
    """main saves, the branch merges it and keeps its own file: what it brings to main is a rise."""
    scratch.write("inception-calc.yaml", BUDGETS)
    scratch.commit()
    scratch.git("checkout", "-q", "main")
    scratch.write("net.yaml", net(12))
    scratch.commit("less")
    scratch.git("checkout", "-q", "feature")
    scratch.git("merge", "-q", "-s", "ours", "-m", "merge", "main")
    assert answer(scratch, {}) == ("fail", params(16) - params(12))


@pytest.mark.parametrize("kind", ["replace", "graft"])
def test_history_that_was_rewritten_here_alone_is_not_believed(world, tmp_path, kind):
    """`git replace` and .git/info/grafts show another past than the one that everybody else has."""
    here = clone(world.server, tmp_path / "clone", "--branch=feature")
    feature, grown = world.commits["feature"], world.commits["grown"]
    if kind == "graft":
        (here.path / ".git/info/grafts").write_text(f"{world.commits['main']} {grown}\n")
    else:
        tree = here.git("rev-parse", "main^{tree}" if here.git("branch", "--list", "main") else "origin/main^{tree}")
        other = here.git("commit-tree", tree, "-p", grown, "-m", "as if main held it")
        here.git("replace", world.commits["main"], other)
    assert here.git("merge-base", feature, "origin/main") == grown  # what git says by itself
    assert answer(here, {}) == ("fail", RISE)
