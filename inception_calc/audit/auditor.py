"""One spec under one variant -> its audit: each printed number and claim is judged, in the order of the verdicts."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from math import floor
from pathlib import PurePath

from inception_calc.audit.column_rules import ColumnRule, Quantities, find_rule
from inception_calc.audit.contradictions import PrintedTable, contradiction
from inception_calc.audit.counts import DEPTHS, MAPS, SUMS, Counted
from inception_calc.audit.entries import Audit, ClaimEntry, PrintedEntry
from inception_calc.audit.numbers import DECIMAL, EXACT, read_number, read_shape
from inception_calc.audit.references import THIS, Library
from inception_calc.audit.single_changes import Change, single_changes
from inception_calc.audit.verdicts import (
    BOUNDS,
    Compared,
    Contradicted,
    Explained,
    Finding,
    Reproduced,
    Unexplained,
    Value,
    comparison,
    reproduction,
)
from inception_calc.dims import Shape
from inception_calc.dims.formula import ReferenceParts, evaluate
from inception_calc.problems import Fault, Path
from inception_calc.spec import Claim, Reason
from inception_calc.spec_file import LoadedSpec

Fits = Callable[[Counted, Fraction | None], tuple[Value, Reproduced | None]]
"""Whether some counts, or the value of a formula, give a printed cell: what was counted, and how it gives it."""

WHOLE = "total"
"""What `cells` of a reason call the whole network."""


class Auditor:
    """Judges one spec under one variant; faults are gathered, so that all are shown at once."""

    def __init__(self, library: Library, loaded: LoadedSpec) -> None:
        self.library = library
        self.loaded = loaded
        file = loaded.source.rpartition(":")[2]  # after a git revision
        self.name = PurePath(file).stem if file.endswith((".yaml", ".yml")) else loaded.source
        self.counted = library.counted(loaded)
        self.units = loaded.spec.source.units
        self.faults: list[Fault] = []
        self.reasons: dict[tuple[str, str], list[tuple[int, Reason]]] = {}
        for index, reason in enumerate(loaded.spec.reasons):
            for row, names in reason.cells.items():
                for what in names:
                    self.reasons.setdefault(("" if row == WHOLE else row, what), []).append((index, reason))
        self.needed: set[int] = set()
        self.changes: dict[str, tuple[Change, ...]] = {}
        self.formulas = dict(self._formulas())

    def audit(self) -> Audit:
        """The audit; what could not be judged is in `faults`."""
        spec = self.loaded.spec
        cells = list(self._cells())
        numbers = {path: read_number(text) for path, _, what, text in cells if what not in MAPS}
        rules: dict[str, ColumnRule] = {}
        for what in dict.fromkeys(what for _, row, what, _ in cells if row and what not in MAPS):
            column = [
                (number, self._quantities(self.counted, row, what))
                for path, row, name, _ in cells
                if row and name == what and (number := numbers.get(path)) is not None
            ]
            rules[what] = find_rule(what, column, self.units.get(what, {}))
        table: dict[str, dict[str, str]] = {}
        for _, row, what, text in cells:
            table.setdefault(row, {})[what] = text
        printed = PrintedTable(self.counted.analysis, self.counted.rows, table, rules)
        entries = [judged for cell in cells if (judged := self._printed(printed, *cell)) is not None]
        claims = [entry for index, claim in enumerate(spec.claims) if (entry := self._claim(index, claim)) is not None]
        unneeded = [
            self.loaded.location("reasons", index) for index in range(len(spec.reasons)) if index not in self.needed
        ]
        return Audit(
            self.name, self.loaded.variant, spec.name, tuple(entries), tuple(claims),
            tuple(rule for rule in rules.values() if rule.suffixes), tuple(self._not_counted()), tuple(unneeded),
        )  # fmt: skip

    def _formulas(self) -> Iterator[tuple[tuple[int, str], Fraction]]:
        """The value of every reason's formula, by the reason's index and the cell's name."""
        for index, reason in enumerate(self.loaded.spec.reasons):
            for what, formula in reason.formula.items():
                path: Path = ("reasons", index, "formula", what)
                try:
                    value = self._evaluate(formula, path)
                except Fault as fault:
                    self.faults.append(fault)
                    continue
                if reason.unexplained or self._depends(formula, value, lambda _: False):
                    yield (index, what), value
                else:
                    self.faults.append(_independent(value, path))

    # -- what is printed -----------------------------------------------------------------------------------------------

    def _cells(self) -> Iterator[tuple[Path, str, str, str]]:
        """Path, row, what and text of every printed cell that is a count or a size."""
        spec = self.loaded.spec
        for row, line in spec.rows.items():
            for index, (what, text) in enumerate(zip(spec.source.prints, line.printed, strict=False)):
                if text and is_counted(what):
                    yield ("rows", row, "printed", index), row, what, text
        for what, number in spec.printed.items():
            if is_counted(what):
                yield ("printed", what, "text"), "", what, number.text

    def _not_counted(self) -> Iterator[str]:
        spec = self.loaded.spec
        yield from (what for what in spec.source.prints if not is_counted(what))
        yield from (what for what in spec.printed if not is_counted(what))

    # -- printed cells -------------------------------------------------------------------------------------------------

    def _printed(self, table: PrintedTable, path: Path, row: str, what: str, text: str) -> PrintedEntry | None:
        judge = self._size if what in MAPS else self._number
        try:
            computed, finding = judge(table, row, what, text)
        except Fault as fault:
            self.faults.append(fault.under(*path))
            return None
        whole = None if row else self.loaded.spec.printed[what]
        return PrintedEntry(
            spec=self.name,
            variant=self.loaded.variant,
            row=row,
            what=what,
            printed=text,
            computed=computed,
            finding=finding,
            location=self.loaded.location(*path, at_key=False),
            unverified=bool(whole and whole.unverified),
            place=(whole and whole.place) or "",
        )

    def _size(self, table: PrintedTable, row: str, what: str, text: str) -> tuple[Value, Finding]:
        image = table.analysis.setting.input
        shown = read_shape(text, len(image.sides))
        if shown is None:
            raise _bad_printed(
                text,
                "no printed size",
                f"write {image.printed_order}" + (": 28x28x256" if len(image.sides) == 2 else ""),
            )

        def fits(counted: Counted) -> tuple[Shape, Reproduced | None]:
            x = counted.map(what, row)
            same = x.sides == shown.sides and shown.channels in (None, x.channels)
            return x, Reproduced((EXACT,)) if same else None

        computed, how = fits(self.counted)
        if how:
            return computed, how
        return computed, self._without_rounding(table, row, what, lambda counted, _: fits(counted))

    def _number(self, table: PrintedTable, row: str, what: str, text: str) -> tuple[Value, Finding]:
        shown = read_number(text)
        if shown is None:
            raise _bad_printed(text, "no printed number", 'write it like 22, 2.7K, 159M or "1,072"')
        rule = table.rules.get(what) if row else None
        units = rule.units if rule else {**DECIMAL, **self.units.get(what, {})}

        def fits(counted: Counted, formula: Fraction | None) -> tuple[Value, Reproduced | None]:
            if formula is not None:
                return formula, reproduction(shown, {"": formula}, units)
            quantities = self._quantities(counted, row, what)
            how = reproduction(shown, quantities, units, rule)
            return quantities[how.quantities[0] if how else what.replace(" ", "_")], how

        computed = self._quantities(self.counted, row, what)[what.replace(" ", "_")]
        says = self.loaded.spec.printed[what].says if not row else None
        by_rounding = fits(self.counted, None)[1] if says not in BOUNDS else None
        found = _better(by_rounding, comparison(shown, says, computed, units))
        if isinstance(found, Reproduced) and found.says_little:
            return computed, self._barely(found, row, what, fits)
        return computed, found or self._without_rounding(table, row, what, fits)

    def _quantities(self, counted: Counted, row: str, what: str) -> Quantities:
        """What a cell may count: a params cell params, or weights alone."""
        metric = what.replace(" ", "_")
        names = (metric, "weights") if metric == "params" else (metric,)
        return {name: counted.count(name, row) for name in names}

    def _barely(self, found: Reproduced, row: str, what: str, fits: Fits) -> Finding:
        """The verdict on a cell of one digit that truncation gives: a reason that gives it by rounding says more."""
        explained, _, whys = self._reasoned(row, what, fits)
        better = [one for one in explained if not one.by.is_truncated]
        return replace(better[0], others=tuple(better[1:])) if better else replace(found, why=" ".join(whys))

    def _without_rounding(self, table: PrintedTable, row: str, what: str, fits: Fits) -> Finding:
        """The verdict on a cell that no rounding gives: explained, contradicted, unexplained, in this order."""
        explained, guess, whys = self._reasoned(row, what, fits)
        if explained:
            return replace(explained[0], others=tuple(explained[1:]))
        evidence = contradiction(table, row, what)
        why = " ".join(whys)
        if evidence:
            return Contradicted(evidence, why)
        changes = self._changes(table, row) if row and what not in (*MAPS, *DEPTHS) else ()
        marked = any(reason.unexplained for _, reason in self.reasons.get((row, what), ()))
        return Unexplained(why, marked, guess, changes)

    def _reasoned(self, row: str, what: str, fits: Fits) -> tuple[list[Explained], Value | None, list[str]]:
        """The reasons that give a cell, a value that a reason only guesses, and what all of them say."""
        guess: Value | None = None
        whys = []
        explained: list[Explained] = []
        for index, reason in self.reasons.get((row, what), ()):
            self.needed.add(index)
            formula = reason.formula.get(what, "")
            value: Value | None = None
            how: Reproduced | None = None
            if formula:
                exact = self.formulas.get((index, what))  # None where it has a fault, which is shown
                value, how = fits(self.counted, exact) if exact is not None else (None, None)
            elif reason.variant is not None:
                value, how = fits(self.library.counted(self.library.variant(self.loaded, reason.variant)), None)
            if how is not None and value is not None and not reason.unexplained:
                if formula and not self._depends(
                    formula, value, lambda other: fits(self.counted, other)[1] is not None
                ):
                    self.faults.append(_independent(value, ("reasons", index, "formula", what)))
                explained.append(Explained(reason.why, "" if formula else reason.variant or "", formula, value, how))
            guess = value if how is not None else guess
            whys.append(reason.why)
        return explained, guess, whys

    def _depends(self, formula: str, value: Value, gives: Callable[[Fraction], bool]) -> bool:
        """Whether a formula would have another value, and give the cell no more, if this network counted otherwise.

        Counts are multiplied, then divided, each by a number of its own: equal ones by the same, so that a count less
        itself stays nothing. This is done to the counts of all networks, then to those of this one alone: what rests on
        another network's figures is as fixed as a number that is written down.
        """

        def scaled(power: int, this_alone: bool) -> Fraction:
            factors: dict[int, int] = {}

            def count(reference: ReferenceParts) -> int:
                number = self.library.value(self.loaded, reference)
                if this_alone and reference.spec.text not in (THIS, self.name):
                    return number
                return floor(number * Fraction(factors.setdefault(number, len(factors) + 2)) ** power)

            return evaluate(formula, count)

        def changes(this_alone: bool) -> bool:
            try:
                others = scaled(1, this_alone), scaled(-1, this_alone)
            except Fault:  # a division by what is nothing now
                return True
            return any(other != value and not gives(other) for other in others)

        return changes(this_alone=False) and changes(this_alone=True)

    def _changes(self, table: PrintedTable, row: str) -> tuple[Change, ...]:
        if row not in self.changes:
            self.changes[row] = single_changes(self.loaded, table, row)
        return self.changes[row]

    # -- claims --------------------------------------------------------------------------------------------------------

    def _claim(self, index: int, claim: Claim) -> ClaimEntry | None:
        path: Path = ("claims", index)
        try:
            computed, finding = self._judged(claim, path)
        except Fault as fault:
            self.faults.append(fault)
            return None
        printed = claim.printed.text if claim.printed else ""
        name, place = claim.id or str(index + 1), self.loaded.location(*path, at_key=False)
        return ClaimEntry(
            id=name,
            spec=self.name,
            variant=self.loaded.variant,
            text=claim.say,
            place=claim.place or "",
            printed=printed,
            computed=computed,
            finding=finding,
            location=place,
            unverified=bool(claim.printed and claim.printed.unverified),
        )

    def _judged(self, claim: Claim, path: Path) -> tuple[Value | None, Finding]:
        """What the claim's formula comes to, and the verdict."""
        if claim.formula is None or claim.printed is None:
            return None, Unexplained(claim.why or "", claim.unexplained)
        shown = read_number(claim.printed.text)
        if shown is None:
            fault = _bad_printed(claim.printed.text, "no number", "write it like 12, 8.71 or 2B")
            raise fault.under(*path, "printed")
        computed = self._evaluate(claim.formula, (*path, "formula"))
        says = claim.printed.says
        by_rounding = reproduction(shown, {"": computed}, DECIMAL) if says not in BOUNDS else None
        found = _better(by_rounding, comparison(shown, says, computed, DECIMAL))
        if isinstance(found, Reproduced) and found.says_little:
            found = replace(found, why=claim.why or "")
        if found:
            return computed, found
        if claim.why and not claim.unexplained:  # the exact count itself contradicts the sentence
            return computed, Contradicted(None, claim.why)
        return computed, Unexplained(claim.why or "", claim.unexplained)

    def _evaluate(self, formula: str, path: Path) -> Fraction:
        try:
            return evaluate(formula, lambda reference: self.library.value(self.loaded, reference))
        except Fault as fault:
            raise fault.under(*path) from None


def _better(by_rounding: Reproduced | None, compared: Compared | None) -> Reproduced | Compared | None:
    """What says more: a rounding, the source's own comparison, a truncation."""
    return by_rounding if by_rounding and not (compared and by_rounding.is_truncated) else compared


def _independent(value: Value, path: Path) -> Fault:
    return Fault(
        "bad-reason",
        f"whatever this network counts, this formula is {value} or prints the same: it explains nothing",
        path=path,
        fix="write it with counts (this.params, this.ROW.ops), name a variant, or add 'unexplained: true'",
    )


def _bad_printed(text: str, what: str, fix: str) -> Fault:
    return Fault("bad-printed", f"'{text}' is {what}", fix=fix)


def is_counted(what: str) -> bool:
    """Whether a printed cell of this name is a count or a size (an error rate is not)."""
    metric = what.replace(" ", "_")
    return metric in SUMS or metric in DEPTHS or metric in MAPS
