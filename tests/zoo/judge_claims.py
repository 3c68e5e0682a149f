"""What follows from the specs and what does not: each printed cell, number of the whole and claim, with judge.py.

A printed number is *exact*, *rounded* or *truncated* (params cells may mean weights alone). Else its reason decides:
`unexplained: true` is UNEXPLAINED; a `variant` or `formula` that gives the printed text is *explained*; anything else,
a formula from the source's own numbers or a `why` alone, says that the source contradicts itself: CONTRADICTED.
A claim whose formula does not give the printed number: UNEXPLAINED if marked so, else CONTRADICTED by its formula.

    python -m tests.zoo.judge_claims        what does not follow by rounding or truncation
    python -m tests.zoo.judge_claims all    everything
"""

import ast
import operator
import re
import sys
from collections import Counter
from fractions import Fraction
from math import floor

from tests.zoo.judge import count, metric
from tests.zoo.judge_read import SPECS, load, raw

REFERENCE = re.compile(r"\b([a-z][a-z0-9_]*)(@\w+)?(\([\w=,. ]+\))?((?:\.(?:'[^']+'|\w+))+)")


def formula(text, this, variant):
    def refer(found):
        name, chosen, symbols, path = found.groups()
        chosen = chosen[1:] if chosen else variant if name == "this" else "default"
        pairs = [pair.split("=") for pair in (symbols or "()")[1:-1].replace(" ", "").split(",") if pair]
        net = count(this if name == "this" else name, chosen, tuple((k, v) for k, v in pairs))
        parts = [quoted or word for quoted, word in re.findall(r"\.(?:'([^']+)'|(\w+))", path)]
        quoted = path.startswith(".'")
        row = parts.pop(0) if quoted or parts[0] in net.rows or parts[0] in net.spec.get("heads", {}) else None
        return f"({metric(net, row, parts)})"

    plain = REFERENCE.sub(refer, text)
    return arithmetic(ast.parse(plain, mode="eval").body, plain)


