"""JUnit XML, as CI systems read it (the schema of the Jenkins xUnit plugin): a suite for each budget.

A broken limit is a failure, what cannot be decided is an error, a budget that is off is skipped. No clock: times
are left out.
"""

from inception_calc.budget.judgement import FAIL, UNDECIDED, Judgement, Report
from inception_calc.report.check_words import code_of, detail_lines, head_line, label_of, subject_of, what_of
from inception_calc.report.text import visible


def text(value: str) -> str:
    """Characters that XML can hold, its own marks escaped."""
    shown = "".join(c if c == "\n" else "\N{REPLACEMENT CHARACTER}" if c in "\ufffe\uffff" else c for c in value)
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def junit_text(report: Report) -> str:
    """The whole report."""
    suites: dict[str, list[Judgement]] = {}
    for judgement in report.judgements:
        suites.setdefault(judgement.id, []).append(judgement)
    counts = _counts(list(report.judgements))
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="inception-calc" {counts}>']
    for name, judgements in suites.items():
        lines.append(f'  <testsuite name="{text(visible(name))}" {_counts(judgements, skipped=True)}>')
        lines += [_case(judgement) for judgement in judgements]
        lines.append("  </testsuite>")
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _counts(judgements: list[Judgement], skipped: bool = False) -> str:
    failures = sum(judgement.verdict == FAIL for judgement in judgements)
    errors = sum(judgement.verdict == UNDECIDED for judgement in judgements)
    off = sum(judgement.status == "off" for judgement in judgements)
    counts = f'tests="{len(judgements)}" failures="{failures}" errors="{errors}"'
    return f'{counts} skipped="{off}"' if skipped else counts


def _case(judgement: Judgement) -> str:
    metric = label_of(judgement.metric) if judgement.metric else judgement.status
    limit = f" {judgement.limit_text}" if judgement.limit_text else ""
    name = text(visible(f"{subject_of(judgement)}: {metric}{limit}".strip(": ")))
    head = f'    <testcase classname="{text(visible(judgement.id))}" name="{name}"'
    body = "\n".join(visible(line) for line in (head_line(judgement), *detail_lines(judgement)))
    if judgement.verdict in (FAIL, UNDECIDED):
        tag = "failure" if judgement.verdict == FAIL else "error"
        message = f'message="{text(visible(what_of(judgement)))}" type="{text(visible(code_of(judgement)))}"'
        return f"{head}>\n      <{tag} {message}>{text(body)}</{tag}>\n    </testcase>"
    if judgement.status == "off":
        return f"{head}>\n      <skipped/>\n    </testcase>"
    if judgement.status != "within":
        return f"{head}>\n      <system-out>{text(body)}</system-out>\n    </testcase>"
    return f"{head}/>"
