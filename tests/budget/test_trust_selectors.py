"""Selectors that meet other rows, layers or files than at the base: nothing gets out of a budget by another name."""

import datetime
import json
import re

import pytest
import yaml

from inception_calc.problems import InputError
from tests.budget.scratch import ROOT, Scratch, net, params

GOOGLENET = (ROOT / "specs/googlenet.yaml").read_text(encoding="utf-8")
GOOGLENET = re.sub(r"^(reasons|claims):\n(  .*\n|\n)*", "", GOOGLENET, flags=re.MULTILINE)  # which name its rows
INCEPTION = GOOGLENET[GOOGLENET.index("  inception:") : GOOGLENET.index("  reduced convolution:")]
MODULES = ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b")
ROWS = "budgets:\n  - {id: a, match: net.yaml, rows: {%s}, max: {params: 50k}, change: {params: +0}}\n"


@pytest.fixture
def googlenet(scratch) -> Scratch:
    """GoogLeNet on main, and a branch off it."""
    scratch.git("checkout", "-q", "main")
    scratch.write("googlenet.yaml", GOOGLENET)
    scratch.commit()
    scratch.git("checkout", "-q", "-b", "grown")
    scratch.commit()
    return scratch


def fat_block(text: str) -> str:
    """4e (its 3x3 has 320 filters) is moved to a copy of the block, ten times as wide."""
    copy = re.sub(r"^  inception:", "  inception2:", INCEPTION, flags=re.MULTILINE)
    line = next(line for line in text.splitlines() if line.startswith("  4e:"))
    moved = line.replace("inception:", "inception2:").replace("320", "3200")
    return text.replace(INCEPTION, INCEPTION + copy).replace(line, moved)


def renamed(text: str) -> str:
    """4e is called `fat`, and 320 became 1640."""
    line = next(line for line in text.splitlines() if line.startswith("  4e:"))
    return text.replace(line, line.replace("4e:", "fat:").replace("320", "1640"))


LIMITS = {"max": "max: {multiply_adds: 310M}", "change": "change: {multiply_adds: +0}"}


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize(
    ("edit", "selector", "now"),
    [
        (fat_block, "rows: {type: inception}", "4e"),
        (renamed, "rows: {name: '4*'}", "fat"),
        (renamed, "rows: {name: '4[a-e]', type: inception}", "fat"),
        (lambda text: fat_block(text).replace("  4e:", "  bulk:"), "rows: {type: inception}", "bulk"),
        (lambda text: fat_block(text).replace("  4e:", "  bulk:"), "rows: {label: 'inception (4*'}", "bulk"),
    ],
    ids=["another block", "another name", "another name of one type", "both", "both, by label"],
)
def test_a_row_that_left_its_selector_is_judged_by_what_it_is_now(googlenet, edit, selector, now, limit):
    googlenet.write("googlenet.yaml", edit(GOOGLENET))
    googlenet.commit()
    googlenet.budgets(f"budgets:\n  - {{id: a, match: googlenet.yaml, {selector}, {LIMITS[limit]}}}\n")
    report = googlenet.check()
    assert report.verdict == "fail"
    assert now in [judgement.name for judgement in report.of("fail")]
    (held,) = report.held
    assert (held.found, now in held.names) == ((("4e", now),), False)
    assert any(f"{'4e, now ' if now != '4e' else ''}{now}" in note for note in report.notes)


def test_a_label_that_was_changed_lets_no_row_go(scratch):
    scratch.git("checkout", "-q", "main")
    text = net(16).replace("filters: 16, padding: same", "filters: 16, padding: same, label: wide one")
    scratch.write("net.yaml", text)
    scratch.commit()
    scratch.git("checkout", "-q", "-b", "relabelled")
    scratch.write("net.yaml", text.replace("wide", "thin").replace("16, padding", "17, padding"))
    scratch.commit()
    scratch.budgets(ROWS % "label: 'wide*'")
    assert [(j.name, j.status) for j in scratch.check().of("fail")] == [("conv2", "risen")]


@pytest.mark.parametrize("name", ["Conv2", "\N{CYRILLIC SMALL LETTER ES}onv2", "conv\N{FULLWIDTH DIGIT TWO}", "x"])
def test_capital_letters_and_look_alikes_let_no_row_go(scratch, name):
    scratch.write("net.yaml", net(17).replace("  conv2:", f"  {name}:"))
    scratch.commit()
    scratch.budgets(ROWS % "name: 'conv*'")
    assert [(j.name, j.change) for j in scratch.check().of("fail")] == [(name, 73)]


