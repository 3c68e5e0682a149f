"""Verdicts of budgets, judged by a network counted by hand (tests/budget/scratch.py)."""

import datetime
import json
import os
import re

import jsonschema
import pytest

from inception_calc.budget import check, read_file
from inception_calc.budget.json_schema import budget_schema
from inception_calc.budget.tighten import tighten
from inception_calc.problems import InputError
from inception_calc.spec_file.places import plain
from inception_calc.spec_file.yaml_reader import read_yaml
from tests.budget.scratch import ROOT, multiply_adds, net, params


def test_shares_rows_and_layers(scratch):
    scratch.budgets(
        """\
        budgets:
          - {id: rows, match: net.yaml, rows: {type: convolution}, max: {share: 75%, multiply_adds: 200k}}
          - {id: layers, match: net.yaml, layers: {op: linear}, max: {params: 41k}}
        """
    )
    found = {(j.id, j.name, j.metric): (j.verdict, j.value) for j in scratch.check().judgements}
    assert found["rows", "conv2", "multiply_adds"] == ("fail", 18_432 * 16)
    assert found["rows", "conv1", "multiply_adds"] == ("pass", 55_296)
    verdict, share = found["rows", "conv2", "share"]
    assert (verdict, share * multiply_adds(16)) == ("fail", 18_432 * 16)
    assert found["layers", "linear", "params"] == ("pass", 2_560 * 16 + 10)


@pytest.mark.parametrize(("dtype", "size"), [("fp32", 4), ("fp16", 2), ("int8", 1)])
def test_param_bytes_follow_the_data_type(scratch, dtype, size):
    scratch.budgets(f"budgets:\n  - {{id: a, match: net.yaml, dtype: {dtype}, max: {{param_bytes: 1GB}}}}\n")
    (judgement,) = scratch.check().judgements
    assert judgement.value == size * params(16)


def test_batch_symbols_and_input_of_a_budget(scratch):
    scratch.budgets(
        "budgets:\n  - {id: a, match: net.yaml, batch: 4, set: {classes: 5}, input: 3x32x32,"
        " max: {multiply_adds: 1T}}\n"
    )
    (judgement,) = scratch.check().judgements
    assert judgement.value == 4 * (216 * 1024 + 72 * 16 * 1024 + 16 * 1024 * 5)


def test_a_change_in_percent_and_in_numbers(scratch):
    scratch.write("net.yaml", net(17))
    rise = params(17) - params(16)
    for text, verdict in ((f"+{rise}", "pass"), (f"+{rise - 1}", "fail"), ("+7%", "pass"), ("+6%", "fail")):
        scratch.budgets(f"budgets:\n  - {{id: a, match: net.yaml, change: {{params: {text}}}}}\n")
        assert scratch.check().verdict == verdict
    scratch.write("net.yaml", net(3))
    assert scratch.check().verdict == "pass"  # decreases always pass


def test_a_variant_against_another(scratch):
    scratch.write("net.yaml", net(16) + "variants:\n  half:\n    rows: {conv2: {filters: 8}}\n")
    for limit, verdict in (("0.6", "pass"), ("0.5", "fail")):
        scratch.budgets(
            "budgets:\n  - {id: a, match: net.yaml, compare: {variant: half, to: default},"
            f" max: {{multiply_adds_ratio: {limit}}}}}\n"
        )
        report = scratch.check()
        assert report.verdict == verdict
        assert report.judgements[0].value * multiply_adds(16) == multiply_adds(8)


def test_level_warn_and_message(scratch):
    scratch.budgets("budgets:\n  - {id: a, match: net.yaml, level: warn, message: ask first, max: {params: 1}}\n")
    report = scratch.check()
    assert (report.verdict, report.exit_code, report.judgements[0].message) == ("warn", 0, "ask first")


def test_the_layers_that_explain_a_rise(scratch):
    scratch.write("net.yaml", net(20))
    scratch.budgets("budgets:\n  - {id: a, match: net.yaml, change: {multiply_adds: +1%}}\n")
    (judgement,) = scratch.check().judgements
    (edit,) = judgement.where  # the one edit with all that follows from it
    assert (edit.layer, edit.amount, edit.follows) == ("conv2", 4 * 18_432 + 4 * 2_560, (("linear", 4 * 2_560),))
    assert (judgement.location.line, judgement.base_name[:5]) == (6, "main@")


