"""Names for the sizes that closed forms have in common, so that none is written out twice: h1, w1, n1 ..."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inception_calc.dims.polynomial import Polynomial, Quotient
from inception_calc.dims.printing import LatexWriter, Reader
from inception_calc.dims.ring import Factor, Rational


@dataclass(frozen=True)
class NamedSizes:
    """Names for the rounded quotients of some closed forms, so that none is written out twice."""

    names: Mapping[Factor, str]
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
    known: Mapping[Factor, str] | None = None,
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


def _by_size(atom: Quotient) -> tuple[int, Rational, str]:
    """Inner sizes before those made of them, large ones before small ones."""
    inner = [_by_size(one)[0] for one in (*atom.dividend.atoms(), *atom.divisor.atoms()) if isinstance(one, Quotient)]
    divisor = atom.divisor.constant
    return max(inner, default=0) + 1, 0 if divisor is None else divisor, atom.key[1]


def _latex_name(name: str) -> str:
    return f"{name[0]}_{{{name[1:]}}}"
