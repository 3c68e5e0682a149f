"""More ways to pass wrongly (docs/check.md): files that hide their past, and bases that are HEAD itself."""

import pytest

from inception_calc.budget.ci import ALSO_ON_PUSH, TARGETS
from inception_calc.problems import InputError
from tests.budget.scratch import Scratch, clone, net, params, repository

CHANGE = "budgets:\n  - {id: a, match: net.yaml, change: {params: +0}}\n"
BOTH = "budgets:\n  - {id: a, match: %s, max: {params: 1M}, change: {params: +0}}\n"


def code_of_the_undecided(report) -> str:
    assert (report.verdict, report.exit_code) == ("undecided", 3)
    (judgement,) = report.of("undecided")
    return judgement.problem.code


@pytest.fixture
def pushed(scratch) -> Scratch:
    """HEAD is the tip of main, whose last commit added a filter."""
    scratch.git("checkout", "-q", "main")
    scratch.write("net.yaml", net(17))
    scratch.budgets(CHANGE)
    scratch.commit()
    return scratch


@pytest.mark.parametrize("environment", [{}, {"CI": "true"}])
@pytest.mark.parametrize("base", ["main", "HEAD", "auto"])
def test_a_base_that_is_head_itself_is_the_commit_before(pushed, base, environment):
    """A commit compared with itself always passes; so it is never compared with itself, at a desk neither."""
    report = pushed.check(base=base, environment=environment)
    assert (report.verdict, report.judgements[0].change) == ("fail", params(17) - params(16))
    assert report.base_why == f"{'HEAD' if base == 'HEAD' else 'main'} holds HEAD already: the commit before"


def test_head_is_one_thing_alone_in_a_clone_too(scratch, tmp_path):
    """A clone has refs/remotes/origin/HEAD; whoever types HEAD means where they stand, as in a pre-commit hook."""
    mine = clone(scratch, tmp_path / "mine", "--branch=feature")
    assert mine.git("rev-parse", "refs/remotes/origin/HEAD") != mine.git("rev-parse", "HEAD~1")
    mine.write("net.yaml", net(18))
    mine.budgets(CHANGE)
    mine.commit()
    mine.write("net.yaml", net(19))
    report = mine.check(base="HEAD")
    assert (report.verdict, report.judgements[0].change) == ("fail", params(19) - params(18))


def test_at_a_desk_what_was_edited_is_compared_with_the_last_commit(pushed):
    pushed.write("net.yaml", net(18))
    report = pushed.check()
    assert (report.judgements[0].change, report.base_why) == (
        params(18) - params(17), "the last commit: specs here were edited since",
    )  # fmt: skip
    assert pushed.check(environment={"CI": "true"}).judgements[0].change == params(18) - params(16)


@pytest.mark.parametrize("odd", ["line ends", "an untracked spec", "another file", "a budget file"])
def test_what_is_no_edit_does_not_make_head_its_own_base(pushed, odd):
    """A build that leaves files behind, or a checkout with other line ends, in a system without variables."""
    if odd == "line ends":
        (pushed.path / "net.yaml").write_bytes(net(17).replace("\n", "\r\n").encode())
    elif odd == "an untracked spec":
        pushed.write("made.yaml", net(3, "made"))
        pushed.budgets(CHANGE.replace("net.yaml", "'*.yaml'"))
    elif odd == "a budget file":
        pushed.budgets(CHANGE.replace("+0", "+1"))
    else:
        pushed.write("other.yaml", "version: 2")
    assert pushed.check().of("fail")[0].change == params(17) - params(16)


def test_a_base_that_holds_head_and_is_no_default_branch_is_undecided(scratch):
    """Two commits; a name for the last one must not let the first one through."""
    scratch.write("net.yaml", net(17))
    scratch.commit()
    scratch.write("notes.txt", "x")
    scratch.budgets(CHANGE)
    scratch.commit()
    scratch.git("tag", "v1")
    for base in ("v1", "feature", "HEAD~0", scratch.git("rev-parse", "HEAD")):
        assert code_of_the_undecided(scratch.check(base=base)) == "base-is-head"
    assert scratch.check(base="main").verdict == "fail"


