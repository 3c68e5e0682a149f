"""SARIF 2.1.0 (OASIS), for code scanning: one result for each finding, at the guilty line.

What cannot be decided is a result of level error too: a viewer that knows only levels must not take it for a pass.
"""

import hashlib
import json
from typing import Any
from urllib.parse import quote

from inception_calc import __version__
from inception_calc.budget.judgement import FAIL, UNDECIDED, WARN, Judgement, Report
from inception_calc.problems import Location
from inception_calc.report.check_words import (
    CODES,
    code_of,
    detail_lines,
    from_root,
    subject_of,
    told,
    what_of,
    why_text,
)
from inception_calc.report.text import visible

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {FAIL: "error", UNDECIDED: "error", WARN: "warning"}
RULES = {
    "over-budget": "A network, row or layer costs more than its budget allows.",
    "over-change": "A cost rose over the base by more than its budget allows.",
    "other-count": "A budget holds another number of rows or layers than it pins.",
    "was-over": "A cost is over its budget, and was so at the base.",
    "reference-risen": "The variant that a ratio is taken to costs more than at the base.",
    "stale-limit": "A limit is looser than its slack.",
    "waived": "A broken budget that is waived.",
    "waiver-expired": "A waiver has expired.",
    "waiver-too-long": "A waiver of more than a year that does not say so.",
    "long-waiver": "A waiver of more than a year.",
    "waiver-not-needed": "A waiver that nothing needs.",
    "new": "There is nothing at the base to compare with.",
    "off": "A budget that is switched off.",
    "nothing-to-judge": "A budget that no spec matches.",
    "within": "A cost is within its budget.",
}
assert set(RULES) == set(CODES.values())


def sarif_text(report: Report, root: str) -> str:
    """The log file; URIs count from `root`."""
    found = told(report)
    rules = list(dict.fromkeys(map(code_of, found)))
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "inception-calc",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(code) for code in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "exitCode": report.exit_code}],
        "results": [_result(judgement, rules, root) for judgement in found],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _rule(code: str) -> dict[str, Any]:
    text = RULES.get(code, "A budget cannot be judged.")
    return {"id": code, "shortDescription": {"text": text}}


def _result(judgement: Judgement, rules: list[str], root: str) -> dict[str, Any]:
    code = code_of(judgement)
    first = what_of(judgement) if judgement.verdict != UNDECIDED else f"undecided: {what_of(judgement)}"
    text = "\n".join(visible(line) for line in (f"{judgement.id}: {first}", *detail_lines(judgement)))
    identity = "\0".join((judgement.id, judgement.section, judgement.metric, subject_of(judgement), code))
    result: dict[str, Any] = {
        "ruleId": code,
        "ruleIndex": rules.index(code),
        "level": LEVELS.get(judgement.verdict, "note"),
        "message": {"text": text},
        "partialFingerprints": {"inceptionCalc/v1": hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()},
    }
    place = from_root(judgement.location, root)
    if place is not None:
        result["locations"] = [{"physicalLocation": _physical(place), **_logical(place)}]
    near = [("the limit", judgement.limit_location)]
    near += [(f"{where.layer}: {why_text(where)}", where.location) for where in judgement.where if where.cause]
    found = ((text, from_root(location, root)) for text, location in near)
    related = [(text, location) for text, location in found if location is not None and location != place]
    if related:
        result["relatedLocations"] = [
            {"id": index, "message": {"text": visible(text)}, "physicalLocation": _physical(location)}
            for index, (text, location) in enumerate(related, 1)
        ]
    return result


def _physical(place: Location) -> dict[str, Any]:
    file = {"artifactLocation": {"uri": quote(place.file, errors="replace"), "uriBaseId": "%SRCROOT%"}}
    if not place.line:
        return file
    end = place.column + place.width
    return {**file, "region": {"startLine": place.line, "startColumn": place.column, "endColumn": end}}


def _logical(place: Location) -> dict[str, Any]:
    """The node of a model, whose file has no lines."""
    return {"logicalLocations": [{"name": visible(place.node), "kind": "object"}]} if place.node else {}
