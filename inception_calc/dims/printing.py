"""Closed forms as text: for Python, for people, for LaTeX."""

import keyword
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from inception_calc.dims.polynomial import Atom, Extreme, Polynomial, Quotient, Variable, polynomial
from inception_calc.dims.ring import Rational

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

    def text(self, form: Polynomial) -> str:
        """The whole expression. Fractional coefficients stand over one divisor, which leaves no remainder."""
        divisor = form.denominator
        if divisor != 1:
            return self.over(self.text(polynomial(form * divisor)), divisor)
        written = ""
        for monomial, coefficient in form.ordered:
            sign = "-" if coefficient < 0 else "+"
            written += f" {sign} " if written else sign.strip("+")
            written += self.term(abs(coefficient.numerator), [self.power(atom, power) for atom, power in monomial])
        return written or "0"

    def term(self, coefficient: int, factors: list[str]) -> str:
        """One product."""
        return self.times.join(factors if factors and coefficient == 1 else [self.number(coefficient), *factors])

    def power(self, atom: Atom, power: int) -> str:
        """An atom with its exponent."""
        return self.atom(atom) + (f"**{power}" if power > 1 else "")

    def atom(self, atom: Atom) -> str:
        """A symbol, a rounded quotient or an extreme."""
        if isinstance(atom, Variable):
            return self.name(atom.name)
        if isinstance(atom, Quotient):
            return self.quotient(atom)
        assert isinstance(atom, Extreme)
        arguments = ", ".join(self.text(argument) for argument in atom.arguments)
        return self.extreme(atom, arguments)

    def number(self, value: int) -> str:
        """A positive integer."""
        return str(value)

    def name(self, name: str) -> str:
        """A symbol."""
        return self.names.get(name) or identifier(name)

    def over(self, dividend: str, divisor: int) -> str:
        """A quotient without remainder."""
        return f"({dividend})//{divisor}"

    def quotient(self, atom: Quotient) -> str:
        """A quotient rounded down."""
        return f"({self.operand(atom.dividend)}//{self.operand(atom.divisor)})"

    def operand(self, form: Polynomial) -> str:
        """In parentheses where it is more than one number or name."""
        text = self.text(form)
        return text if text.isidentifier() or text.isdecimal() else f"({text})"

    def extreme(self, atom: Extreme, arguments: str) -> str:
        """The smallest or largest of some values."""
        return f"{self.largest if atom.largest else self.smallest}({arguments})"


class Reader(Writer):
    """For people: short letters, digits in groups of three, sizes by name where they have one."""

    letters = LETTERS

    def __init__(self, names: Mapping[str, str] | None = None, sizes: Mapping[Quotient, str] | None = None) -> None:
        super().__init__(names)
        self.sizes = sizes or {}

    def number(self, value: int) -> str:
        return f"{value:,}"

    def name(self, name: str) -> str:
        return self.names.get(name) or (name if name.isidentifier() else f"'{name}'")

    def over(self, dividend: str, divisor: int) -> str:
        return f"({dividend})/{divisor:,}"

    def quotient(self, atom: Quotient) -> str:
        text = self.definition(atom)
        return self.sizes.get(atom) or (text if text.endswith(")") and text.startswith("ceil_div") else f"({text})")

    def definition(self, atom: Quotient) -> str:
        """What a size is: `ceil_div(size, 2)` where it reads better so."""
        raised = rounded_up(atom)
        if raised is not None:
            return f"ceil_div({self.text(raised)}, {self.text(atom.divisor)})"
        return f"{self.operand(atom.dividend)}//{self.operand(atom.divisor)}"


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

    def power(self, atom: Atom, power: int) -> str:
        return self.atom(atom) + (f"^{{{power}}}" if power > 1 else "")

    def over(self, dividend: str, divisor: int) -> str:
        return rf"\frac{{{dividend}}}{{{self.number(divisor)}}}"

    def quotient(self, atom: Quotient) -> str:
        return self.sizes.get(atom) or self.definition(atom)

    def definition(self, atom: Quotient) -> str:
        raised = rounded_up(atom)
        fraction = rf"\frac{{{self.text(atom.dividend if raised is None else raised)}}}{{{self.text(atom.divisor)}}}"
        kind = "floor" if raised is None else "ceil"
        return rf"\left\l{kind} {fraction} \right\r{kind}"

    def extreme(self, atom: Extreme, arguments: str) -> str:
        return rf"{self.largest if atom.largest else self.smallest}\left({arguments}\right)"