def test_a_row_that_may_be_any_of_several_is_undecided_unless_each_is_within(scratch):
    """conv2 went, two rows of other types stand in its place."""
    text = net(16).replace(
        "  conv2: {convolution: 3x3, filters: 16, padding: same}\n",
        "  up: {transposed convolution: 4x4/2, filters: 16, padding: 1}\n"
        "  down: {max pool: 2x2/2}\n",
    )  # fmt: skip
    scratch.write("net.yaml", text)
    scratch.commit()
    for limit, verdict in (("params: 1k", "undecided"), ("params: 2064", "pass")):
        body = f"budgets:\n  - {{id: a, match: net.yaml, rows: {{type: convolution}}, max: {{{limit}}}}}\n"
        scratch.budgets(body)
        report = scratch.check()
        assert report.verdict == verdict
        assert report.held[0].unclear == (("conv2", ("up", "down")),)
    scratch.budgets(
        body.replace("2064", "1k") + "waivers:\n  - {budget: a, row: conv2, until: 2027-03-01, reason: x}\n"
    )

    assert scratch.check(today=datetime.date(2027, 3, 1)).verdict == "warn"
    scratch.budgets("budgets:\n  - {id: a, match: net.yaml, rows: {type: convolution}, change: {params: +0}}\n")
    (judgement,) = scratch.check().of("undecided")
    assert (judgement.name, judgement.problem.code) == ("conv2", "lost-part")
    assert "up or down" in judgement.problem.what


def test_a_row_that_was_deleted_costs_nothing_and_is_said(scratch):
    scratch.write("net.yaml", re.sub(r"  conv2:.*\n", "", net(16)))
    scratch.commit()
    scratch.budgets(ROWS % "type: convolution")
    report = scratch.check()
    assert (report.verdict, report.held[0].gone) == ("pass", ("conv2",))
    assert report.notes[0].endswith("conv2 is gone")


def test_a_row_that_moved_to_another_place_is_found(scratch):
    """conv2 is another type under another name, and stands behind a pool that was not there."""
    text = re.sub(r"  conv2:.*\n", "", net(16)).replace(
        "  linear:",
        "  pool: {max pool: 1x1/1}\n  wide: {transposed convolution: 3x3/1, filters: 64, padding: 1}\n  linear:",
    )
    scratch.write("net.yaml", text)
    scratch.commit()
    scratch.budgets("budgets:\n  - {id: a, match: net.yaml, rows: {type: convolution}, max: {params: 3k}}\n")
    assert scratch.check().verdict == "undecided"


def test_a_layer_that_left_its_selector_is_judged_by_what_it_is_now(scratch):
    wide = "conv2: {transposed convolution: 3x3/1, filters: 16, padding: 1}"
    scratch.write("net.yaml", net(16).replace("conv2: {convolution: 3x3, filters: 16, padding: same}", wide))
    scratch.commit()
    scratch.budgets("budgets:\n  - {id: a, match: net.yaml, layers: {op: convolution}, max: {params: 1k}}\n")
    report = scratch.check()
    assert [(j.name, j.part, j.status) for j in report.of("fail")] == [("conv2", "layer", "over")]
    assert report.held[0].found == (("conv2", "conv2"),)


def test_over_a_range_of_sizes_no_row_gets_out_either(scratch):
    scratch.write("net.yaml", net(99).replace("  conv2:", "  fat:"))
    scratch.commit()
    for sizes in ("3x{8..16}x{8..16}", "3x{8..160}x{8..160}"):
        which = f"input: '{sizes}', rows: {{name: 'conv*'}}"
        scratch.budgets(f"budgets:\n  - {{id: a, match: net.yaml, {which}, max: {{params: 2k}}}}\n")
        assert [(j.name, j.status) for j in scratch.check().of("fail")] == [("fat", "over")]


# ---------------------------------------------------------------------------------------------------------------------
# Pinned numbers


def test_a_budget_pins_how_many_rows_it_holds(scratch):
    body = "budgets:\n  - {id: a, match: net.yaml, rows: {type: convolution, count: %s}, max: {params: 50k}}\n"
    for count, verdict in ((2, "pass"), (1, "fail"), (3, "fail")):
        scratch.budgets(body % count)
        report = scratch.check()
        assert report.verdict == verdict
        found = next(j for j in report.judgements if j.section == "count")
        assert (found.value, found.limit, found.margin) == (2, count, -abs(2 - count))
        assert scratch.run("check").returncode == (verdict == "fail")
    assert "2 rows held, 3 pinned: conv1 and conv2" in scratch.run("check").stdout
    scratch.budgets((body % 3).replace("count: 3}", "count: 3}, level: warn"))
    assert scratch.check().verdict == "warn"