def test_a_target_branch_that_went_on_is_not_compared_with_its_own_past(pushed):
    """CI on a commit of main that is not the last one any more: the merge base with main is the commit itself."""
    pushed.write("notes.txt", "later")
    pushed.commit()
    pushed.git("checkout", "-q", "--detach", "HEAD~1")
    for environment in ({"CI": "true"}, {}):
        assert pushed.check(environment=environment).verdict == "fail"


@pytest.mark.parametrize(
    "environment",
    [
        {"CI": "true"},
        {"CI": "1"},
        {"TF_BUILD": "True"},
        {"JENKINS_URL": "https://ci"},
        {"TEAMCITY_VERSION": "2026"},
        {"CI": "true", "DRONE_TARGET_BRANCH": "main"},
        {"GITHUB_ACTIONS": "true"},
        {"CI": "false"},
        {},
    ],
)
def test_every_ci_system_compares_the_default_branch_with_the_commit_before(pushed, environment):
    pushed.git("checkout", "-q", "--detach")  # as most systems check out
    assert pushed.check(environment=environment).verdict == "fail"


@pytest.mark.parametrize("variable", [name for name in TARGETS if name not in ALSO_ON_PUSH])
def test_a_pull_request_whose_target_holds_it_already_is_undecided(pushed, variable):
    """The wrong commit is checked out, or the right one was merged: nothing of the pull request is left to judge."""
    report = pushed.check(environment={variable: "main"})
    assert code_of_the_undecided(report) == "base-is-head"
    assert "+refs/heads/main:refs/remotes/origin/main" in report.judgements[0].problem.fix


def test_a_misspelt_base_is_no_pass_even_where_no_limit_asks_for_it(scratch):
    scratch.budgets("budgets:\n  - {id: a, match: net.yaml, max: {params: 1M}}\n")
    assert scratch.check(base="main").verdict == "pass"
    assert code_of_the_undecided(scratch.check(base="mian")) == "missing-base"
    done = scratch.run("check", "net.yaml", "--max", "params=1M", "--base", "mian")
    assert done.returncode == 3
    assert "undecided[missing-base]: base: there is no revision 'mian' here" in done.stdout


def test_ci_on_the_first_commit_is_undecided(tmp_path):
    first = repository(tmp_path / "first")
    first.write("net.yaml", net(16))
    first.budgets(CHANGE)
    first.commit()
    assert code_of_the_undecided(first.check(environment={"CI": "true"})) == "no-parent"


def test_at_a_desk_all_is_new_in_the_first_commit(tmp_path):
    """There is nothing that could have been hidden; said, and a warning where no other limit holds the spec."""
    first = repository(tmp_path / "first")
    first.write("net.yaml", net(16))
    first.budgets(CHANGE)
    first.commit()
    report = first.check()
    assert (report.verdict, report.judgements[0].status) == ("warn", "new")
    assert report.base_why == "HEAD is the first commit: all is new"


def test_no_commit_at_all_is_undecided(tmp_path):
    empty = repository(tmp_path / "empty")
    empty.write("net.yaml", net(16))
    empty.budgets(CHANGE)
    assert code_of_the_undecided(empty.check()) == "no-commit"


def test_a_link_has_the_past_of_what_it_leads_to(scratch):
    scratch.git("checkout", "-q", "main")
    (scratch.path / "real").mkdir()
    scratch.git("mv", "net.yaml", "real/net.yaml")
    (scratch.path / "specs").symlink_to("real")
    (scratch.path / "one.yaml").symlink_to("real/net.yaml")
    scratch.commit()
    scratch.git("checkout", "-q", "-b", "wider")
    scratch.write("real/net.yaml", net(17))
    scratch.budgets(BOTH % "[specs/*.yaml, one.yaml]")
    report = scratch.check()
    assert [(j.spec, j.status) for j in report.of("fail")] == [("specs/net.yaml", "risen"), ("one.yaml", "risen")]


