"""How fast a closed form grows: its degree in each symbol, and the terms that decide in the end."""

from dataclasses import dataclass
from fractions import Fraction

from inception_calc.dims.polynomial import Atom, Extreme, Polynomial, Quotient, Variable, polynomial


@dataclass(frozen=True, slots=True)
class Growth:
    """Degrees by symbol, and the leading terms, every rounded quotient taken as a plain one."""

    degrees: dict[str, int]
    leading: Polynomial | None
    """None where the smaller or larger of two values decides."""


def growth(form: Polynomial, names: tuple[str, ...]) -> Growth:
    """The growth of a closed form in these symbols."""
    smooth = _smooth(form)
    if smooth is None:
        return Growth({}, None)
    degrees = {name: max((_power(monomial, name) for monomial in smooth.terms), default=0) for name in names}
    highest = max((sum(power for _, power in monomial) for monomial in smooth.terms), default=0)
    leading = {
        monomial: coefficient
        for monomial, coefficient in smooth.terms.items()
        if sum(power for _, power in monomial) == highest
    }
    return Growth(degrees, Polynomial(leading))


def _smooth(form: Polynomial) -> Polynomial | None:
    """The form with floors left out."""
    if any(
        isinstance(atom, Extreme) or (isinstance(atom, Quotient) and atom.divisor.constant is None)
        for atom in form.atoms()
    ):
        return None

    def plain(atom: Atom) -> Polynomial:
        if isinstance(atom, Quotient):
            return polynomial(atom.dividend.mapped(plain) * Fraction(1, int(atom.divisor.constant or 1)))
        return atom.alone

    return form.mapped(plain)


def _power(monomial: tuple[tuple[Atom, int], ...], name: str) -> int:
    return sum(power for atom, power in monomial if isinstance(atom, Variable) and atom.name == name)
