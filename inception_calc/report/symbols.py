"""Formulas in the cells of a table: short letters for symbols, names for sizes, and a note that says what they are."""

from collections.abc import Iterable
from fractions import Fraction

from inception_calc.analysis import Analysis, Group
from inception_calc.dims import Dim
from inception_calc.problems import listed
from inception_calc.report.text import sides_text


class Names:
    """Names for the rounded sizes of some groups; nothing at all where no symbol is free."""

    def __init__(self, analysis: Analysis, groups: Iterable[Group]) -> None:
        self.free = analysis.free
        self.is_of_spec = analysis.graph.known is None
        if self.free:
            from inception_calc.dims.named_sizes import named_sizes
            from inception_calc.dims.polynomial import polynomial

            values: list[Dim] = []
            for group in (*groups, analysis.whole):
                values += [*(group.output or ()), group.totals.params, group.totals.multiply_adds]
            self._polynomial = polynomial
            self._sizes = named_sizes(map(polynomial, values), taken=self.free)

    def text(self, value: Dim | Fraction) -> str:
        """A quantity for people."""
        return str(value) if isinstance(value, int | Fraction) else self._sizes.text(self._polynomial(value))

    def size(self, sides: Iterable[Dim]) -> str:
        """Sides with x between them, and spaces around it where they are formulas."""
        return sides_text(map(self.text, sides))

    def notes(self) -> list[str]:
        """What is free, and what the names stand for."""
        if not self.free:
            return []
        from inception_calc.dims.printing import LETTERS

        letters = [f"{name} ({LETTERS[name]})" if name in LETTERS else name for name in self.free]
        elsewhere = "`formula` and `-f json` have" if self.is_of_spec else "`-f json` has"
        notes = [f"free: {listed(letters, all_in='-f json')}; {elsewhere} what is left out here (...)"]
        if definitions := self._sizes.definitions():
            notes.append(", ".join(f"{name} = {text}" for name, text in definitions))
        return notes