def test_a_link_that_is_led_elsewhere_is_compared_with_where_it_led(scratch):
    scratch.git("checkout", "-q", "main")
    scratch.write("large.yaml", net(99, "large"))
    (scratch.path / "chosen.yaml").symlink_to("net.yaml")
    scratch.commit()
    scratch.git("checkout", "-q", "-b", "other")
    (scratch.path / "chosen.yaml").unlink()
    (scratch.path / "chosen.yaml").symlink_to("large.yaml")
    scratch.budgets(BOTH % "chosen.yaml")
    (judgement,) = scratch.check().of("fail")
    assert judgement.change == params(99) - params(16)


@pytest.mark.parametrize(("target", "code"), [("gone.yaml", "unreadable"), ("/etc/hostname", "outside")])
def test_a_link_to_nothing_or_out_of_the_repository_is_an_error(scratch, target, code):
    (scratch.path / "x.yaml").symlink_to(target)
    scratch.budgets(BOTH % "'*.yaml'")
    with pytest.raises(InputError) as caught:
        scratch.check()
    assert [problem.code for problem in caught.value.problems] == [code]


def test_a_spec_of_a_submodule_is_undecided(scratch, tmp_path):
    inner = repository(tmp_path / "inner")
    inner.write("net.yaml", net(16))
    inner.commit()
    scratch.git("checkout", "-q", "main")
    scratch.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.path), "sub")
    scratch.commit()
    scratch.git("checkout", "-q", "-b", "wider")
    scratch.commit()
    scratch.write("sub/net.yaml", net(17))
    scratch.budgets(BOTH % "sub/*.yaml")
    assert code_of_the_undecided(scratch.check()) == "unreadable-base"


def test_a_spec_of_a_repository_inside_is_undecided(scratch):
    inner = repository(scratch.path / "inner")
    inner.write("net.yaml", net(16))
    inner.commit()
    scratch.budgets(BOTH % "inner/*.yaml")
    assert code_of_the_undecided(scratch.check()) == "other-repository"


def test_in_a_worktree_and_in_a_submodule_the_base_is_found(scratch, tmp_path):
    scratch.budgets(CHANGE)
    scratch.commit()
    scratch.git("worktree", "add", "-q", "-b", "beside", str(tmp_path / "beside"), "feature")
    beside = Scratch(tmp_path / "beside")
    beside.write("net.yaml", net(17))
    assert (beside.check().verdict, beside.check().base[:5]) == ("fail", "main@")
    outer = repository(tmp_path / "outer")
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(scratch.path), "sub")
    inside = Scratch(outer.path / "sub")
    inside.write("net.yaml", net(17))
    assert inside.check(base="origin/feature").verdict == "fail"


@pytest.mark.thorough
def test_renaming_a_whole_folder_makes_no_spec_new(scratch):
    """More files than are read to find one: each is found by its content, or by its name."""
    scratch.git("checkout", "-q", "main")
    for number in range(230):
        scratch.write(f"old/{number:03}.yaml", net(16, f"net {number}"))
    scratch.commit()
    scratch.git("checkout", "-q", "-b", "moved")
    scratch.git("mv", "old", "new")
    scratch.write("new/229.yaml", net(17, "net 229"))
    scratch.commit()
    scratch.budgets(BOTH % "new/*.yaml")
    report = scratch.check()
    assert [(j.spec, j.base) for j in report.of("fail")] == [("new/229.yaml", params(16))]
    assert {j.status for j in report.judgements} == {"within", "risen"}
    scratch.git("mv", "new/228.yaml", "new/other.yaml")
    scratch.write("new/other.yaml", "name: x\ninput: 1x4x4\nrows:\n  a: {linear: 3}\n")
    (judgement,) = scratch.check().of("undecided")
    assert (judgement.spec, judgement.problem.code) == ("new/other.yaml", "many-moved")


def test_what_git_refuses_to_list_hides_no_broken_limit(scratch, tmp_path):
    """A clone without the trees of its past: relative limits are undecided, absolute ones are judged."""
    scratch.git("config", "uploadpack.allowFilter", "true")
    scratch.write("net.yaml", net(17))
    scratch.commit()
    partial = clone(scratch, tmp_path / "partial", "--filter=tree:0", "--branch=feature")
    partial.budgets("budgets:\n  - {id: a, match: net.yaml, max: {params: 1}, change: {params: +0}}\n")
    report = partial.check(base="origin/main")
    assert (report.verdict, report.exit_code) == ("fail", 1)
    assert [judgement.problem.code for judgement in report.of("undecided")] == ["git-refused"]


