"""The audit command as its users meet it: JSON's keys, exit codes, formats."""

import csv
import io
import json
import subprocess

import pytest

from inception_calc.audit import VERDICTS
from inception_calc.spec_file import shipped
from tests.cli import program
from tests.cli.program import ROOT


def run(*arguments: str, text: str = "", **changes: str) -> subprocess.CompletedProcess[str]:
    return program.run("audit", *arguments, stdin=text, **changes)


def test_json_has_one_entry_for_every_printed_cell():
    document = json.loads(run("googlenet", "-f", "json").stdout)
    assert list(document) == ["printed", "claims", "counts"]
    cells = document["printed"]
    keys = {"spec", "variant", "row", "what", "printed", "computed", "verdict", "how"}
    assert all(set(cell) == keys for cell in cells)
    # Table 1 has 19 rows with an output and a depth, 12 of them with params and ops; 4 counts for the whole
    table = [cell for cell in cells if cell["variant"] == "default" and cell["row"]]
    assert [sum(cell["what"] == what for cell in table) for what in ("output", "depth", "params", "ops")] == [
        19, 19, 12, 12,
    ]  # fmt: skip
    conv1 = next(cell for cell in cells if (cell["row"], cell["what"]) == ("conv1", "ops"))
    assert (conv1["spec"], conv1["printed"], conv1["computed"], conv1["verdict"]) == (
        "googlenet", "34M", 118_013_952, "explained",
    )  # fmt: skip
    assert "separable_conv1" in conv1["how"]
    conv2 = next(cell for cell in cells if (cell["row"], cell["what"]) == ("conv2", "params"))
    assert "K = 1024" in conv2["how"]
    claims = {claim["id"]: claim for claim in document["claims"]}
    assert all(
        set(claim) == {"id", "spec", "text", "printed", "computed", "verdict", "how"} for claim in claims.values()
    )
    assert claims["twelve-times"]["computed"] == pytest.approx(60_965_224 / 6_998_552)
    assert sum(document["counts"].values()) == len(cells) + len(document["claims"])
    assert set(document["counts"]) == set(VERDICTS)


def test_nothing_shipped_is_unexplained_without_a_mark():
    done = run("--strict", "-f", "json")
    assert (done.returncode, done.stderr) == (0, "")
    assert len({cell["spec"] for cell in json.loads(done.stdout)["printed"]}) > 20


UNMARKED = """
name: t
source: {prints: [params]}
input: 4x10x10
rows: {a: {convolution: 1x1, filters: 10, printed: [90]}}
"""


def test_strict_says_where_what_is_unexplained_stands():
    assert run("-", text=UNMARKED).returncode == 0
    done = run("-", "--strict", text=UNMARKED)
    assert done.returncode == 1
    assert "<stdin>:5:53: error[unexplained]: nothing gives the printed '90'" in done.stderr
    marked = UNMARKED + "reasons: [{cells: {a: params}, why: not known, unexplained: true}]\n"
    assert run("-", "--strict", text=marked).returncode == 0


CONTRADICTED = """
name: t
source: {prints: [params, ops]}
input: 4x10x10
rows: {a: {convolution: 1x1, filters: 10, printed: [90, 4000]}}
"""


def test_strict_wants_a_reason_for_what_the_table_contradicts():
    assert run("-", text=CONTRADICTED).returncode == 0
    done = run("-", "--strict", text=CONTRADICTED)
    assert done.returncode == 1
    assert (
        "<stdin>:5:53: error[contradicted]: its own table contradicts the printed '90': 90 weights cost" in done.stderr
    )
    reason = CONTRADICTED + "reasons: [{cells: {a: params}, why: a misprint}]\n"
    assert run("-", "--strict", text=reason).returncode == 0


def test_strict_wants_a_reason_for_one_truncated_digit():
    text = UNMARKED.replace("printed: [90]", "printed: [4]") + "claims: [{say: s, printed: 2B, formula: 2999999999}]\n"
    text = text.replace("filters: 10", "filters: 1")  # 4 weights and a bias
    done = run("-", "--strict", text=text)
    assert done.returncode == 1
    assert "error[one-digit]" in done.stderr
    assert "the printed '2B' (2,999,999,999 would round to another)" in done.stderr
    reasoned = text.replace("2999999999}", "2999999999, why: w}")
    assert run("-", "--strict", text=reasoned).returncode == 0


def test_strict_sees_a_changed_filter(tmp_path):
    for name in ("googlenet", "bn_inception"):
        (tmp_path / f"{name}.yaml").write_text((ROOT / "specs" / f"{name}.yaml").read_text())
    path = tmp_path / "bn_inception.yaml"
    assert run(str(path), "--strict").returncode == 0
    path.write_text(path.read_text().replace("3a:    {inception avg:      [ 64,", "3a:    {inception avg:      [ 68,"))
    done = run(str(path), "--strict")
    assert done.returncode == 1
    assert "contradicts the printed '28x28x256': its branches are 68 + 64 + 96 + 32 = 260 deep" in done.stderr


def test_a_spec_with_a_mistake_is_not_audited():
    done = run("-", text=UNMARKED + "claims: [{say: s, printed: 3, formula: this.b.ops}]\n")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "<stdin>:6:" in done.stderr


@pytest.mark.parametrize("name", ["plain", "markdown", "csv"])
def test_every_format_shows_every_verdict(name):
    text = run("bn_inception", "-f", name).stdout
    for word in VERDICTS:
        assert word in text


