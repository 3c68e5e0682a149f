"""The composite action, its steps really run in the platform's order in scratch repositories."""

import json
import os
from pathlib import Path

import pytest

from tests.budget.platform import URL, checkout, pull_request, run_action
from tests.budget.scratch import Scratch, multiply_adds, net, params, repository

BUDGETS = """\
version: 1
budgets:
  - {id: total, match: net.yaml, max: {multiply_adds: 500k}, change: {params: +0}}
"""


@pytest.fixture
def server(tmp_path: Path) -> Scratch:
    """main with some history, and a branch that adds a filter."""
    made = repository(tmp_path / "server")
    made.git("config", "uploadpack.allowAnySHA1InWant", "true")  # as the platform does
    made.write("net.yaml", net(16))
    made.write("inception-calc.yaml", BUDGETS)
    made.commit("first")
    made.git("checkout", "-q", "-b", "feature")
    for number in range(3):
        made.write("notes.txt", f"{number}")
        made.commit(f"note {number}")
    made.write("net.yaml", net(17))
    made.commit("one more filter")
    made.git("checkout", "-q", "main")
    for number in range(3):
        made.write("readme.txt", f"{number}")
        made.commit(f"readme {number}")
    return made


def of_pull_request(head: str) -> dict[str, str]:
    return {
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_BASE_REF": "main",
        "GITHUB_HEAD_REF": "feature",
        "GITHUB_REF": "refs/pull/1/merge",
        "GITHUB_SHA": head,
    }


@pytest.mark.parametrize("depth", [1, 2, None], ids=["depth 1", "depth 2", "full"])
def test_a_pull_request_from_a_fork(server, tmp_path, depth):
    """The platform's merge commit, detached, without a token; the default checkout has one commit."""
    merged = pull_request(server, "feature")
    here = checkout(server, tmp_path / "work", "refs/pull/1/merge", depth)
    ran = run_action(here, tmp_path, **of_pull_request(merged))
    assert ran.code == 1
    assert (ran.outputs["verdict"], ran.outputs["exit-code"]) == ("fail", "1")
    (annotation,) = [line for line in ran.log.splitlines() if line.startswith("::error")]
    assert "file=net.yaml,line=6," in annotation
    assert "filters: 16 -> 17" in annotation
    (totals,) = [entry["totals"] for entry in json.loads(ran.outputs["totals"])]
    assert (totals["multiply_adds"], totals["params"]) == (multiply_adds(17), params(17))
    report = json.loads(Path(ran.outputs["report"]).read_text())
    assert report["base"]["name"] == f"main@{server.git('rev-parse', 'main')[:7]}"
    assert json.loads(Path(ran.outputs["sarif"]).read_text())["version"] == "2.1.0"
    assert "fail" in ran.summary


def test_a_checkout_of_the_branch_itself_is_deepened_to_the_merge_base(server, tmp_path):
    pull_request(server, "feature")
    here = checkout(server, tmp_path / "work", "refs/pull/1/head")
    ran = run_action(here, tmp_path, **of_pull_request(here.git("rev-parse", "HEAD")))
    assert (ran.code, ran.outputs["verdict"]) == (1, "fail")
    report = json.loads(Path(ran.outputs["report"]).read_text())
    first = server.git("rev-list", "--max-parents=0", "main")
    assert report["base"]["name"] == f"main@{first[:7]}"


def test_a_pull_request_within_its_budget_passes(server, tmp_path):
    server.git("checkout", "-q", "feature")
    server.write("net.yaml", net(15))
    server.commit("one filter less")
    server.git("checkout", "-q", "main")
    merged = pull_request(server, "feature")
    here = checkout(server, tmp_path / "work", "refs/pull/1/merge")
    ran = run_action(here, tmp_path, **of_pull_request(merged))
    assert (ran.code, ran.outputs["verdict"], ran.outputs["exit-code"]) == (0, "pass", "0")


def test_a_push_is_compared_with_the_commit_before_it(server, tmp_path):
    before = server.git("rev-parse", "main")
    server.write("net.yaml", net(18))
    server.commit("push 1")
    server.write("readme.txt", "end")
    after = server.commit("push 2")
    here = checkout(server, tmp_path / "work", "refs/heads/main")
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"before": before, "after": after}))
    variables = {
        "GITHUB_EVENT_NAME": "push",
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_REF": "refs/heads/main",
        "GITHUB_SHA": after,
    }
    ran = run_action(here, tmp_path, **variables)
    report = json.loads(Path(ran.outputs["report"]).read_text())
    assert (ran.code, report["base"]["name"]) == (1, f"before the push@{before[:7]}")
    changes = [entry["change"] for entry in report["budgets"] if entry["kind"] == "change"]
    assert changes == [params(18) - params(16)]