@lru_cache(maxsize=16384)
def _python(form: Polynomial) -> str:
    return Writer().text(form)


def python_text(form: Polynomial, names: Mapping[str, str] | None = None) -> str:
    """One self-contained expression that Python evaluates to exactly the value."""
    return Writer(names).text(form) if names else _python(form)


@dataclass(frozen=True)
class NamedSizes:
    """Names for the rounded quotients of some closed forms, so that none is written out twice."""

    names: Mapping[Quotient, str]
    letters: Mapping[str, str]
    """Symbol -> what it is called, where that is not its usual letter."""

    def text(self, form: Polynomial) -> str:
        """The closed form for people, its sizes by name."""
        return Reader(self.letters, self.names).text(form)

    def latex(self, form: Polynomial) -> str:
        """The closed form in LaTeX, its sizes by name."""
        return self._latex_writer.text(form)

    def definitions(self) -> list[tuple[str, str]]:
        """Each name and what it stands for; names may use those before them."""
        writer = Reader(self.letters, self.names)
        return [(name, writer.definition(atom)) for atom, name in self.names.items()]

    def latex_definitions(self) -> list[tuple[str, str]]:
        """The definitions in LaTeX."""
        return [(_latex_name(name), self._latex_writer.definition(atom)) for atom, name in self.names.items()]

    def within(self, forms: Iterable[Polynomial]) -> "NamedSizes":
        """The names that some closed forms need."""
        used = {atom for form in forms for atom in form.atoms()}
        return NamedSizes({atom: name for atom, name in self.names.items() if atom in used}, self.letters)

    @property
    def _latex_writer(self) -> LatexWriter:
        return LatexWriter(self.letters, {atom: _latex_name(name) for atom, name in self.names.items()})


def named_sizes(
    forms: Iterable[Polynomial],
    taken: Iterable[str] = (),
    letters: Mapping[str, str] | None = None,
    known: Mapping[Quotient, str] | None = None,
) -> NamedSizes:
    """h1, h2 ... for sizes that follow from the image's height, w1 ... from its width, n1 ... for others.

    Sizes that are `known` keep their names.
    """
    sizes = {atom for form in forms for atom in form.atoms() if isinstance(atom, Quotient)}
    names = dict(known or {})
    used = {*taken, *names.values()}
    for atom in sorted(sizes - names.keys(), key=_by_size):
        depends = atom.alone.names
        letter = "h" if depends & {"height", "size"} else "w" if "width" in depends else "n"
        number = 1
        while f"{letter}{number}" in used:
            number += 1
        names[atom] = f"{letter}{number}"
        used.add(names[atom])
    return NamedSizes(names, letters or {})


def rounded_up(atom: Quotient) -> Polynomial | None:
    """The x of a quotient that is `ceil_div(x, divisor)` and reads better so, else None."""
    raised = polynomial(atom.dividend - (atom.divisor - 1))
    return raised if raised.terms and () not in raised.terms else None


def _by_size(atom: Quotient) -> tuple[int, Rational, str]:
    """Inner sizes before those made of them, large ones before small ones."""
    inner = [_by_size(one)[0] for one in (*atom.dividend.atoms(), *atom.divisor.atoms()) if isinstance(one, Quotient)]
    divisor = atom.divisor.constant
    return max(inner, default=0) + 1, 0 if divisor is None else divisor, atom.key[1]


def _latex_name(name: str) -> str:
    return f"{name[0]}_{{{name[1:]}}}"
