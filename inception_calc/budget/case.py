"""One spec under one budget: what the budget speaks of, and its numbers, now and at the base."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from inception_calc.analysis import Analysis, Totals
from inception_calc.analysis.incomplete import at_most, is_complete, missing
from inception_calc.analysis.metrics import COMPARABLE
from inception_calc.budget.library import Library, Since, Spec, setting_of
from inception_calc.budget.match import Target, parts, whole
from inception_calc.budget.models import Budget
from inception_calc.budget.selection import Held, Selection
from inception_calc.problems import Problem, Stop, Undecided

Number = Fraction | int


@dataclass
class Case:
    """A budget, a spec, and what is needed to judge one by the other."""

    budget: Budget
    spec: Spec
    library: Library
    base_name: Callable[[], str]
    """The base's name; raises `Undecided` where there is none or it counted differently."""

    @cached_property
    def setting(self) -> dict[str, Any]:
        """The setting of `analyze`."""
        return setting_of(self.budget)

    @cached_property
    def analysis(self) -> Analysis:
        """The network as it is now."""
        return self.library.analysis(self.spec, self.variant, self.setting)

    @property
    def variant(self) -> str:
        """The variant under budget."""
        return self.budget.variant if self.budget.compare is None else self.budget.compare.variant

    # -- parts -------------------------------------------------------------------------------------------------------

    def targets(self, analysis: Analysis) -> tuple[Target, ...]:
        """What is judged: the whole, or what the selector holds and, as it is now, what it held at the base."""
        if self.budget.selector is None:
            return (whole(analysis),)
        known = self.selection
        if analysis is not known.now:  # another size
            also = {target.name: target.was for target in known.found}
            return tuple(
                part.target()._replace(was=also.get(part.name, ""))
                for part in parts(self.budget, analysis)
                if part.fits or part.name in also
            )
        return (*known.held, *known.found)

    def candidates(self, analysis: Analysis) -> tuple[Target, ...]:
        """What a part that the selector lost may have become, where that is not clear."""
        if self.budget.selector is None:
            return ()
        names = {target.name for one in self.selection.unclear for target in one.candidates}
        return tuple(part.target() for part in parts(self.budget, analysis) if part.name in names)

    @cached_property
    def selection(self) -> Selection:
        """What the selector holds, here and at the base, where there is one."""
        return Selection(self.budget, self.analysis, self._before_or_reason[0])

    @cached_property
    def _before_or_reason(self) -> tuple[Analysis | None, str]:
        """The network at the base, where it is to be had; else why it is not."""
        try:
            self.base_name()
            found = self.library.analysis_before(self.spec, self.variant, self.setting)
        except Stop as stop:
            return None, stop.problems[0].what
        return found, "" if found is not None else "it is new"

    def was_over(self, target: Target, name: str, value: Number, base: Number | None) -> bool:
        """Whether what is over its limit was so before, and is not more now, in a budget that only warns of that."""
        if self.budget.existing != "warn" or base is None or value > base:
            return False
        return self.is_unchanged or self.is_exact(target, name, value)

    @property
    def is_unchanged(self) -> bool:
        """Whether the network is the same at the base, so that all its numbers are."""
        return self._before_or_reason[0] is self.analysis

    def base_is_complete(self, target: Target) -> bool:
        """Whether the numbers of a part are known to the last one at the base."""
        before, _ = self._before_or_reason
        if before is None or target.kind == "total":
            return before is not None and is_complete(before)
        old = self.selection.pairs.get(target.name, target.name)
        return is_complete(before, layers_of(before, target._replace(name=old)))

    def held(self) -> Held | None:
        """What the selector holds, for the report; None for a budget of whole networks."""
        if self.budget.selector is None:
            return None
        known, (_, reason) = self.selection, self._before_or_reason
        return Held(
            self.budget.id,
            self.spec.name,
            "row" if self.budget.rows is not None else "layer",
            tuple(target.name for target in known.held),
            self.budget.selector.pinned,
            tuple((target.was, target.name) for target in known.found),
            tuple((one.before.name, tuple(new.name for new in one.candidates)) for one in known.unclear),
            known.gone,
            known.joined,
            "" if reason else self.base_name(),
            reason,
        )

    # -- numbers -----------------------------------------------------------------------------------------------------

    def value(self, target: Target, name: str) -> Number | None:
        """The number of a part; None where a symbol is free or the metric is not counted for it."""
        if name == "share":
            part, all_of_it = target.totals.multiply_adds, self.analysis.totals.multiply_adds
            if not isinstance(part, int) or not isinstance(all_of_it, int):
                return None
            return Fraction(part, all_of_it) if all_of_it else Fraction(0)
        value = number_of(self.analysis, target, target.totals, name)
        return value if isinstance(value, int) else None

    def most(self, target: Target, name: str, value: Number) -> Number | None:
        """The most that the number can be; None where unknown nodes of a model may add without bound."""
        layers = layers_of(self.analysis, target)
        if name == "share":  # unknown nodes elsewhere make it smaller
            return value if is_complete(self.analysis, layers) else None
        return at_most(self.analysis, name, value, layers)

    def is_exact(self, target: Target, name: str, value: Number) -> bool:
        """Whether the number cannot be another one."""
        return self.most(target, name, value) == value and (name != "share" or is_complete(self.analysis))

    def incomplete(self, name: str, value: Number) -> Problem:
        """That the number is known only at least, so that nothing can be decided."""
        known = self.analysis.graph.known
        before, _ = self._before_or_reason
        if (known is None or not known.gaps) and before is not None:
            known = before.graph.known  # what is not known is so at the base alone
        assert known is not None
        number = "" if name == "share" else f", so that {value:,} is only the least"
        fix = "say how it is counted: --op com.acme::Foo=elementwise, or operators in the budget"
        return Problem("incomplete", f"{missing(known)}{number}", None, fix)

    def no_number(self, name: str, or_else: str = "") -> Problem:
        """Why there is no number."""
        if self.analysis.free:
            symbols = ", ".join(self.analysis.free)
            first = self.analysis.free[0]
            fix = f"give it a value: set: {{{first}: ...}}, or --set {first}=..."
            return Problem("free-symbol", f"{name} depends on {symbols}, which is left free", None, fix)
        what = f"{name} is not known here{f', {or_else}' if or_else else ''}"
        return Problem("no-number", what, None, "choose another metric, or update inception-calc")

    def base_or_reason(self, target: Target, name: str) -> tuple[Number | None, str]:
        """The base's number where it is to be had; where it was needed and is not, why."""
        if name == "share":
            return None, ""
        try:
            self.base_name()
            return self.base(target, name), ""
        except Stop as stop:
            needed = self.budget.existing == "warn"
            return None, f"cannot tell whether it was over before: {stop.problems[0].what}" if needed else ""

    def base(self, target: Target, name: str) -> int | None:
        """The number at the base; None where spec, row or layer is new. Raises `Undecided`."""
        before = self.library.analysis_before(self.spec, self.variant, self.setting)
        if before is None:
            return None
        totals = before.totals if target.kind == "total" else self.selection.totals_before(target.name)
        if totals is None:
            return None
        value = number_of(before, target, totals, name)
        if not isinstance(value, int):
            raise Undecided(Problem("free-symbol", f"{name} at the base depends on {', '.join(before.free)}"))
        return value

    def risen_reference(self, name: str) -> str:
        """What is said where the variant that is compared with costs more than at the base: a ratio falls by that."""
        assert self.budget.compare is not None
        metric, to = COMPARABLE[name], self.budget.compare.to
        now = metric.of(self.library.analysis(self.spec, to, self.setting))
        try:
            self.base_name()
            before = self.library.analysis_before(self.spec, to, self.setting)
        except Stop:
            return ""
        then = None if before is None else metric.of(before)
        if not isinstance(now, int) or not isinstance(then, int) or now <= then:
            return ""
        return f"but '{to}' itself rose from {then:,} to {now:,} {metric.label} since {self.base_name()}"

    def since(self) -> Since | None:
        """What was edited since the base, for a range at its largest size; a comparison of variants and what is no file
        have no base.
        """
        if self.budget.compare is not None or self.spec.file is None:
            return None
        is_range = self.budget.input is not None and not self.budget.input.is_fixed
        chosen = self.analysis.setting
        sizes = {name: tuple(size) for name, size in chosen.inputs.items()} or tuple(chosen.input)
        setting = {**self.setting, "input": sizes} if is_range else self.setting
        try:
            return self.library.since(self.spec, self.variant, setting, self.analysis)
        except Stop:
            return None


def layers_of(analysis: Analysis, target: Target) -> list[str] | None:
    """The layers of a row or layer; None for the whole."""
    if target.kind == "layer":
        return [target.name]
    rows = (row for row in analysis.graph.rows if row.name == target.name) if target.kind == "row" else ()
    return next(([analysis.graph.layers[index].name for index in row.layers] for row in rows), None)


def number_of(analysis: Analysis, target: Target, totals: Totals, name: str) -> Any:
    """The number of a network, or of the part of it that has these totals."""
    metric = COMPARABLE[name]
    return metric.of_totals(totals) if target.kind in ("row", "layer") else metric.of(analysis)
