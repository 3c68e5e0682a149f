"""The networks of a space, counted with some axes at a value and the others left free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inception_calc.analysis import Analysis, analyze
from inception_calc.analysis.spec_source import SpecSource, spec_behind
from inception_calc.dims import Count, symbol
from inception_calc.graph import Source, Symbols
from inception_calc.spec import Spec
from inception_calc.sweep.axes import REPEATS, VARIANTS, Axis
from inception_calc.sweep.values import plain


@dataclass(frozen=True)
class Networks:
    """Specs by variant, and how they are counted apart from the axes."""

    sources: Mapping[str, Source]
    """By the variant's name; one without an axis of variants."""
    axes: tuple[Axis, ...]
    symbols: Symbols
    input: tuple[int, ...] | Mapping[str, tuple[int, ...]] | None = None
    training: bool = False
    round_to: int | None = None
    dtype: str = "fp32"

    @property
    def first(self) -> Source:
        """The source whose name and file stand for all."""
        return next(iter(self.sources.values()))

    @property
    def name(self) -> str:
        """What the network is called."""
        spec = spec_behind(self.first)
        return Path(self.first.source).stem if spec is None else spec.spec.name

    def variable(self, place: int) -> str:
        """What the steps of an axis are called in closed forms: as no symbol can be called, or as the symbol itself."""
        axis = self.axes[place]
        return axis.targets[0] if axis.is_plain else f"axis {place:03}"

    def source(self, digits: Sequence[int | None]) -> Source:
        """The network's source where structural axes have these digits."""
        variant = next(iter(self.sources))
        repeats: dict[str, int] = {}
        for axis, digit in zip(self.axes, digits, strict=True):
            if axis.kind == VARIANTS:
                variant = str(axis.value(digit or 0))
            elif axis.kind == REPEATS:
                repeats |= dict.fromkeys(axis.targets, int(axis.value(digit or 0)))
        source = self.sources[variant]
        spec = spec_behind(source)
        if repeats and spec is not None:
            return SpecSource(spec._replace(spec=with_repeats(spec.spec, repeats)))
        return source

    def settings(self, digits: Sequence[int | None]) -> dict[str, Any]:
        """The value of each symbol and cell; an axis without a digit is left free, as steps of its progression."""
        values: dict[str, Any] = dict(self.symbols)
        for place, (axis, digit) in enumerate(zip(self.axes, digits, strict=True)):
            if axis.is_structural:
                continue
            value: Any
            if digit is None:
                step, before = axis.progression
                value = None if axis.is_plain else symbol(self.variable(place)) * plain(step) + plain(before)
            else:
                value = axis.value(digit)
            values |= dict.fromkeys(axis.targets, value)
        return values

    def analysis(self, digits: Sequence[int | None]) -> Analysis:
        """The network where axes have these digits, those without one left free. Raises `Stop` where there is none."""
        return analyze(
            self.source(digits),
            input=self.input,
            symbols=self.settings(digits),
            training=self.training,
            round_to=self.round_to,
            dtype=self.dtype,
        )


def with_repeats(spec: Spec, repeats: Mapping[str, int]) -> Spec:
    """The spec with rows, or heads, repeated so often."""

    def changed(lines: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: line._replace(step=line.step._replace(repeat=Count(str(repeats[name])))) if name in repeats else line
            for name, line in lines.items()
        }

    return spec.model_copy(update={"rows": changed(spec.rows), "heads": changed(spec.heads)})