def test_a_spec_that_prints_nothing():
    text = "name: t\ninput: 1x1x1\nrows: {a: {linear: 1}}\n"
    done = run("-", text=text)
    assert done.returncode == 0
    assert "the spec has nothing that its source prints" in done.stdout
    assert "a variant is judged by what its own patch prints" in run("googlenet@naive").stdout
    counts = dict.fromkeys(VERDICTS, 0)
    assert json.loads(run("-", "-f", "json", text=text).stdout) == {"printed": [], "claims": [], "counts": counts}


def test_names_are_hostile():
    text = UNMARKED.replace("a:", '"=A1\\e[31m<b>":') + "claims: [{id: =cmd, say: '[bold]x', printed: 3}]\n"
    table = run("-", "-f", "csv", text=text).stdout
    assert "\x1b" not in table
    assert "\n=" not in table
    assert ",=" not in table
    assert "<b>" not in run("-", "-f", "markdown", text=text).stdout


def test_the_report_in_docs_is_current():
    shown = run("-f", "markdown").stdout
    written = (ROOT / "docs" / "audit-report.md").read_text(encoding="utf-8")
    assert written == shown, "run `python -m inception_calc audit -f plain -o markdown:docs/audit-report.md`"


def test_the_counts_in_docs_are_current():
    page = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    whole = json.loads(run("-f", "json").stdout)
    counted = f"{len(whole['printed'])} printed numbers and {len(whole['claims'])} claims: " + ", ".join(
        f"{count} {verdict}" for verdict, count in whole["counts"].items()
    )
    assert counted in page.replace("\n", " ")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"All {len(whole['printed']) + len(whole['claims'])} printed numbers and claims" in readme
    assert f"shows {len(shipped.names()) - 1} more networks" in readme


def test_only_some_verdicts_are_shown_and_all_are_counted():
    whole = json.loads(run("googlenet", "-f", "json").stdout)
    some = json.loads(run("googlenet", "--only", "unexplained,contradicted", "-f", "json").stdout)
    for part in ("printed", "claims"):
        assert some[part] == [one for one in whole[part] if one["verdict"] in ("contradicted", "unexplained")]
    assert some["counts"] == whole["counts"]
    table = run("googlenet", "--only", "contradicted").stdout
    assert "reproduced" not in table.split("Verdicts on")[0]
    assert "4 of 66 shown" in table
    assert "0 of 7 shown" in run("vgg_d@default", "--only", "explained").stdout


@pytest.mark.parametrize("word", ["contradictd", "", "explained,,unexplained"])
def test_a_verdict_that_there_is_not(word):
    done = run("googlenet", "--only", word)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is none of reproduced, truncated, explained, contradicted and unexplained" in done.stderr


def test_csv_has_exact_numbers_and_no_column_twice():
    header, *records = csv.reader(io.StringIO(run("googlenet", "-f", "csv").stdout))
    assert len(header) == len(set(header))
    found = [dict(zip(header, record, strict=True)) for record in records]
    computed = {(one["row"], one["what"], one["claim"]): one["computed"] for one in found if one["spec"]}
    assert computed["conv1", "ops", ""] == "118013952"
    assert float(computed["", "", "twelve-times"]) == 60_965_224 / 6_998_552
    assert computed["", "", "base-1x10"] == "-0.92"
    assert computed["3a", "output", ""] == "28x28x256"


def test_what_is_recalled_is_said_to_be():
    recalled = "recalled, not read again"
    entries = json.loads(run("overfeat_fast", "bn_inception", "-f", "json").stdout)
    said = {one["what"] for one in entries["printed"] if recalled in one["how"]}
    assert said == {"params", "connections"}
    assert {one["id"] for one in entries["claims"] if recalled in one["how"]} == {
        "layer-2-input", "layer-2-output", "cost-in-rethinking",
    }  # fmt: skip
    assert f"unverified ({recalled}): whole params and whole connections" in run("overfeat_fast").stdout


def test_where_it_is_printed_is_said():
    shown = run("googlenet").stdout
    assert (
        "printed in section 5: whole depth and whole depth with pools; in section 1: whole ops; "
        "in lecture slides of 2017: whole params" in shown.splitlines()
    )
    assert "12x fewer parameters than the winner of 2012 (section 1)" in shown


def test_where_several_reasons_fit_none_is_proven():
    (entry,) = [
        one for one in json.loads(run("inception_module", "-f", "json").stdout)["printed"] if one["printed"] == "358M"
    ]
    assert entry["verdict"] == "explained"
    assert "(128 - 64) * 192 = 358,055,936" in entry["how"]
    assert "; or this.ops + 28 * 28 * 9 * 64 * 192 = 358,055,936" in entry["how"]
    assert "2 reasons fit equally, none is proven. " in entry["how"]
    assert "taken twice" in entry["how"]
    assert "128 channels" in entry["how"]


@pytest.mark.parametrize("width", [80, 100, 120])
def test_a_claim_is_never_shown_without_what_it_says(width):
    shown = run("googlenet", "-f", "rich", FORCE_COLOR="1", NO_COLOR="1", COLUMNS=str(width)).stdout
    assert max(map(len, shown.splitlines())) <= width
    head = shown.split(": claims\n")[1].splitlines()[0]
    assert "what it says" in head
    assert ("computed" in head) == (width >= 100)
