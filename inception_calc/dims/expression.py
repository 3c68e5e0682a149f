"""The expression grammar of specs: a small closed language, parsed with positions, never evaluated by Python.

    sum     = product { ("+" | "-") product }
    product = signed { ("*" | "//" | "%" | "/") signed }        "/" in formulas only
    signed  = "-" signed | atom
    atom    = integer | name | 'quoted column' | function "(" sum { "," sum } ")" | "(" sum ")"

Formulas of claims and reasons also have decimals and references such as `googlenet@naive.3a.ops`.
"""

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from inception_calc.problems import Fault, nearest

LONGEST_TEXT = 1000
LONGEST_NUMBER = 18
DEEPEST = 40
FUNCTIONS = {"ceil_div": 2, "round_to": 2, "min": 2, "max": 2}
"""Functions and the number of their arguments; `min` and `max` take two or more."""

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)(?![\w.])|(?P<name>[A-Za-z_]\w*)|'(?P<quoted>[^']*)'|(?P<mark>//|[-+*/%(),]))",
    re.ASCII,
)
REFERENCE = r"\s*[^\W\d]\w*(?:@\w+)?(?:\([^()]*\))?(?:\.(?:\w+|'[^']*'))+"


class Number(NamedTuple):
    """An integer, or a decimal in formulas."""

    value: int | Fraction


class Name(NamedTuple):
    """A symbol, a column or `input_channels`; `offset` counts characters from the text's start."""

    text: str
    offset: int
    quoted: bool = False


class Reference(NamedTuple):
    """A number of a spec, `this.3a.ops`; taken apart by the room that knows specs."""

    text: str
    offset: int


class Negative(NamedTuple):
    """The negative of an expression."""

    operand: "Tree"


class Operation(NamedTuple):
    """Two expressions and the mark between them."""

    mark: str
    left: "Tree"
    right: "Tree"


class Call(NamedTuple):
    """A function and its arguments."""

    function: str
    arguments: "tuple[Tree, ...]"


Tree = Number | Name | Reference | Negative | Operation | Call


@lru_cache(maxsize=4096)
def parse(text: str, formula: bool = False) -> Tree:
    """The tree of an expression; a `Fault` with a span where the text leaves the grammar.

    With `formula`, exact division, decimals and references are allowed too.
    """
    if len(text) > LONGEST_TEXT:
        raise Fault(
            "bad-expression",
            f"an expression may have {LONGEST_TEXT} characters, not {len(text)}",
            fix="write it shorter",
            span=(LONGEST_TEXT, len(text) - LONGEST_TEXT),
        )
    return _Parser(text, formula).whole()


def names(tree: Tree) -> list[Name]:
    """Every name in the tree, from left to right."""
    if isinstance(tree, Name):
        return [tree]
    if isinstance(tree, Negative):
        return names(tree.operand)
    if isinstance(tree, Operation):
        return names(tree.left) + names(tree.right)
    if isinstance(tree, Call):
        return [name for argument in tree.arguments for name in names(argument)]
    return []


def in_digits(shown: str) -> str:
    """How a number that is written otherwise (`1_000`, `64.0`, `1e3`, `2x`) is written as a count, where it is one."""
    try:
        value = float(shown.rstrip("xX"))
    except ValueError:
        return "write the number out in digits alone, as 1000"
    return f"write {value:.0f}" if value.is_integer() and 0 < value < 10**12 else "write a whole number above 0"