def test_a_pinned_number_is_of_all_specs_of_the_budget(scratch):
    scratch.write("other.yaml", net(4, "other"))
    body = "budgets:\n  - {id: a, match: '*.yaml', rows: {type: convolution, count: 4}, max: {params: 50k}}\n"
    scratch.budgets(body)
    assert scratch.check().verdict == "pass"
    assert scratch.check(specs=["other.yaml"]).verdict == "pass"  # of some specs only, nothing is counted
    scratch.write("third.yaml", net(4, "third"))
    assert [j.status for j in scratch.check().of("fail")] == ["other count"]


@pytest.mark.parametrize("count", ["0", "-1", "1.5", "many", "''", "01x"])
def test_a_count_is_a_positive_integer(scratch, count):
    scratch.budgets(ROWS % f"type: convolution, count: {count}")
    with pytest.raises(InputError):
        scratch.check()


def test_a_count_alone_is_no_selector(scratch):
    scratch.budgets(ROWS % "count: 2")
    with pytest.raises(InputError) as caught:
        scratch.check()
    assert [problem.code for problem in caught.value.problems] == ["no-filter"]


PINNABLE = """\
version: 1
budgets:
  - id: flow
    match: net.yaml
    rows: {type: convolution}   # each of them
    max: {params: 50k}
  - id: block
    match: net.yaml
    layers:
      op: 'convolution'  # and here

      row: conv*
    max: {params: 50k}
  - id: lines
    match: net.yaml
    rows: {
      type: "convolution"
    }
    max: {params: 50k}
  - {id: known, match: net.yaml, rows: {type: linear, count: 1}, max: {params: 50k}}
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_tighten_pins_the_numbers_of_rows_and_keeps_every_other_byte(scratch, end):
    path = scratch.path / "inception-calc.yaml"
    path.write_bytes(PINNABLE.replace("\n", end).encode())
    done = scratch.run("check", "--tighten")
    assert done.returncode == 0, done.stdout + done.stderr
    pinned = (
        PINNABLE.replace("rows: {type: convolution}", "rows: {type: convolution, count: 2}")
        .replace("      row: conv*\n", "      row: conv*\n      count: 2\n")
        .replace('type: "convolution"', 'type: "convolution", count: 2')
    )
    assert path.read_bytes() == pinned.replace("\n", end).encode()
    assert done.stderr.count("count: 2") == 3
    assert "no limit is looser" in scratch.run("check", "--tighten").stderr


def test_tighten_raises_a_pinned_number_and_never_lowers_it(scratch):
    body = "budgets:\n  - {id: a, match: net.yaml, rows: {type: convolution, count: %s}, max: {params: 50k}}\n"
    scratch.budgets(body % 1)
    assert scratch.run("check", "--tighten").returncode == 0
    assert "count: 2}" in (scratch.path / "inception-calc.yaml").read_text()
    scratch.budgets(body % 3)
    assert scratch.run("check", "--tighten").returncode == 1
    assert "count: 3}" in (scratch.path / "inception-calc.yaml").read_text()


def test_tighten_pins_no_number_where_a_row_was_lost(scratch):
    scratch.write("net.yaml", net(16).replace("  conv2:", "  second:"))
    scratch.commit()
    scratch.budgets(ROWS % "name: 'conv*'")
    before = (scratch.path / "inception-calc.yaml").read_text()
    assert scratch.run("check", "--tighten").returncode == 0
    assert (scratch.path / "inception-calc.yaml").read_text() == before


# ---------------------------------------------------------------------------------------------------------------------
# What a selector holds is said


def test_without_a_base_what_a_selector_holds_is_said(tmp_path):
    made = Scratch(tmp_path)
    made.write("net.yaml", net(16))
    made.budgets("budgets:\n  - {id: a, match: net.yaml, rows: {type: convolution}, max: {params: 50k}}\n")
    done = made.run("check")
    assert done.returncode == 0
    assert "a holds 2 rows of net.yaml: conv1 and conv2 (nothing to compare it with: " in done.stdout
    document = json.loads(made.run("check", "-f", "json").stdout)
    assert document["selectors"] == [
        {"id": "a", "spec": "net.yaml", "kind": "row", "held": ["conv1", "conv2"], "count": None, "base": None,
         "lost": [], "joined": []},
    ]  # fmt: skip


def test_with_a_base_only_differences_are_said(googlenet):
    googlenet.budgets("budgets:\n  - {id: a, match: googlenet.yaml, rows: {type: inception}, max: {params: 2M}}\n")
    report = googlenet.check()
    assert (report.notes, report.held[0].names) == ((), MODULES)
    googlenet.write("googlenet.yaml", renamed(GOOGLENET))
    assert googlenet.check().notes == ()  # fat is of the type still: the same row
    googlenet.budgets("budgets:\n  - {id: a, match: googlenet.yaml, rows: {name: '[4f]*'}, max: {params: 2M}}\n")
    assert googlenet.check().notes == ()
    googlenet.budgets("budgets:\n  - {id: a, match: googlenet.yaml, rows: {name: '[f]*'}, max: {params: 2M}}\n")
    assert googlenet.check().notes[0].endswith("fat is new to it")


# ---------------------------------------------------------------------------------------------------------------------
# Files


@pytest.mark.parametrize("now", ["specs/net.yml", "old/net.yaml", "specs/.net.yaml", "specs/deep/net.yaml"])
@pytest.mark.parametrize("committed", [True, False])
def test_a_spec_that_left_its_glob_is_judged_all_the_same(scratch, now, committed):
    scratch.git("checkout", "-q", "main")
    scratch.write("specs/net.yaml", net(16, "moved"))
    scratch.write("specs/other.yaml", net(4, "other").replace("  conv", "  layer"))
    scratch.commit()
    scratch.git("checkout", "-q", "-b", "moved")
    scratch.commit()
    (scratch.path / now).parent.mkdir(exist_ok=True, parents=True)
    scratch.git("mv", "specs/net.yaml", now)
    scratch.write(now, net(17, "moved"))
    if committed:
        scratch.commit()
    for limits in ("change: {params: +0}", f"max: {{params: {params(16)}}}"):
        scratch.budgets(f"budgets:\n  - {{id: a, match: specs/*.yaml, {limits}}}\n")
        report = scratch.check()
        if not committed and now not in (
            "specs/net.yml",
            "specs/.net.yaml",
        ):  # git does not know it yet, and nobody looks everywhere
            assert "specs/net.yaml was deleted since the base" in report.notes
            continue
        assert [j.spec for j in report.of("fail")] == [now]
        assert (
            f"a: specs/net.yaml was moved to {now}, out of reach of the budget; it is judged all the same"
            in report.notes
        )


def test_an_optional_budget_that_stopped_matching_lets_no_spec_go(scratch):
    scratch.git("mv", "net.yaml", "renamed.yaml")
    scratch.write("renamed.yaml", net(17))
    scratch.commit()
    scratch.budgets("budgets:\n  - {id: a, match: net.yaml, optional: true, change: {params: +0}}\n")
    assert [(j.spec, j.change) for j in scratch.check().of("fail")] == [("renamed.yaml", params(17) - params(16))]
    scratch.write("renamed.yaml", net(16))
    assert scratch.check().verdict == "pass"


def test_a_variant_that_was_removed_is_an_error(scratch):
    variants = "variants:\n  slim:\n    rows: {conv2: {filters: 8}}\n"
    scratch.git("checkout", "-q", "main")
    scratch.write("net.yaml", net(16) + variants)
    scratch.commit()
    scratch.git("checkout", "-q", "-b", "less")
    scratch.write("net.yaml", net(16))
    scratch.commit()
    scratch.budgets("budgets:\n  - {id: a, match: net.yaml, variant: slim, max: {params: 1M}}\n")
    with pytest.raises(InputError) as caught:
        scratch.check()
    assert caught.value.problems[0].code == "unknown-variant"
    assert yaml.safe_load(variants)


def test_a_ratio_to_a_variant_that_grew_is_a_warning(scratch):
    """Both variants cost more, the ratio is what it was."""
    variants = "variants:\n  large:\n    rows: {conv2: {filters: %s}}\n"
    scratch.git("checkout", "-q", "main")
    scratch.write("net.yaml", net(16) + variants % 32)
    scratch.commit()
    scratch.git("checkout", "-q", "-b", "both")
    scratch.commit()
    body = "budgets:\n  - {id: a, match: net.yaml, compare: {to: large}, max: {params_ratio: 0.51}}\n"
    scratch.budgets(body)
    assert scratch.check().verdict == "pass"
    scratch.write("net.yaml", net(160) + variants % 320)
    scratch.commit()
    (judgement,) = scratch.check().judgements
    assert (judgement.verdict, judgement.status) == ("warn", "reference risen")
    assert f"'large' itself rose from {params(32):,} to {params(320):,} params" in judgement.how
    scratch.budgets(body.replace("0.51", "0.4"))
    assert scratch.check().verdict == "fail"