OPERATIONS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
FUNCTIONS = {"min": min, "max": max, "ceil_div": lambda a, b: -(-a // b)}


def arithmetic(node, text):
    match node:
        case ast.Constant():
            return Fraction(ast.get_source_segment(text, node))
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -arithmetic(inner, text)
        case ast.BinOp(left=a, op=mark, right=b):
            return OPERATIONS[type(mark)](arithmetic(a, text), arithmetic(b, text))
        case ast.Call(func=ast.Name(id=name), args=given):
            return FUNCTIONS[name](*(arithmetic(a, text) for a in given))
    raise ValueError(f"cannot read {text!r}")


def parse(text, units=None):
    found = re.fullmatch(r"([+-]?)([\d,]+)(?:\.(\d+))?([KMBG]?)", text)
    if not found:
        return None
    sign, whole, decimals, unit = found.groups()
    unit = int((units or {}).get(unit, {"": 1, "K": 1000, "M": 10**6, "B": 10**9, "G": 10**9}[unit]))
    digits = Fraction(whole.replace(",", "") + "." + (decimals or "0"))
    return digits * (-1 if sign == "-" else 1), unit, len(decimals or "")


def follows(text, number, units=None):
    """How `number` gives the printed text: exact, rounded, truncated, or nothing."""
    if isinstance(number, str) or not parse(text, units):
        return "exact" if text == number else None
    shown, unit, decimals = parse(text, units)
    scaled = Fraction(number) / unit * 10**decimals
    shown *= 10**decimals
    return (
        "exact"
        if scaled == shown
        else "rounded"
        if floor(scaled + Fraction(1, 2)) == shown
        else "truncated"
        if int(scaled) == shown
        else None
    )


def cell(net, row, name, text, units):
    if name in ("output", "input") and text.count("x") == 1:  # height x width alone
        out = metric(net, row, [name]).rpartition("x")[0]
        return ("exact" if out == text else None), {name: out}
    numbers = (
        {name: metric(net, row, [name.replace(" ", "_")])}
        if name != "params"
        else {"params": metric(net, row, ["params"]), "weights": metric(net, row, ["weights"])}
    )
    found = {what: how for what, n in numbers.items() if (how := follows(text, n, units))}
    best = min(found, key=lambda what: ("exact", "rounded", "truncated").index(found[what]), default=None)
    return best and f"{found[best]} ({best})", numbers


# ---------------------------------------------------------------- the audit, as NOTES.md describes it


def says_little(how, text):
    """One digit that nothing but truncation gives: a reason may say what it is."""
    return how.startswith("truncated") and len(re.sub(r"\D", "", text).lstrip("0")) == 1


def many(value):
    return value if isinstance(value, list) else [value]


def audit(name, variant="default"):
    """(verdict, place, printed, computed, why) of each printed cell, whole-network number and claim."""
    spec, net = load(name, variant), count(name, variant)
    prints, units = (spec["source"].get(key, default) for key, default in (("prints", []), ("units", {})))
    cells = [
        (row, what, text, units.get(what))
        for row, a_step in spec["rows"].items()
        for what, text in zip(prints, a_step.get("printed", []), strict=False)
        if variant == "default"
    ]
    assert all(len(a_step.get("printed", [])) <= len(prints) for a_step in spec["rows"].values())
    reasons = {}
    for reason in spec.get("reasons", []):
        for row, names in reason["cells"].items():
            assert row == "total" or row in spec["rows"], f"{name}: reason for unknown row {row}"
            for what in many(names):
                reasons.setdefault((row, what), []).append(reason)
    used = set()

    def judge(row, what, text, unit, says=None):
        how, numbers = cell(net, row, what, text, unit)
        shown, computed = parse(text, unit), next(iter(numbers.values()))
        if says and says.startswith(("fewer", "less")):
            how = says if computed < shown[0] * shown[1] else None
        if how:
            if says_little(how, text):
                used.update(map(id, reasons.get((row or "total", what), ())))
            return how, computed, ""
        for reason in reasons.get((row or "total", what), []):
            used.add(id(reason))
            proof, why = "no proof", reason["why"]
            if "variant" in reason:
                proof, numbers = cell(count(name, reason["variant"]), row, what, text, unit)
                computed = next(iter(numbers.values()))
            elif what in reason.get("formula", {}):
                computed = formula(reason["formula"][what], name, variant)
                proof = follows(text, computed, unit)
            if reason.get("unexplained") == "true":
                return "UNEXPLAINED", computed, why
            if proof and proof != "no proof":
                return f"explained, {proof}", computed, why
            return "CONTRADICTED", computed, why
        return "NO REASON", computed, ""

    for row, what, text, unit in cells:
        yield f"{row}: {what}", text, *judge(row, what, text, unit)
    for what, number in spec.get("printed", {}).items():
        given = number if isinstance(number, dict) else {"text": number}
        if what.split()[0] in ("params", "weights", "ops", "depth", "connections", "neurons"):
            yield f"total: {what}", given["text"], *judge(None, what, given["text"], units.get(what), given.get("says"))
    unused = [key for key, found in reasons.items() if not set(map(id, found)) & used]
    assert not unused, f"{name}@{variant}: reasons that no cell needs: {unused}"
    ids = [claim["id"] for claim in spec.get("claims", [])]
    assert len(ids) == len(set(ids)), ids
    for claim in spec.get("claims", []):
        assert set(claim) <= {"id", "say", "place", "printed", "formula", "why", "unexplained"}, claim
        given = claim["printed"] if isinstance(claim["printed"], dict) else {"text": claim["printed"]}
        computed, says = formula(claim["formula"], name, variant), given.get("says")
        shown = parse(given["text"])
        bound = says and says != "about"
        how = (not bound and follows(given["text"], computed)) or (
            says
            and (
                (says.startswith(("fewer", "less")) and computed < shown[0] * shown[1])
                or (says == "more than" and computed > shown[0] * shown[1])
                or (says == "about" and abs(computed / shown[0] / shown[1] - 1) < Fraction(1, 10))
            )
            and says
        )
        verdict = how or (
            "UNEXPLAINED" if claim.get("unexplained") else "CONTRADICTED" if "why" in claim else "NO REASON"
        )
        yield f"claim {claim['id']}", given["text"], verdict, computed, claim.get("why", "")


def plain(number):
    number = number if isinstance(number, str) or number != int(number) else int(number)
    return number if isinstance(number, str) else f"{number:,}" if isinstance(number, int) else f"{float(number):,.4f}"


def main():
    verdicts = [
        (f"{path.stem}@{variant}".removesuffix("@default"), *found)
        for path in sorted(SPECS.glob("*.yaml"))
        for variant in ["default", *raw(path.stem).get("variants", {})]
        for found in audit(path.stem, variant)
    ]
    print("| spec | cell or claim | printed | computed | verdict |\n|---|---|---|---|---|")
    for full, place, text, verdict, computed, _ in verdicts:
        if "all" in sys.argv or not verdict.startswith(("exact", "rounded", "truncated")):
            print(f"| {full} | {place} | {text} | {plain(computed)} | {verdict} |")
    tally = Counter(verdict.split(",")[0].split(" (")[0] for _, _, _, verdict, _, _ in verdicts)
    print(
        f"\n{len(verdicts)} printed numbers and claims: "
        + ", ".join(f"{n} {verdict}" for verdict, n in tally.most_common())
    )
    sys.exit("NO REASON" in tally)


if __name__ == "__main__":
    main()