def test_a_clone_without_old_files_judges_what_did_not_change(scratch, tmp_path):
    scratch.git("config", "uploadpack.allowFilter", "true")
    scratch.write("notes.txt", "x")
    scratch.commit()
    partial = clone(scratch, tmp_path / "partial", "--filter=blob:none", "--branch=feature")
    partial.budgets(CHANGE)
    assert partial.check(base="origin/main").verdict == "pass"
    partial.write("net.yaml", net(17))
    assert partial.check(base="origin/main").verdict == "fail"  # its file at the base is the one that was checked out


def test_a_spec_that_a_sparse_checkout_leaves_out_is_undecided(scratch):
    """Nor is it taken for the past of a new spec that looks like it."""
    scratch.git("checkout", "-q", "main")
    for folder in ("here", "there"):
        scratch.write(f"{folder}/net.yaml", net(16, folder))
    scratch.write("there/large.yaml", net(99))
    scratch.commit()
    scratch.git("checkout", "-q", "-b", "part")
    scratch.git("sparse-checkout", "set", "here")
    scratch.budgets(BOTH % "here/*.yaml")
    assert scratch.check().verdict == "pass"
    scratch.write("here/new.yaml", net(98))
    scratch.commit()
    assert {j.status for j in scratch.check().judgements if j.spec == "here/new.yaml"} == {"new", "within"}
    scratch.budgets(BOTH % "'*/*.yaml'")
    report = scratch.check()
    assert (report.verdict, [j.spec for j in report.of("undecided")]) == (
        "undecided",
        ["there/large.yaml", "there/net.yaml"],
    )
    assert {j.problem.code for j in report.of("undecided")} == {"not-checked-out"}


def test_a_smaller_input_is_said_or_held_off(scratch):
    """The spec's own input went down while its filters went up: with `input` in the budget nothing hides."""
    scratch.write("net.yaml", net(17).replace("3x16x16", "3x8x8"))
    scratch.commit()
    scratch.budgets("budgets:\n  - {id: a, match: net.yaml, change: {multiply_adds: +0}}\n")
    report = scratch.check()
    assert report.verdict == "pass"
    assert report.notes[0].startswith("net.yaml is counted at input 3x8x8, at the base at 3x16x16")
    scratch.budgets("budgets:\n  - {id: a, match: net.yaml, input: 3x16x16, change: {multiply_adds: +0}}\n")
    (judgement,) = scratch.check().judgements
    assert (judgement.verdict, judgement.change) == ("fail", 18_432 + 2_560)


def test_odd_neighbours_do_not_stop_a_check(scratch):
    scratch.write("user.yaml", "name: u\ninput: 3x16x16\nuse: {blocks: [two]}\nrows:\n  a: {two: }\n")
    scratch.write(
        "blocks.yaml",
        "name: b\ninput: 3x16x16\nblocks:\n  two: {sequence: [{convolution: 3x3, filters: 4}]}\nrows:\n  a: {two: }\n",
    )
    (scratch.path / "folder.yaml").mkdir()
    (scratch.path / "lost.yaml").symlink_to("nowhere")
    scratch.git("checkout", "-q", "main")
    scratch.commit()
    scratch.git("checkout", "-q", "-b", "more")
    scratch.budgets(BOTH % "user.yaml")
    assert scratch.check().verdict == "pass"
    blocks = (scratch.path / "blocks.yaml").read_text()
    scratch.write("blocks.yaml", blocks.replace("filters: 4", "filters: 5"))
    assert [j.status for j in scratch.check().of("fail")] == ["risen"]


def test_a_very_long_path_is_an_error(scratch):
    scratch.budgets(BOTH % ("x" * 5000))
    with pytest.raises(InputError) as caught:
        scratch.check()
    assert caught.value.problems[0].code == "no-spec"
