"""Verdicts on whole specs: GoogLeNet's Table 1 as the zoo's notes judge it, precedence, marks, places."""

import re

import pytest

from inception_calc.audit import audit
from inception_calc.audit.auditor import Auditor
from inception_calc.audit.contradictions import PrintedTable
from inception_calc.audit.references import Library
from inception_calc.audit.single_changes import single_changes
from inception_calc.audit.verdicts import Contradicted, Explained, Reproduced, Unexplained
from inception_calc.problems import InputError
from tests.helpers import loaded, meant, shipped


def judged(text: str):
    """The audit of a spec in `text` with the head of a spec before it."""
    auditor = Auditor(Library(), loaded("name: t\ninput: 4x10x10\n" + text))
    found = auditor.audit()
    assert not auditor.faults
    return found


def entry_of(found, what: str):
    (entry,) = [entry for entry in found.printed if f"{entry.row} {entry.what}".strip() == what]
    return entry


# "The zoo", section 2.2: what gives each cell of Table 1
TABLE = {
    "conv1 params": "explained", "conv1 ops": "explained", "conv2 params": "reproduced", "conv2 ops": "reproduced",
    "3a params": "truncated", "3a ops": "reproduced", "3b params": "reproduced", "3b ops": "reproduced",
    "4a params": "unexplained", "4a ops": "truncated", "4b params": "unexplained", "4b ops": "reproduced",
    "4c params": "contradicted", "4c ops": "reproduced", "4d params": "contradicted", "4d ops": "reproduced",
    "4e params": "contradicted", "4e ops": "reproduced", "5a params": "unexplained", "5a ops": "unexplained",
    "5b params": "contradicted", "5b ops": "reproduced", "linear params": "reproduced", "linear ops": "reproduced",
}  # fmt: skip


@pytest.fixture(scope="module")
def googlenet():
    return audit(["googlenet"])


def test_googlenets_table_1(googlenet):
    found = {
        f"{entry.row} {entry.what}": entry.verdict
        for entry in googlenet[0].printed
        if entry.row and entry.what in ("params", "ops")
    }
    assert found == TABLE
    rest = {entry.verdict for entry in googlenet[0].printed if entry.what in ("output", "depth")}
    assert rest == {"reproduced"}


def test_which_rounding_gives_which_cell(googlenet):
    def how(what):
        return entry_of(googlenet[0], what).finding

    assert how("conv2 params") == Reproduced(("exact",), ("weights",), "K", 1024)
    assert how("3a params") == Reproduced(("truncated",), ("params", "weights"), "K", 1024)
    assert how("3b params") == Reproduced(("rounded",), ("params",), "K", 1024, is_exception=True)
    assert how("4a ops") == Reproduced(("truncated",), ("ops",), "M", 10**6, is_exception=True)
    assert how("4b ops") == Reproduced(("rounded",), ("ops",), "M", 10**6)


def test_the_first_row_is_explained_by_a_count_under_the_variant(googlenet):
    finding = entry_of(googlenet[0], "conv1 ops").finding
    assert isinstance(finding, Explained)
    assert (finding.variant, finding.value) == ("separable_conv1", 34_019_328)
    assert entry_of(googlenet[0], "conv1 ops").computed == 118_013_952


# The zoo's notes, section 2.2, points 6 and 7: every single change in steps of 4 within 140 that gives both cells
CHANGES = {
    "4a": {"input depth": (472,), "1x1": (184, 188), "3x3": (204,), "5x5": (40,), "pool proj": (56, 60)},
    "4b": {"input depth": (508,), "1x1": (156,), "pool proj": (60,)},
    "5a": {"input depth": (928,), "5x5": (196,)},
}


@pytest.mark.parametrize("row", CHANGES)
def test_which_single_changes_would_give_a_row(googlenet, row):
    found = entry_of(googlenet[0], f"{row} params").finding.changes
    assert {change.what: change.values for change in found} == CHANGES[row]