def test_a_renamed_spec_keeps_its_base(server, tmp_path):
    server.git("checkout", "-q", "feature")
    server.git("mv", "net.yaml", "other.yaml")
    server.write("inception-calc.yaml", BUDGETS.replace("net.yaml", "other.yaml"))
    server.commit("rename")
    server.git("checkout", "-q", "main")
    merged = pull_request(server, "feature")
    here = checkout(server, tmp_path / "work", "refs/pull/1/merge")
    ran = run_action(here, tmp_path, **of_pull_request(merged))
    assert ran.code == 1
    report = json.loads(Path(ran.outputs["report"]).read_text())
    assert report["notes"][0] == "other.yaml was called net.yaml at the base"
    assert report["notes"][1].endswith("total: another match")
    assert [entry["base"] for entry in report["budgets"] if entry["kind"] == "change"] == [params(16)]


def test_a_deleted_spec_is_an_error_with_its_line(server, tmp_path):
    server.git("checkout", "-q", "feature")
    (server.path / "net.yaml").unlink()
    server.commit("delete")
    server.git("checkout", "-q", "main")
    merged = pull_request(server, "feature")
    here = checkout(server, tmp_path / "work", "refs/pull/1/merge")
    ran = run_action(here, tmp_path, **of_pull_request(merged))
    assert (ran.code, ran.outputs["exit-code"], ran.outputs["verdict"]) == (2, "2", "")
    assert "inception-calc.yaml:3:24: error[no-spec]" in ran.log


def test_a_changed_network_is_drawn_before_and_after_and_linked(server, tmp_path):
    pytest.importorskip("vl_convert")
    merged = pull_request(server, "feature")
    here = checkout(server, tmp_path / "work", "refs/pull/1/merge")
    ran = run_action(here, tmp_path, **of_pull_request(merged))
    assert ran.code == 1
    assert (ran.outputs["pages"], ran.outputs["pages-url"]) == ("1", URL)
    (page,) = ran.artefact.iterdir()
    assert page.name == "1-net.html"
    data = page.read_text().partition('id="data">')[2].partition("</script>")[0]
    networks = json.loads(data)["networks"]
    assert [entry["source"].rpartition(":")[2] for entry in networks] == ["net.yaml", "net.yaml"]
    assert f"[Reports of the networks that changed]({URL}): 1" in ran.summary
    assert "fail" in ran.summary


def test_nothing_is_drawn_where_nothing_changed_or_nobody_wants_it(server, tmp_path):
    here = checkout(server, tmp_path / "work", "refs/heads/main", None)
    before = server.git("rev-parse", "main~1")
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"before": before}))
    push = {"GITHUB_EVENT_NAME": "push", "GITHUB_EVENT_PATH": str(event), "GITHUB_REF": "refs/heads/main"}
    ran = run_action(here, tmp_path, **push)
    assert (ran.code, ran.outputs["pages"], ran.artefact) == (0, "", None)
    assert "Reports" not in ran.summary
    merged = pull_request(server, "feature")
    there = checkout(server, tmp_path / "there", "refs/pull/1/merge")
    (tmp_path / "second").mkdir()
    ran = run_action(there, tmp_path / "second", {"pages": "false"}, **of_pull_request(merged))
    assert (ran.code, ran.artefact) == (1, None)


def test_where_history_cannot_be_had_the_check_says_so(server, tmp_path):
    pull_request(server, "feature")
    here = checkout(server, tmp_path / "work", "refs/pull/1/head")
    here.git("remote", "set-url", "origin", f"file://{tmp_path}/gone")
    ran = run_action(here, tmp_path, **of_pull_request(here.git("rev-parse", "HEAD")))
    assert (ran.code, ran.outputs["verdict"]) == (3, "undecided")
    assert "undecided[missing-base]" in ran.log


def test_arguments_stand_one_a_line_and_are_never_commands(server, tmp_path):
    here = checkout(server, tmp_path / "work", "refs/heads/main", None)
    inputs = {"arguments": "net.yaml\n--max=params=1k; touch pwned $(touch pwned) `touch pwned`\n"}
    ran = run_action(here, tmp_path, inputs, GITHUB_EVENT_NAME="workflow_dispatch")
    assert ran.code == 2
    assert not (here.path / "pwned").exists()
    other = tmp_path / "second"
    other.mkdir()
    ran = run_action(here, other, {"arguments": "net.yaml\n--max=params=1k\n"}, GITHUB_EVENT_NAME="workflow_dispatch")
    assert (ran.code, ran.outputs["verdict"]) == (1, "fail")


@pytest.mark.skipif(not os.environ.get("INCEPTION_CALC_NETWORK"), reason="installs with pip: INCEPTION_CALC_NETWORK=1")
def test_all_three_steps_from_nothing(server, tmp_path):
    """Installed by the action's own first step, in an environment of its own."""
    merged = pull_request(server, "feature")
    here = checkout(server, tmp_path / "work", "refs/pull/1/merge")
    pip = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    ran = run_action(here, tmp_path, install=True, **of_pull_request(merged), **pip)
    assert (ran.code, ran.outputs["verdict"]) == (1, "fail"), ran.log
    assert "::error file=net.yaml,line=6," in ran.log
