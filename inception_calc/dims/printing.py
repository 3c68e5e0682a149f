"""Closed forms as text: for Python, for people, for LaTeX."""

import keyword
import re
from collections.abc import Mapping
from functools import lru_cache

from inception_calc.dims.ring import Factor, Sum

LETTERS = {"batch": "N", "width_multiplier": "k"}
"""What people write for two built-in symbols; the sides of the image keep their names."""
LATEX_LETTERS = {**LETTERS, "height": "H", "size": "S", "width": "W"}

LATEX_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "&%$#_"},
}


def identifier(name: str) -> str:
    """A name that Python takes for one: `n_3a_3x3_reduce` for the column `3a.3x3 reduce`."""
    plain = re.sub(r"\W", "_", name)
    if not plain.isidentifier():
        plain = f"n_{plain}"
    return f"{plain}_" if keyword.iskeyword(plain) or plain in ("min", "max") else plain


class Writer:
    """Writes polynomials in one expression of Python: integers, names, `+ - * // **`, parentheses, min, max."""

    times = "*"
    largest, smallest = "max", "min"
    letters: Mapping[str, str] = {}

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        self.names = {**self.letters, **(names or {})}

    def text(self, form: Sum) -> str:
        """The whole expression. Fractional coefficients stand over one divisor, which leaves no remainder."""
        divisor = form.denominator
        if divisor != 1:
            whole = Sum({monomial: coefficient * divisor for monomial, coefficient in form.terms.items()})
            return self.over(self.text(whole), divisor)
        written = ""
        for monomial, coefficient in form.ordered:
            sign = "-" if coefficient < 0 else "+"
            written += f" {sign} " if written else sign.strip("+")
            written += self.term(abs(coefficient.numerator), [self.power(atom, power) for atom, power in monomial])
        return written or "0"

    def term(self, coefficient: int, factors: list[str]) -> str:
        """One product."""
        return self.times.join(factors if factors and coefficient == 1 else [self.number(coefficient), *factors])

    def power(self, atom: Factor, power: int) -> str:
        """An atom with its exponent."""
        return self.atom(atom) + (f"**{power}" if power > 1 else "")

    def atom(self, atom: Factor) -> str:
        """A symbol, a rounded quotient or an extreme."""
        text: str = atom.told(self)
        return text

    def symbol(self, name: str, whole: bool) -> str:
        """A symbol."""
        return self.name(name)

    def number(self, value: int) -> str:
        """A positive integer."""
        return str(value)

    def name(self, name: str) -> str:
        """A symbol."""
        return self.names.get(name) or identifier(name)

    def over(self, dividend: str, divisor: int) -> str:
        """A quotient without remainder."""
        return f"({dividend})//{divisor}"

    def quotient(self, atom: Factor) -> str:
        """A quotient rounded down."""
        dividend, divisor = atom.inner
        return f"({self.operand(dividend)}//{self.operand(divisor)})"

    def operand(self, form: Sum) -> str:
        """In parentheses where it is more than one number or name."""
        text = self.text(form)
        return text if text.isidentifier() or text.isdecimal() else f"({text})"

    def extreme(self, atom: Factor, largest: bool) -> str:
        """The smallest or largest of some values."""
        arguments = ", ".join(map(self.text, atom.inner))
        return self.chosen(self.largest if largest else self.smallest, arguments)

    def chosen(self, word: str, arguments: str) -> str:
        """A function of some values."""
        return f"{word}({arguments})"


class Reader(Writer):
    """For people: short letters, digits in groups of three, sizes by name where they have one."""

    letters = LETTERS

    def __init__(self, names: Mapping[str, str] | None = None, sizes: Mapping[Factor, str] | None = None) -> None:
        super().__init__(names)
        self.sizes = sizes or {}

    def number(self, value: int) -> str:
        return f"{value:,}"

    def name(self, name: str) -> str:
        return self.names.get(name) or (name if name.isidentifier() else f"'{name}'")

    def over(self, dividend: str, divisor: int) -> str:
        return f"({dividend})/{divisor:,}"

    def quotient(self, atom: Factor) -> str:
        text = self.definition(atom)
        return self.sizes.get(atom) or (text if text.endswith(")") and text.startswith("ceil_div") else f"({text})")

    def definition(self, atom: Factor) -> str:
        """What a size is: `ceil_div(size, 2)` where it reads better so."""
        (dividend, divisor), raised = atom.inner, rounded_up(atom)
        if raised is not None:
            return f"ceil_div({self.text(raised)}, {self.text(divisor)})"
        return f"{self.operand(dividend)}//{self.operand(divisor)}"


class LatexWriter(Reader):
    """LaTeX for formulas: floors and ceilings, fractions, thin spaces between factors."""

    times = r" \, "
    largest, smallest = r"\max", r"\min"
    letters = LATEX_LETTERS

    def number(self, value: int) -> str:
        return f"{value:,}".replace(",", "{,}")

    def name(self, name: str) -> str:
        short = self.names.get(name, name)
        if len(short) == 1 and short.isascii() and short.isalpha():
            return short
        return rf"\text{{{''.join(LATEX_SPECIAL.get(character, character) for character in short)}}}"

    def power(self, atom: Factor, power: int) -> str:
        return self.atom(atom) + (f"^{{{power}}}" if power > 1 else "")

    def over(self, dividend: str, divisor: int) -> str:
        return rf"\frac{{{dividend}}}{{{self.number(divisor)}}}"

    def quotient(self, atom: Factor) -> str:
        return self.sizes.get(atom) or self.definition(atom)

    def definition(self, atom: Factor) -> str:
        (dividend, divisor), raised = atom.inner, rounded_up(atom)
        fraction = rf"\frac{{{self.text(dividend if raised is None else raised)}}}{{{self.text(divisor)}}}"
        kind = "floor" if raised is None else "ceil"
        return rf"\left\l{kind} {fraction} \right\r{kind}"

    def chosen(self, word: str, arguments: str) -> str:
        return rf"{word}\left({arguments}\right)"


@lru_cache(maxsize=16384)
def _python(form: Sum) -> str:
    return Writer().text(form)


def python_text(form: Sum, names: Mapping[str, str] | None = None) -> str:
    """One self-contained expression that Python evaluates to exactly the value."""
    return Writer(names).text(form) if names else _python(form)


def rounded_up(quotient: Factor) -> Sum | None:
    """The x of a quotient that is `ceil_div(x, divisor)` and reads better so, else None."""
    dividend, divisor = quotient.inner
    raised = dividend - (divisor - 1)
    return raised if isinstance(raised, Sum) and () not in raised.terms else None