@pytest.mark.parametrize("row", ["4c", "4d", "4e", "5b"])
def test_no_single_change_gives_a_row_that_contradicts_itself(row):
    auditor = Auditor(Library(), shipped("googlenet"))
    names, texts = ("output", "depth", "params", "ops"), shipped("googlenet").spec.rows[row].printed
    table = {row: dict(zip(names, texts, strict=True))}
    rules = {rule.what: rule for rule in auditor.audit().rules}
    printed = PrintedTable(auditor.counted.analysis, auditor.counted.rows, table, rules)
    assert single_changes(auditor.loaded, printed, row) == ()


def test_contradictions_need_no_reason_in_the_spec(tmp_path):
    """GoogLeNet without its reasons: what its own table contradicts is still found, and nothing else is explained."""
    from inception_calc.spec_file.shipped import folder

    text = (folder() / "googlenet.yaml").read_text()
    bare = re.sub(r"\nreasons:\n.*?\nclaims:", "\nclaims:", text, flags=re.S)
    assert bare != text
    (tmp_path / "bare.yaml").write_text(bare)
    found = audit([str(tmp_path / "bare.yaml")])[0]
    verdicts = {f"{entry.row} {entry.what}": entry.verdict for entry in found.printed if entry.row}
    for cell, verdict in TABLE.items():
        assert verdicts[cell] == (
            verdict if verdict in ("reproduced", "truncated", "contradicted") else "unexplained"
        ), cell
    assert len(found.unmarked) == 6  # conv1 twice, 4a, 4b, 5a twice; the sum of the column contradicts the 5M
    assert entry_of(found, "params").verdict == "contradicted"


CELL = "source: {{prints: [params, ops]}}\nrows: {{a: {{convolution: 1x1, filters: 10, printed: [{}]}}}}\n"


def test_the_order_of_verdicts():
    """40 weights, 50 params, 4,000 multiply-adds; each verdict where those after it would fit too."""
    reason = "reasons: [{{cells: {{a: params}}, why: w, {}}}]\n"
    reproduced = judged(CELL.format("50, 9K") + reason.format("formula: {params: this.params}"))
    assert entry_of(reproduced, "a params").verdict == "reproduced"
    assert len(reproduced.unneeded) == 1
    assert reproduced.unneeded[0].line == 5
    explained = judged(CELL.format("90, 4K") + reason.format("formula: {params: this.params + this.weights}"))
    assert isinstance(entry_of(explained, "a params").finding, Explained)
    contradicted = judged(CELL.format("90, 4K") + reason.format("unexplained: true"))
    assert isinstance(entry_of(contradicted, "a params").finding, Contradicted)
    unexplained = judged(CELL.format("90, 9K") + reason.format("unexplained: true, formula: {params: 9 * 10}"))
    assert entry_of(unexplained, "a params").finding == Unexplained("w", True, 90)
    assert entry_of(unexplained, "a ops") in unexplained.unmarked


def test_a_why_alone_proves_nothing():
    found = judged(CELL.format("90, 9K") + "reasons: [{cells: {a: [params, ops]}, why: so}]\n")
    assert [entry.finding for entry in found.printed] == [Unexplained("so", False)] * 2


def test_a_formula_that_does_not_give_the_cell_explains_nothing():
    found = judged(
        CELL.format("90, 9K") + "reasons: [{cells: {a: params}, why: so, formula: {params: this.params + 30}}]\n"
    )
    assert entry_of(found, "a params").verdict == "unexplained"


@pytest.mark.parametrize(
    "formula",
    [
        "90",
        "9 * 10",
        "90 + 0 * this.params",
        "this.params - this.params + 90",
        "this.params - this@default.params + 90",  # two ways to the same count
        "this.params / this.params * 90",
        "min(this.ops, 90)",  # 4,000 decide nothing
        "90000 // 1000 + this.depth // 100",
        "(90000000 + this.depth) / 1000000",  # other digits than the printed ones
    ],
)
def test_a_reason_that_does_not_depend_on_the_network_is_refused(formula):
    text = CELL.format("90, 4K") + f"reasons: [{{cells: {{a: params}}, why: w, formula: {{params: {formula}}}}}]\n"
    auditor = Auditor(Library(), loaded("name: t\ninput: 4x10x10\n" + text))
    auditor.audit()
    assert [fault.code for fault in auditor.faults] == ["bad-reason"]
    assert auditor.faults[0].path == ("reasons", 0, "formula", "params")
    marked = judged(text.replace("why: w", "why: w, unexplained: true"))
    assert entry_of(marked, "a params").verdict == "contradicted"  # its ops cell says 40


