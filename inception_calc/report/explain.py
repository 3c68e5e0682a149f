"""Explanations as text, Markdown and JSON: the formula first, then with numbers, then the value."""

import re
from typing import Any

from inception_calc.dims import factor_text, formula_text
from inception_calc.explain import Explanation, Line, Sum, Term
from inception_calc.report import markdown
from inception_calc.report.json_values import indented, number, shape
from inception_calc.report.notes import known_notes
from inception_calc.report.table_json import known_entry
from inception_calc.report.text import exact, size_text, visible

NAME = re.compile(r"[^\W\d]\w*")
FUNCTIONS = frozenset({"ceil_div", "min", "max"})
LONGEST_SUM = 100
"""Characters of a sum that still stands in one line."""


def headline(explanation: Explanation) -> list[str]:
    """What is explained, what enters and what leaves."""
    if explanation.kind == "network":
        (_, image), *others = explanation.inputs
        if explanation.known is None and not others:
            return [explanation.network, f"  input  {size_text(image)} ({image.printed_order})"]
        return [explanation.network, *(f"  input  {size_text(size)} {name}" for name, size in explanation.inputs)]
    where = f" in row {explanation.row}" if explanation.row and explanation.row != explanation.name else ""
    branch = f", branch {explanation.branch}" if explanation.branch else ""
    lines = [f"{explanation.network}: {explanation.name}, {explanation.what}{where}{branch}"]
    lines += _entering(explanation)
    if explanation.output is not None:
        order = f" ({explanation.output.printed_order})" if explanation.known is None else ""
        lines.append(f"  output {size_text(explanation.output)}{order}")
    return lines


def _entering(explanation: Explanation) -> list[str]:
    """What enters, a line for each."""
    lines = [f"{size_text(size)} from {name}" for name, size in explanation.inputs]
    return [f"  {'       ' if place else 'input  '}{line}" for place, line in enumerate(lines)]


def with_numbers(line: Line) -> str:
    """The formula with numbers for names; what is still free stands in parentheses."""

    def replaced(match: re.Match[str]) -> str:
        name = match[0]
        if name in FUNCTIONS:
            return name
        return factor_text(line.values[name])

    return NAME.sub(replaced, line.formula)


def text(explanation: Explanation, symbolic: bool = False, width: int | None = None) -> str:
    """The explanation as plain text; sums too wide for a screen of `width` put formulas on lines of their own."""
    lines = headline(explanation)
    labels = max((len(heading(line.quantity)) for line in explanation.lines), default=0)
    for line in explanation.lines:
        lines += ["", *_steps(line, labels, symbolic)]
    for found in explanation.sums:
        lines += ["", *_sum_lines(found, symbolic, width)]
    if notes := [*explanation.notes, *known_notes(explanation.known)]:
        lines += ["", *notes]
    return "\n".join(map(visible, lines)) + "\n"


def heading(quantity: str) -> str:
    """A quantity's name for people."""
    return quantity.replace("multiply_adds", "multiply-adds").replace("affine", "scales and shifts").replace("_", " ")


def _steps(line: Line, width: int, symbolic: bool) -> list[str]:
    head = f"  {heading(line.quantity).ljust(width)}"
    margin = " " * len(head)
    numbers = with_numbers(line)
    value = exact(line.value)
    if not line.formula:
        return [f"{head} = {value}", *([f"{margin}   ({line.why})"] if line.why else [])]
    if symbolic:
        known = ", ".join(f"{name} = {formula_text(one)}" for name, one in line.values.items())
        said = [f"{margin}   where {known}" if known else "", f"{margin}   ({line.why})" if line.why else ""]
        return [f"{head} = {line.formula}", *filter(None, said)]
    if numbers == f"({value})":
        numbers = value
    steps = [line.formula, numbers, value]
    shown = [step for index, step in enumerate(steps) if index == 0 or step != steps[index - 1].replace(",", "")]
    lines = [f"{head if not index else margin} = {step}" for index, step in enumerate(shown)]
    return [*lines, *([f"{margin}   ({line.why})"] if line.why else [])]


def _sum_lines(found: Sum, symbolic: bool, limit: int | None) -> list[str]:
    """Every term on a line of its own, then the sum in one line where it fits."""
    lines = [f"{heading(found.quantity)}"]
    formulas = [_term_formula(term, symbolic) for term in found.terms]
    values = [exact(term.value) for term in found.terms]
    names = max((len(term.name) for term in found.terms), default=len("sum"))
    width = max(map(len, formulas), default=0)
    wide = max(map(len, [*values, exact(found.value)]), default=0)
    below = bool(width) and limit is not None and 2 + names + 2 + width + 2 + 2 + wide > limit
    room = width + 4 if width and not below else 0
    for term, formula, value in zip(found.terms, formulas, values, strict=True):
        middle = f"  {formula.ljust(width)} =" if room else ""
        lines.append(f"  {term.name.ljust(names)}{middle}  {value.rjust(wide)}")
        if below and formula:
            lines.append(f"    = {formula}")
    lines += [f"{' ' * (2 + names + room)}  {'-' * wide}"]
    lines += [f"  {'sum'.ljust(names)}{' ' * room}  {exact(found.value).rjust(wide)}"]
    sentence = " + ".join(formula for formula in formulas if formula)
    if sentence and not symbolic and len(sentence) <= LONGEST_SUM and len(formulas) > 1:
        lines.append(f"  {sentence} = {exact(found.value)}")
    return lines


def _term_formula(term: Term, symbolic: bool) -> str:
    if term.line is None:
        return ""
    return term.line.formula if symbolic else with_numbers(term.line)


def markdown_text(explanation: Explanation, symbolic: bool = False) -> str:
    """The explanation as Markdown: a heading, and a fence that keeps the lines as they are."""
    title, *rest = text(explanation, symbolic).splitlines()
    return f"### {markdown.escaped(title)}\n\n{markdown.fenced(chr(10).join(rest), 'text')}"


def document(explanation: Explanation) -> str:
    """JSON: every quantity with its formula, its numbers and its value."""
    result: dict[str, Any] = {
        "network": explanation.network,
        "name": explanation.name or None,
        "kind": explanation.kind,
        "what": explanation.what,
        "row": explanation.row or None,
        "branch": explanation.branch or None,
        "inputs": [{"name": name, "size": shape(size)} for name, size in explanation.inputs],
        "output": None if explanation.output is None else shape(explanation.output),
        "quantities": [_entry(line) for line in explanation.lines],
        "sums": [
            {
                "quantity": found.quantity,
                "terms": [_term(term) for term in found.terms],
                "value": number(found.value),
            }
            for found in explanation.sums
        ],
        **({} if explanation.known is None else known_entry(explanation.known)),
        "notes": list(explanation.notes),
    }
    return indented(result)


def _entry(line: Line) -> dict[str, Any]:
    return {
        "quantity": line.quantity,
        "formula": line.formula or None,
        "numbers": with_numbers(line) or None,
        "values": {name: number(value) for name, value in line.values.items()},
        "value": number(line.value),
        **({"why": line.why} if line.why else {}),
    }


def _term(term: Term) -> dict[str, Any]:
    line = {} if term.line is None else {"formula": term.line.formula, "numbers": with_numbers(term.line)}
    return {"name": term.name, **line, "value": number(term.value)}


FORMATS = ("text", "markdown", "json")