STALE = """\
# kept
version: 1
budgets:
  - id: a        # kept too
    match: net.yaml
    max: {params: 1M, multiply_adds: 400k}  # and this
    slack: 15%
  - {id: free, match: net.yaml, max: {params: 9M}}
"""


def test_tighten_rewrites_stale_limits_alone_and_keeps_every_other_byte(scratch):
    path = scratch.path / "inception-calc.yaml"
    path.write_bytes(STALE.replace("\n", "\r\n").encode())
    done = scratch.run("check", "--tighten")
    assert done.returncode == 0
    assert "params: 1M -> 42.4k" in done.stderr
    assert params(16) <= 42_400
    assert path.read_bytes() == STALE.replace("1M", "42.4k").replace("\n", "\r\n").encode()
    assert "no limit is looser" in scratch.run("check", "--tighten").stderr


def test_a_limit_over_many_specs_is_stale_only_when_the_largest_leaves_room(scratch):
    scratch.write("small.yaml", net(1))
    scratch.budgets(f"budgets:\n  - {{id: a, match: '*.yaml', max: {{params: {params(16)}}}, slack: 1%}}\n")
    assert scratch.check().verdict == "pass"


def test_limits_from_the_command_line(scratch):
    assert scratch.run("check", "net.yaml", "--max", f"params={params(16)}").returncode == 0
    assert scratch.run("check", "net.yaml", "--max", f"params={params(16) - 1}").returncode == 1
    assert scratch.run("check", "googlenet", "--max", "multiply_adds=1.6G").returncode == 0
    assert scratch.run("check", "googlenet@naive", "--max", "multiply_adds=1.6G").returncode == 1
    scratch.write("net.yaml", net(17))
    arguments = ("check", "net.yaml", "--max-change", "params=+0", "--base", "main")
    assert scratch.run(*arguments).returncode == 1
    assert scratch.run("check", "googlenet", "--max-change", "params=+0").returncode == 3
    assert scratch.run("check", "-", "-", "--max", "params=7M").returncode == 2
    for wrong in (["--max", "params=7m"], ["--max", "parms=7M"], ["--max", "params"], ["--batch", "3"]):
        assert scratch.run("check", "net.yaml", *wrong).returncode == 2


@pytest.mark.parametrize(
    ("arguments", "option", "hint"),
    [
        (["--max", "params="], "--max: ", "write multiply_adds=1.6G, or params=+0"),
        (["--max", "share=10%"], "--max: ", "write a budget with rows: {name: '*'}"),
        (["--max", "multiply_adds_ratio=1"], "--max: ", "write a budget with compare: {variant: default, to: naive}"),
        (["--max-change", "params=+0", "--input", "3x{8..16}x8"], "--max-change: ", "make two budgets of them"),
    ],
)
def test_a_limit_that_no_option_can_say_has_a_hint_that_can_be_typed(scratch, arguments, option, hint):
    done = scratch.run("check", "net.yaml", *arguments)
    first, second = done.stderr.splitlines()
    assert (done.returncode, second) == (2, f"  = {hint}")
    assert f": {option}" in first


def test_a_budget_file_that_is_not_there_is_no_missing_spec(scratch):
    done = scratch.run("check", "--budgets", "googlenet.yaml")
    assert done.returncode == 2
    assert done.stderr.splitlines()[1] == "  = `inception-calc init` writes a budget file"


def test_a_file_is_found_upwards_to_the_repositorys_root(scratch):
    scratch.budgets("budgets:\n  - {id: a, match: net.yaml, max: {params: 1}}\n")
    (scratch.path / "deep/er").mkdir(parents=True)
    before, scratch.path = scratch.path, scratch.path / "deep/er"
    done = scratch.run("check")
    assert (done.returncode, "../../net.yaml:7" in done.stdout) == (1, True)
    scratch.path = before