@pytest.mark.parametrize(
    "formula", ["this.params + 40", "2 * this.params - 10", "90 * this.params / 50", "max(this.params + 40, 3)"]
)
def test_a_reason_that_depends_on_the_network_is_none_the_worse(formula):
    text = CELL.format("90, 4K") + f"reasons: [{{cells: {{a: params}}, why: w, formula: {{params: {formula}}}}}]\n"
    assert entry_of(judged(text), "a params").verdict == "explained"


TWIN = "name: t\ninput: 4x10x10\n" + CELL.format("90, 4K")


@pytest.mark.parametrize("formula", ["90 * twin.params // 50", "this.params - twin.params + 90", "twin.params + 40"])
def test_another_networks_figures_are_fixed_numbers(formula):
    text = TWIN + f"reasons: [{{cells: {{a: params}}, why: w, formula: {{params: {formula}}}}}]\n"
    auditor = Auditor(Library(), loaded(text, neighbours={"twin": TWIN}))
    auditor.audit()
    assert [fault.code for fault in auditor.faults] == ["bad-reason"]


def test_a_reason_may_call_its_own_network_by_its_name(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(TWIN + "reasons: [{cells: {a: params}, why: w, formula: {params: own.params + 40}}]\n")
    (found,) = audit([str(path)])
    assert entry_of(found, "a params").verdict == "explained"


ROUNDED = "rows: {{a: {{convolution: 1x1, filters: 10}}}}\nclaims: [{{say: s, printed: {}, formula: {}}}]\n"


@pytest.mark.parametrize(
    ("printed", "formula", "verdict", "little"),
    [
        ("2", "2.99", "truncated", True),
        ("2", "2.5", "reproduced", False),  # to the even digit
        ("3", "2.5", "reproduced", False),
        ("2", "2.51", "truncated", True),
        ("2", "1.5", "reproduced", False),
        ("2", "1.49", "unexplained", False),
        ("2B", "2999999999", "truncated", True),
        ("2.9B", "2999999999", "truncated", False),
        ("0.7M", "799999", "truncated", True),
        ("3.0B", "2999999999", "reproduced", False),
        ("{text: 2, says: about}", "2.1", "reproduced", False),
    ],
)
def test_what_a_printed_number_can_tell(printed, formula, verdict, little):
    found = judged(ROUNDED.format(printed, formula))
    (entry,) = found.claims
    assert entry.verdict == verdict
    assert found.barely_confirmed == ((entry,) if little else ())


def test_one_truncated_digit_is_counted_again_where_a_reason_rounds():
    """4 x 7 x 10 x 10 = 2,800 multiply-adds round to 3K."""
    body = "source: {{prints: [ops]}}\nrows: {{a: {{convolution: 1x1, filters: 7, printed: [{}]}}}}\n"
    alone = judged(body.format("2K"))
    assert entry_of(alone, "a ops").finding.says_little
    assert alone.barely_confirmed
    reason = "reasons: [{{cells: {{a: ops}}, why: w, formula: {{ops: {}}}}}]\n"
    better = judged(body.format("2K") + reason.format("this.ops - 700"))
    assert isinstance(entry_of(better, "a ops").finding, Explained)
    worse = judged(body.format("2K") + reason.format("this.ops + 100"))
    assert entry_of(worse, "a ops").finding.why == "w"
    assert (worse.barely_confirmed, worse.unneeded) == ((), ())


CLAIM = "rows: {{a: {{convolution: 1x1, filters: 10}}}}\nclaims: [{{say: s, {}}}]\n"


@pytest.mark.parametrize(
    ("claim", "verdict", "marked"),
    [
        ("printed: 50, formula: this.params", "reproduced", None),
        ("printed: 4K, formula: this.ops", "reproduced", None),
        ("printed: {text: 46, says: about}, formula: this.params", "reproduced", None),
        ("printed: {text: 45, says: about}, formula: this.params", "unexplained", False),  # 10 % off is not about
        ("printed: {text: 51, says: fewer than}, formula: this.params", "reproduced", None),
        ("printed: {text: 49, says: less than}, formula: this.params", "unexplained", False),
        ("printed: {text: 49, says: more than}, formula: this.params", "reproduced", None),
        # a bound is no rounding: 50 / 40 is 1 truncated, 40 / 50 is 1 rounded, 50 is exactly 50
        ("printed: {text: 1, says: fewer than}, formula: this.params / this.weights", "unexplained", False),
        ("printed: {text: 1, says: more than}, formula: this.weights / this.params", "unexplained", False),
        ("printed: {text: 50, says: less than}, formula: this.params", "unexplained", False),
        ("printed: {text: 1, says: about}, formula: this.weights / this.params", "reproduced", None),
        ("printed: 60, formula: this.params", "unexplained", False),
        ("printed: 60, formula: this.params, why: w", "contradicted", None),
        ("printed: 60, formula: this.params, why: w, unexplained: true", "unexplained", True),
        ("printed: 60, why: w", "unexplained", False),
    ],
)
def test_a_claim(claim, verdict, marked):
    (entry,) = judged(CLAIM.format(claim)).claims
    assert entry.verdict == verdict
    if marked is not None:
        assert entry.finding.is_marked is marked


def test_a_variant_is_judged_by_what_its_own_patch_prints():
    audits = audit(["googlenet"])
    assert [each.variant for each in audits] == ["default", "torchvision"]
    assert [(entry.what, entry.printed) for entry in audits[1].printed] == [("params", "6,624,904"), ("ops", "1.498G")]
    assert [each.variant for each in audit(["googlenet@naive"])] == ["naive"]


def test_a_second_name_is_not_judged_twice():
    assert [each.variant for each in audit(["inception_module"])] == ["default", "naive"]


def test_error_rates_are_no_counts(googlenet):
    assert googlenet[0].not_counted == ("top-5 error",)


def test_all_mistakes_are_shown_each_in_its_place(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text(
        "name: bad\nsource: {prints: [output, params]}\ninput: 3x8x8\n"
        "rows:\n  a: {convolution: 1x1, filters: 4, printed: [8x8by4, 12O]}\n"
        "printed: {ops: {text: lots}}\n"
        "reasons:\n  - {cells: {total: ops}, why: w, formula: {ops: this.b.ops}}\n"
        "claims:\n  - {say: s, printed: many, formula: 1 + 1}\n  - {say: s, printed: 3, formula: googelnet.params}\n"
    )
    with pytest.raises(InputError) as caught:
        audit([str(path)])
    assert [(problem.location.line, meant(problem)) for problem in caught.value.problems] == [
        (5, "8x8by4"),
        (5, "12O"),
        (6, "lots"),
        (8, "b"),
        (10, "many"),
        (11, "googelnet"),
    ]


def test_a_neighbour_in_the_same_folder_goes_before_a_shipped_spec(tmp_path):
    (tmp_path / "alexnet.yaml").write_text("name: mine\ninput: 1x1x1\nrows: {a: {linear: 2}}\n")
    (tmp_path / "t.yaml").write_text(
        "name: t\ninput: 1x1x1\nrows: {a: {linear: 1}}\n"
        "claims: [{say: s, printed: 4, formula: alexnet.params}, {say: s, printed: 7M, formula: googlenet.params}]\n"
    )
    (found,) = audit([str(tmp_path / "t.yaml")])
    assert [(entry.computed, entry.verdict) for entry in found.claims] == [(4, "reproduced"), (6_998_552, "reproduced")]
