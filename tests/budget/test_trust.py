"""Every way to pass wrongly that docs/check.md lists: none of them is a pass."""

import datetime
import os
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from inception_calc.problems import InputError, Undecided
from tests.budget.scratch import ROOT, Scratch, clone, environment, multiply_adds, net, params

GOOD = "budgets:\n  - {id: a, match: net.yaml, max: {multiply_adds: 10M}}\n"


def refused(scratch: Scratch, body: str, **options) -> str:
    """The code of the one problem."""
    scratch.budgets(body)
    with pytest.raises(InputError) as caught:
        scratch.check(**options)
    (problem,) = caught.value.problems
    return problem.code


def test_the_control_passes(scratch):
    scratch.budgets(GOOD)
    report = scratch.check()
    assert (report.verdict, report.exit_code) == ("pass", 0)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("budgets:\n  - {id: a, match: nets/*.yaml, max: {params: 1G}}\n", "no-spec"),
        ("budgets:\n  - {id: a, match: nett.yaml, max: {params: 1G}}\n", "no-spec"),
        ("budgets:\n  - {id: a, match: [net.yaml, x.yaml], max: {params: 1G}}\n", "no-spec"),
        ("budgets:\n  - {id: a, match: net.yaml, max: {param: 1G}}\n", "unknown-metric"),
        ("budgets:\n  - {id: a, match: net.yaml, change: {multiply_add: +0}}\n", "unknown-metric"),
        ("budgets:\n  - {id: a, match: net.yaml, max: {param_bytes: 28KB}}\n", "bad-unit"),
        ("budgets:\n  - {id: a, match: net.yaml, max: {param_bytes: 28}}\n", "bad-unit"),
        ("budgets:\n  - {id: a, match: net.yaml, max: {params: 7m}}\n", "bad-unit"),
        ("budgets:\n  - {id: a, match: net.yaml, maximum: {params: 7M}, max: {params: 1G}}\n", "unknown-key"),
        ("budgets:\n  - {id: a, match: net.yaml}\n", "no-limit"),
        ("budgets:\n  - {id: a, match: net.yaml, max: {}}\n", "no-limit"),
        *((f"budgets:\n  - {{id: a, match: net.yaml, max: {{params: {number}}}}}\n", "bad-number")
          for number in ("nan", ".inf", "-1", "+1", "0x10", "1e400", "1_000", "null", "true", "0.5", "9" * 19)),
        ("budgets:\n  - {id: a, match: net.yaml, max: {params: '1M'}}\n", "quoted"),
        ("budgets:\n  - {id: a, match: net.yaml, max: {params: 10%}}\n", "bad-unit"),
        ("budgets: []\n", "no-budget"),
        ("budgets:\n  - {id: a, match: net.yaml, max: {share: 15%}}\n", "wrong-metric"),
        ("budgets:\n  - {id: a, match: net.yaml, max: {multiply_adds_ratio: 0.3}}\n", "wrong-metric"),
        ("budgets:\n  - {id: a, match: net.yaml, rows: {name: '*'}, max: {share: 150%}}\n", "bad-number"),
        ("budgets:\n  - {id: a, match: net.yaml, compare: {to: default}, max: {params_ratio: 1.5}}\n", "same-variant"),
        ("budgets:\n  - {id: a, match: net.yaml, rows: {type: inception}, max: {params: 1G}}\n", "no-part"),
        ("budgets:\n  - {id: a, match: net.yaml, rows: {typ: linear}, max: {params: 1G}}\n", "unknown-key"),
        ("budgets:\n  - {id: a, match: net.yaml, layers: {name: convX}, max: {params: 1G}}\n", "no-part"),
        ("budgets:\n  - {id: a, match: net.yaml, variant: fast, max: {params: 1G}}\n", "unknown-variant"),
        ("budgets:\n  - {id: a, match: net.yaml, set: {clases: 5}, max: {params: 1G}}\n", "unknown-symbol"),
        ("budgets:\n  - {id: a, match: net.yaml, max: {params: 1G}, level: erorr}\n", "unknown-word"),
        ("budgets:\n  - {id: a, match: net.yaml, max: {params: 1G}}\nbase: --upload-pack=x\n", "bad-revision"),
        ("budgets:\n  - {id: a, match: ../net.yaml, max: {params: 1G}}\n", "bad-glob"),
        (GOOD + "  - {id: a, match: net.yaml, max: {params: 1}}\n", "twice"),
        ("budgets:\n  - {id: a, match: a, rows: {name: c*}, max: {peak_activation_bytes: 1GB}}\n", "wrong-metric"),
        (GOOD + "waivers:\n  - {budget: b, until: 2030-01-01, reason: x}\n", "unknown-budget"),
        (GOOD + "waivers:\n  - {budget: a, row: conv9, until: 2030-01-01, reason: x}\n", "unknown-part"),
        (GOOD + "waivers:\n  - {budget: a, until: soon, reason: x}\n", "bad-date"),
        (GOOD + "waivers:\n  - {budget: a, until: 2030-01-01, reason: ''}\n", "missing-value"),
        (GOOD + "waivers:\n  - {budget: a, until: 2030-01-01}\n", "missing-key"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_budget_file_is_an_error(scratch, body, code):
    assert refused(scratch, body) == code


@pytest.mark.parametrize(("parts", "hint"), [("rows", "did you mean 'conv1'?"), ("layers", "remove the waiver")])
def test_a_waiver_of_a_row_is_never_told_the_name_of_a_layer(scratch, parts, hint):
    body = GOOD.replace("max", f"{parts}: {{name: conv1}}, max")
    scratch.budgets(f"{body}waivers:\n  - {{budget: a, row: conv, until: 2030-01-01, reason: x}}\n")
    with pytest.raises(InputError) as caught:
        scratch.check()
    assert caught.value.problems[0].fix == hint


def test_an_unknown_version_is_an_error(scratch):
    scratch.budgets(GOOD, head="version: 2\n")
    with pytest.raises(InputError):
        scratch.check()


@pytest.mark.parametrize(("pattern", "decoy"), [("specs/*.yaml", "*.yaml"), ("specs/[no].yaml", "[no].yaml")])
def test_a_file_called_like_the_glob_hides_no_other(scratch, pattern, decoy):
    """A pattern is a name and a glob, both; the file of that name is judged too, and none is said to be deleted."""
    scratch.git("checkout", "-q", "main")
    scratch.write("specs/n.yaml", net(16, "n"))
    scratch.commit()
    scratch.git("checkout", "-q", "-b", "decoy")
    scratch.write("specs/n.yaml", net(1600, "n"))
    scratch.write(f"specs/{decoy}", net(4, "decoy"))
    scratch.commit()
    scratch.budgets(f"budgets:\n  - {{id: a, match: '{pattern}', max: {{params: 1M}}, change: {{params: +0}}}}\n")
    report = scratch.check()
    assert {(j.spec, j.status) for j in report.judgements if j.section == "max"} == {
        ("specs/n.yaml", "over"),
        (f"specs/{decoy}", "within"),
    }
    assert report.notes == ()


def test_a_spec_that_no_budget_speaks_of_is_an_error(scratch):
    scratch.write("other.yaml", net(4))
    assert refused(scratch, GOOD, specs=["other.yaml"]) == "no-budget"


def test_a_broken_spec_is_an_error(scratch):
    scratch.write("net.yaml", net().replace("filters: 8", "filtres: 8"))
    assert refused(scratch, GOOD) == "unknown-key"


def test_a_free_symbol_is_undecided(scratch):
    scratch.budgets("budgets:\n  - {id: a, match: net.yaml, set: {classes: }, max: {params: 1G, depth: 9}}\n")
    report = scratch.check()
    assert {j.metric: j.verdict for j in report.judgements} == {"params": "undecided", "depth": "pass"}
    assert (report.verdict, report.exit_code) == ("undecided", 3)
    assert report.judgements[0].problem.code == "free-symbol"


def test_no_wins_over_undecided(scratch):
    scratch.budgets("budgets:\n  - {id: a, match: net.yaml, set: {classes: }, max: {params: 1G, depth: 1}}\n")
    report = scratch.check()
    assert {j.verdict for j in report.judgements} == {"fail", "undecided"}
    assert (report.verdict, report.exit_code) == ("fail", 1)


CHANGE = "budgets:\n  - {id: a, match: net.yaml, change: {params: +0}}\n"


def undecided_code(scratch: Scratch, **options) -> str:
    scratch.budgets(CHANGE)
    report = scratch.check(**options)
    assert (report.verdict, report.exit_code) == ("undecided", 3)
    return report.judgements[0].problem.code


def test_a_missing_base_is_undecided_and_says_the_command(scratch):
    assert undecided_code(scratch, base="release") == "missing-base"
    assert "git fetch origin release" in scratch.check(base="release").judgements[0].problem.fix


def test_a_spec_that_was_unreadable_at_the_base_is_undecided(scratch):
    scratch.git("checkout", "-q", "main")
    scratch.write("net.yaml", "name: [")
    scratch.commit()
    scratch.git("checkout", "-q", "-b", "repair")
    scratch.write("net.yaml", net(16))
    assert undecided_code(scratch) == "unreadable-base"


def test_no_repository_and_no_common_history_are_undecided(scratch, tmp_path):
    outside = Scratch(tmp_path / "outside")
    outside.write("net.yaml", net())
    assert undecided_code(outside) == "no-repository"
    scratch.git("checkout", "-q", "--orphan", "island")
    scratch.commit()
    assert undecided_code(scratch, base="main") == "unrelated"


def test_a_shallow_clone_is_undecided_until_history_is_there(scratch, tmp_path):
    for number in range(3):
        scratch.write("net.yaml", net(17 + number))
        scratch.commit()
    scratch.git("checkout", "-q", "main")
    shallow = clone(scratch, tmp_path / "shallow", "--depth=1", "--no-single-branch", "--branch=feature")
    assert undecided_code(shallow) == "shallow-clone"
    assert "--unshallow" in shallow.check().judgements[0].problem.fix
    shallow.git("fetch", "-q", "--unshallow")
    report = shallow.check()
    assert report.verdict == "fail"
    assert report.judgements[0].change == params(19) - params(16)


def test_a_hidden_better_ancestor_in_a_shallow_clone_is_not_overlooked(scratch, tmp_path):
    """main: A - B - C. feature: D of X (on A) and Y (on B). With Y cut off, A looks like the best; it is B."""
    scratch.git("checkout", "-q", "main")
    first = scratch.git("rev-parse", "HEAD")
    scratch.write("net.yaml", net(20))
    second = scratch.commit("B")
    scratch.write("other.txt", "x")
    scratch.commit("C")

    def commit(message: str, *parents: str) -> str:
        given = [word for parent in parents for word in ("-p", parent)]
        return scratch.git("commit-tree", f"{second}^{{tree}}", *given, "-m", message)

    cut = commit("Y", second)
    scratch.git("branch", "-f", "feature", commit("D", commit("X", first), cut))
    shallow = clone(scratch, tmp_path / "cut", "--branch=feature")
    shallow.budgets(CHANGE)
    assert shallow.check().base.endswith(second[:7])
    (shallow.path / ".git/shallow").write_text(f"{cut}\n")
    assert shallow.git("merge-base", "HEAD", "origin/main") == first
    assert undecided_code(shallow) == "shallow-clone"


@pytest.mark.parametrize("where", ["head", "base"])
def test_another_counting_convention_is_undecided(scratch, where):
    other = "convention: two per multiply-add\n"
    if where == "head":
        scratch.budgets(GOOD, head=f"version: 1\n{other}")
    else:
        scratch.git("checkout", "-q", "main")
        scratch.budgets(CHANGE, head=f"version: 1\n{other}")
        scratch.commit()
        scratch.git("checkout", "-q", "-b", "counted-anew")
        scratch.commit()
        scratch.budgets(CHANGE)
    report = scratch.check()
    assert (report.verdict, report.exit_code) == ("undecided", 3)
    assert report.judgements[0].problem.code == "other-convention"


def test_a_new_spec_under_a_relative_limit_alone_is_a_warning(scratch):
    scratch.write("new.yaml", "name: x\ninput: 1x4x4\nrows:\n  a: {linear: 3}\n")
    scratch.commit()
    scratch.budgets("budgets:\n  - {id: a, match: new.yaml, change: {params: +0}}\n")
    report = scratch.check()
    assert (report.verdict, report.judgements[0].status) == ("warn", "new")
    scratch.budgets("budgets:\n  - {id: a, match: new.yaml, max: {params: 1M}, change: {params: +0}}\n")
    assert scratch.check().verdict == "pass"


def test_a_spec_that_git_does_not_know_is_a_warning(scratch):
    scratch.write("made.yaml", "name: x\ninput: 1x4x4\nrows:\n  a: {linear: 3}\n")
    scratch.budgets("budgets:\n  - {id: a, match: made.yaml, max: {params: 1M}, change: {params: +0}}\n")
    report = scratch.check()
    assert (report.verdict, report.judgements[0].status) == ("warn", "new")
    assert "not in git" in report.judgements[0].how


def test_renaming_does_not_make_a_spec_new(scratch):
    scratch.git("mv", "net.yaml", "renamed.yaml")
    scratch.write("renamed.yaml", net(17))
    scratch.budgets("budgets:\n  - {id: a, match: renamed.yaml, change: {params: +0}}\n")
    report = scratch.check()
    assert report.verdict == "fail"
    assert report.judgements[0].base == params(16)
    assert report.notes == ("renamed.yaml was called net.yaml at the base",)


def test_renaming_does_not_make_a_row_new(scratch):
    scratch.write("net.yaml", net(17).replace("conv2", "second"))
    scratch.budgets("budgets:\n  - {id: a, match: net.yaml, rows: {type: convolution}, change: {multiply_adds: +0}}\n")
    report = scratch.check()
    assert [(j.name, j.verdict, j.change) for j in report.judgements] == [
        ("second", "fail", 72 * 256),
        ("conv1", "pass", 0),
    ]


def test_a_deleted_spec_is_said(scratch):
    scratch.write("keep.yaml", net(4, "keep"))
    scratch.git("checkout", "-q", "main")
    scratch.write("gone.yaml", net(30, "a network of its own").replace("conv", "layer"))
    scratch.commit()
    scratch.git("checkout", "-q", "feature")
    scratch.git("merge", "-q", "main")
    (scratch.path / "gone.yaml").unlink()
    scratch.budgets("budgets:\n  - {id: a, match: '*.yaml', max: {params: 1G}, change: {params: +0}}\n")
    assert "gone.yaml was deleted since the base" in scratch.check().notes
    scratch.budgets("budgets:\n  - {id: a, match: gone.yaml, max: {params: 1G}}\n")
    with pytest.raises(InputError):
        scratch.check()


def test_a_waiver_ends(scratch):
    day = datetime.date(2027, 3, 1)
    body = "budgets:\n  - {id: a, match: net.yaml, max: {params: 1k}}\n"
    waiver = "waivers:\n  - {budget: a, until: 2027-03-01, reason: soon gone}\n"
    scratch.budgets(body)
    assert scratch.check().verdict == "fail"
    scratch.budgets(body + waiver)
    report = scratch.check(today=day)
    assert (report.verdict, report.judgements[0].status) == ("warn", "waived")
    report = scratch.check(today=day + datetime.timedelta(days=1))
    assert report.verdict == "fail"
    assert {j.status for j in report.judgements} == {"over", "waiver expired"}
    scratch.budgets(GOOD + waiver)
    assert scratch.check(today=day).judgements[0].status == "waiver not needed"
    assert scratch.check(today=day + datetime.timedelta(days=1)).verdict == "fail"


@pytest.mark.parametrize(("days", "verdict"), [(366, "warn"), (367, "fail"), (10**5, "fail")])
def test_a_waiver_of_more_than_a_year_says_so_in_every_run(scratch, days, verdict):
    day = datetime.date(2027, 3, 1)
    until = day + datetime.timedelta(days=days)
    body = "budgets:\n  - {id: a, match: net.yaml, max: {params: %s}}\n"
    waiver = f"waivers:\n  - {{budget: a, until: {until}, %sreason: soon gone}}\n"
    scratch.budgets(body % "1k" + waiver % "")
    report = scratch.check(today=day)
    assert report.verdict == verdict
    statuses = {"waived"} if verdict == "warn" else {"over", "waiver too long"}
    assert {j.status for j in report.judgements} == statuses
    for limit, status in (("1k", "waived"), ("1M", "within")):
        scratch.budgets(body % limit + waiver % "longer than a year: true, ")
        for specs in ((), ("net.yaml",)):
            report = scratch.check(today=day, specs=specs)
            assert {j.status for j in report.judgements} == {status, "long waiver"}
            assert (report.verdict, f"until {until}, longer than a year" in report.of("warn")[-1].how) == ("warn", True)
    scratch.budgets(body % "1k" + "waivers:\n  - {budget: a, until: 9999-12-31, reason: for ever}\n")
    assert scratch.check().verdict == "fail"


def test_another_day_for_waivers_is_said(scratch):
    waiver = "waivers:\n  - {budget: a, until: 2020-03-01, reason: soon gone}\n"
    scratch.budgets("budgets:\n  - {id: a, match: net.yaml, max: {params: 1k}}\n" + waiver)
    done = scratch.run("check", "--on", "2020-02-29")
    assert (done.returncode, "waivers are judged on 2020-02-29, which the caller chose" in done.stdout) == (0, True)
    assert scratch.run("check").returncode == 1


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (("1M", "2M"), "a: max params: 1M -> 2M"),
        (("+1%", "+2%"), "a: change params: +1% -> +2%"),
        (("+1%", "+7"), "a: change params: +1% -> +7"),
        (("change: {params: +1%}, ", ""), "a: change params +1% is gone"),
        (("level: error", "level: warn"), "a: level: error -> warn"),
        (("match: net.yaml", "match: [net.yaml]"), ""),
        (("match: net.yaml", "match: n*.yaml"), "a: another match"),
        (("rows: {type: convolution}", "rows: {name: conv1}"), "b: another filter"),
        (("level: error", "existing: warn"), "a: existing: warn"),
        (("id: b", "id: c"), "the budget b is gone"),
        (("1M", "1k"), ""),
        (("version: 1\n", "version: 1\nbase: HEAD\n"), "base: auto -> HEAD"),
        (("waivers:", "waivers:\n  - {budget: a, until: 2027-03-01, reason: x}"), "a waiver of a until 2027-03-01"),
    ],
)
def test_limits_that_were_loosened_are_said(scratch, edit, said):
    """The budget file itself is not judged; but nobody has to look for what it allows now."""
    text = (
        "version: 1\nbudgets:\n"
        "  - {id: a, match: net.yaml, max: {params: 1M}, change: {params: +1%}, level: error}\n"
        "  - {id: b, match: net.yaml, rows: {type: convolution}, max: {params: 3M}}\nwaivers:\n"
    )
    scratch.git("checkout", "-q", "main")
    scratch.budgets(text, head="")
    scratch.commit()
    scratch.git("checkout", "-q", "-b", "looser")
    scratch.write("net.yaml", net(15))
    scratch.budgets(text.replace(*edit, 1), head="")
    scratch.commit()
    report = scratch.check(base="main")
    notes = [
        note for note in report.notes if note.startswith("inception-calc.yaml is looser or another one than at main@")
    ]
    assert [note.partition(": ")[2] for note in notes] == ([said] if said else [])