class _Parser:
    """Recursive descent over the tokens of one text; depth is bounded, so hostile text cannot exhaust the stack."""

    def __init__(self, text: str, formula: bool) -> None:
        self.text = text
        self.formula = formula
        self.offset = 0
        self.depth = 0
        self.kind = ""
        self.token = ""
        self.start = 0
        self.advance()

    def fault(self, what: str, fix: str = "", start: int | None = None, width: int = 1) -> Fault:
        where = self.start if start is None else start
        return Fault("bad-expression", what, fix=fix, span=(where, max(width, 1)))

    def advance(self) -> None:
        rest = self.text[self.offset :]
        self.start = self.offset + len(rest) - len(rest.lstrip())
        if not rest.strip():
            self.kind, self.token = "end", ""
            return
        if self.formula and (match := re.compile(REFERENCE).match(self.text, self.offset)):
            self.kind, self.token = "reference", match.group().strip()
        elif match := TOKEN.match(self.text, self.offset):
            self.kind = str(match.lastgroup)
            self.token = match.group(self.kind)
        else:
            shown = self.text[self.start :].split()[0][:20]
            raise self.fault(
                f"'{shown}' is not part of an expression",
                in_digits(shown)
                if shown[0].isdigit()
                else "expressions have integers, names, + - * // %, parentheses, ceil_div, min, max and round_to",
                width=len(shown),
            )
        self.offset = match.end()

    def whole(self) -> Tree:
        if self.kind == "end":
            raise self.fault("a number or an expression is missing here", "write one")
        tree = self.sum()
        if self.kind != "end":
            raise self.fault(
                f"'{self.token}' does not continue the expression",
                "put an operation between them",
                width=len(self.token),
            )
        return tree

    def sum(self) -> Tree:
        tree = self.product()
        while self.kind == "mark" and self.token in ("+", "-"):
            mark = self.token
            self.advance()
            tree = Operation(mark, tree, self.product())
        return tree

    def product(self) -> Tree:
        tree = self.signed()
        while self.kind == "mark" and self.token in ("*", "//", "%", "/"):
            mark = self.token
            if mark == "/" and not self.formula:
                raise self.fault("'/' is not part of an expression", "use // for a whole quotient")
            self.advance()
            if mark == "*" and self.kind == "mark" and self.token == "*":
                raise self.fault("powers are not part of an expression", "write the product out", self.start - 1, 2)
            tree = Operation(mark, tree, self.signed())
        return tree

    def signed(self) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fault(f"the expression is nested deeper than {DEEPEST}", "write it with fewer parentheses")
        try:
            if self.kind == "mark" and self.token == "-":
                self.advance()
                return Negative(self.signed())
            return self.atom()
        finally:
            self.depth -= 1

    def atom(self) -> Tree:
        kind, token, start = self.kind, self.token, self.start
        if kind == "number":
            if len(token) > LONGEST_NUMBER:
                raise self.fault(
                    f"a number may have {LONGEST_NUMBER} digits, not {len(token)}",
                    "write a smaller number",
                    width=len(token),
                )
            if "." in token and not self.formula:
                raise self.fault(f"'{token}' is not an integer", in_digits(token), width=len(token))
            self.advance()
            return Number(Fraction(token) if "." in token else int(token))
        if kind == "reference":
            self.advance()
            return Reference(token, start)
        if kind == "quoted":
            self.advance()
            return Name(token, start, quoted=True)
        if kind == "name":
            self.advance()
            return self.call(token, start) if self.token == "(" else Name(token, start)
        if kind == "mark" and token == "(":
            self.advance()
            tree = self.sum()
            self.expect(")")
            return tree
        if kind == "end":
            raise self.fault("the expression ends too early", "write a number or a name here")
        raise self.fault(f"'{token}' cannot stand here", "write a number or a name here", width=len(token))

    def call(self, function: str, start: int) -> Tree:
        if function not in FUNCTIONS:
            raise self.fault(
                f"'{function}' is no function of expressions",
                nearest(function, FUNCTIONS) or "the functions are ceil_div, min, max and round_to",
                start,
                len(function),
            )
        self.advance()
        arguments = [self.sum()]
        while self.token == ",":
            self.advance()
            arguments.append(self.sum())
        self.expect(")")
        least = FUNCTIONS[function]
        if len(arguments) < least or (len(arguments) > least and function not in ("min", "max")):
            raise self.fault(
                f"{function} takes {least} arguments, not {len(arguments)}",
                f"write {function}(a, b)",
                start,
                len(function),
            )
        return Call(function, tuple(arguments))

    def expect(self, mark: str) -> None:
        if self.kind != "mark" or self.token != mark:
            found = f"'{self.token}'" if self.token else "the end"
            raise self.fault(f"expected '{mark}', found {found}", f"write '{mark}'", width=len(self.token))
        self.advance()