def test_the_schema_is_current_and_takes_what_the_reader_takes(scratch):
    validator = jsonschema.Draft202012Validator(budget_schema())
    validator.check_schema(budget_schema())
    assert json.loads(scratch.run("schema", "budget").stdout) == budget_schema()
    scratch.write("specs/googlenet.yaml", (ROOT / "specs/googlenet.yaml").read_text())
    assert scratch.run("init", "specs/googlenet.yaml", "--ci", "none").returncode == 0
    text = (scratch.path / "inception-calc.yaml").read_text()
    import yaml

    validator.validate(yaml.safe_load(text))
    assert plain(read_yaml(text, "x")[0])["version"] == "1"
    for bad in ("", ", max: {param: 3}", ", max: {param_bytes: 3KB}", ", change: {params: 1%}", ", max: {params: 3m}"):
        document = f"{{version: 1, budgets: [{{id: a, match: b{bad}}}]}}"
        assert list(validator.iter_errors(yaml.safe_load(document)))


def test_a_check_of_named_specs_says_nothing_of_others(scratch):
    scratch.write("other.yaml", net(4))
    scratch.budgets(
        "budgets:\n  - {id: a, match: net.yaml, max: {params: 1M}}\n  - {id: b, match: other.yaml, max: {params: 1}}\n"
    )
    assert [(j.id, j.verdict) for j in scratch.check(specs=["net.yaml"]).judgements] == [("a", "pass")]
    assert scratch.check().verdict == "fail"


def test_all_problems_of_a_file_are_shown_at_once(scratch):
    scratch.budgets("budgets:\n  - {id: a b, match: net.yaml, max: {parms: 1, params: 3m}}\nbasis: main\n")
    with pytest.raises(InputError) as caught:
        scratch.check()
    codes = ["bad-name", "unknown-metric", "bad-unit", "unknown-key"]
    assert [problem.code for problem in caught.value.problems] == codes
    assert [problem.location.line for problem in caught.value.problems] == [3, 3, 3, 4]


def test_the_budget_file_of_the_docs_holds_for_the_shipped_zoo(scratch):
    """docs/check.md shows one file with every kind of budget; (3b) is over its 180M, and waived."""
    text = (ROOT / "docs/check.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```yaml\n(version: 1\n.*?)```", text, re.DOTALL)
    for name in ("googlenet", "lenet5"):
        scratch.write(f"specs/{name}.yaml", (ROOT / f"specs/{name}.yaml").read_text(encoding="utf-8"))
    scratch.git("checkout", "-q", "main")
    scratch.commit("specs")
    scratch.budgets(block, head="")
    report = scratch.check(today=datetime.date(2027, 3, 1))
    assert {(j.id, j.name, j.status) for j in report.judgements if j.verdict != "pass"} == {
        ("no-fat-module", "3b", "waived"),
        ("googlenet-total", "", "stale limit"),
    }
    assert report.notes[0] == "no-fat-module: nothing to judge in specs/lenet5.yaml"
    assert report.notes[1].startswith("no-fat-module holds 9 rows of specs/googlenet.yaml: 3a, 3b, 4a, ")


def test_tighten_takes_a_whole_budget_file_that_can_be_written(scratch, monkeypatch):
    assert scratch.run("check", "net.yaml", "--tighten").returncode == 2
    assert scratch.run("check", "net.yaml", "--max", "params=1M", "--tighten").returncode == 2
    scratch.budgets(STALE, head="")
    budgets = read_file(scratch.path / "inception-calc.yaml")
    report = check(budgets)
    monkeypatch.setattr(os, "fsync", denied)
    with pytest.raises(InputError) as caught:
        tighten(budgets, report)
    assert caught.value.problems[0].code == "unwritable"
    assert (scratch.path / "inception-calc.yaml").read_text() == STALE


def denied(*_: object) -> None:
    raise PermissionError(13, "Permission denied")


def test_a_file_that_is_nearly_there_is_named(scratch):
    (scratch.path / "inception-calc.yml").write_text("")
    assert "rename inception-calc.yml" in scratch.run("check").stderr
    for text in ("", "# nothing"):
        (scratch.path / "inception-calc.yaml").write_text(text)
        done = scratch.run("check")
        assert (done.returncode, "'version: 1'" in done.stderr) == (2, True)