def test_a_nearer_budget_file_is_said(scratch):
    scratch.budgets("budgets:\n  - {id: a, match: specs/net.yaml, max: {params: 1}}\n")
    scratch.write("specs/net.yaml", net(16))
    scratch.write(
        "specs/inception-calc.yaml", "version: 1\nbudgets:\n  - {id: a, match: net.yaml, max: {params: 1M}}\n"
    )
    before, scratch.path = scratch.path, scratch.path / "specs"
    done = scratch.run("check")
    scratch.path = before
    assert (done.returncode, "nearest budget file; ../inception-calc.yaml was not read" in done.stdout) == (0, True)
    assert scratch.run("check").returncode == 1


def test_the_day_of_a_waiver_is_that_of_utc(scratch, monkeypatch):
    """At 23:30 in UTC it is tomorrow already on Kiribati; the waiver holds until the end of the day in UTC."""
    scratch.budgets(
        "budgets:\n  - {id: a, match: net.yaml, max: {params: 1k}}\n"
        "waivers:\n  - {budget: a, until: 2027-03-01, reason: soon gone}\n"
    )

    def verdict_at(moment: datetime.datetime) -> str:
        class Clock(datetime.datetime):
            @classmethod
            def now(cls, tz=None):
                return moment.astimezone(tz).replace(tzinfo=tz)

        with monkeypatch.context() as patch:
            patch.setattr(datetime, "datetime", Clock)
            patch.setenv("TZ", "Pacific/Kiritimati")
            time.tzset()
            verdict = scratch.check().verdict
        time.tzset()
        return verdict

    last = datetime.datetime(2027, 3, 1, 23, 59, 59, tzinfo=datetime.UTC)
    assert verdict_at(last) == "warn"
    assert verdict_at(last + datetime.timedelta(seconds=1)) == "fail"


def test_a_budget_that_is_off_or_matches_nothing_is_never_silent(scratch):
    scratch.budgets("budgets:\n  - {id: a, match: net.yaml, max: {params: 1}, level: off}\n")
    assert [(j.verdict, j.status) for j in scratch.check().judgements] == [("warn", "off")]
    scratch.budgets("budgets:\n  - {id: a, match: none.yaml, optional: true, max: {params: 1}}\n")
    assert [(j.verdict, j.status) for j in scratch.check().judgements] == [("warn", "nothing to judge")]


def test_over_before_needs_a_base_that_says_so(scratch):
    body = "budgets:\n  - {id: a, match: net.yaml, max: {params: 1k}, existing: warn}\n"
    scratch.budgets(body)
    assert [(j.verdict, j.status) for j in scratch.check().judgements] == [("warn", "was over already")]
    scratch.write("net.yaml", net(17))
    assert scratch.check().verdict == "fail"
    scratch.write("net.yaml", net(16))
    assert scratch.check(base="nowhere").verdict == "fail"


def test_a_crash_is_no_pass(scratch):
    scratch.budgets(GOOD)
    (scratch.path / "boom").mkdir()
    (scratch.path / "boom" / "sitecustomize.py").write_text(
        "import inception_calc.budget.judge as j\ndef boom(*_): raise RuntimeError\nj.Judge.judgements = boom\n"
    )
    done = scratch.run("check", PYTHONPATH=f"{scratch.path / 'boom'}{os.pathsep}{ROOT}")
    assert (done.returncode, done.stdout) == (70, "")


def test_a_crash_under_debug_is_a_crash_too(scratch):
    scratch.budgets(GOOD)
    (scratch.path / "sitecustomize.py").write_text(
        "import inception_calc.budget.judge as j\ndef boom(*_): raise RuntimeError\nj.Judge.judgements = boom\n"
    )
    done = scratch.run("--debug", "check", PYTHONPATH=f"{scratch.path}{os.pathsep}{ROOT}")
    assert (done.returncode, done.stdout) == (70, "")
    assert "RuntimeError" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full is needed")
@pytest.mark.parametrize("limit", ["1", "1M"])
def test_a_verdict_that_nobody_could_read_is_no_pass(scratch, limit):
    """A full disk behind standard output, a file or standard error, and a reader that went away."""
    scratch.budgets(f"budgets:\n  - {{id: a, match: net.yaml, max: {{params: {limit}}}}}\n")
    assert scratch.run("check", "-o", "json:/dev/full").returncode == 2
    assert scratch.run("check", "-o", "json:/nowhere/x").returncode == 2
    line = "set -o pipefail; {0} check > /dev/full; echo $?; {0} check | true; echo $?; {0} check x.yaml 2> /dev/full"
    program = f'"{sys.executable}" -m inception_calc'
    done = subprocess.run(
        ["bash", "-c", line.format(program) + "; echo $?"],
        cwd=scratch.path, env=environment() | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.split() == ["2", "141", "2"]


@pytest.mark.parametrize("size", [0, 1024])
def test_a_budget_file_is_tightened_whole_or_not_at_all(scratch, size):
    """Half a budget file has half the budgets, and the next check would pass what failed before."""
    budgets = "budgets:\n  - {id: loose, match: net.yaml, max: {params: 1G}, slack: 10%}\n" + "# a line\n" * 300
    scratch.budgets(budgets)
    before = {path.name: path.read_bytes() for path in scratch.path.iterdir() if path.is_file()}
    done = subprocess.run(
        [sys.executable, "-m", "inception_calc", "check", "--tighten"],
        cwd=scratch.path, env=environment() | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.endswith("inception-calc.yaml': File too large\n  = choose another file\n")
    assert {path.name: path.read_bytes() for path in scratch.path.iterdir() if path.is_file()} == before
    assert scratch.run("check", "--tighten").returncode == 0
    assert (scratch.path / "inception-calc.yaml").read_bytes() != before["inception-calc.yaml"]


def test_a_report_never_takes_the_place_of_what_was_judged(scratch):
    scratch.budgets(GOOD)
    for name in ("inception-calc.yaml", "net.yaml"):
        before = (scratch.path / name).read_bytes()
        done = scratch.run("check", "-o", f"plain:{name}")
        assert (done.returncode, done.stdout, "error[own-input]" in done.stderr) == (2, "", True)
        assert (scratch.path / name).read_bytes() == before


def test_no_budget_file_is_no_pass(scratch):
    assert scratch.run("check").returncode == 2
    scratch.budgets(GOOD)
    assert scratch.run("check").returncode == 0


def test_the_boundary_is_exact(scratch):
    exact = multiply_adds(16)
    for limit, verdict in ((exact, "pass"), (exact - 1, "fail")):
        scratch.budgets(f"budgets:\n  - {{id: a, match: net.yaml, max: {{multiply_adds: {limit}}}}}\n")
        report = scratch.check()
        assert (report.verdict, report.judgements[0].value) == (verdict, exact)


def test_the_docs_list_every_way_and_this_file_tests_it():
    """Each way in docs/check.md names its test, in a file test_trust*.py."""
    text = (ROOT / "docs/check.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", text))
    files = Path(__file__).parent.glob("test_trust*.py")
    here = {name for file in files for name in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)}
    assert named
    assert named <= here


def test_without_git_nothing_relative_passes(scratch, monkeypatch):
    from inception_calc.spec_file import git

    monkeypatch.setattr(git, "_program", lambda: None)
    git._repository.cache_clear()
    assert undecided_code(scratch) == "no-git"
    git._repository.cache_clear()


def test_a_ref_that_looks_like_an_option_is_refused(scratch):
    scratch.budgets(CHANGE)
    with pytest.raises((InputError, Undecided)):
        scratch.check(base="--upload-pack=touch pwned")
    done = scratch.run("check", "--base", "--upload-pack=touch pwned")
    assert done.returncode in (2, 3)
    assert not (scratch.path / "pwned").exists()
