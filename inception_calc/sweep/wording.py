"""A question about a space as it is worded, on the command line or in a sweep file, and the setup that it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from inception_calc.analysis.analyze import source_of
from inception_calc.analysis.spec_source import SpecSource, sizes_judged, spec_behind
from inception_calc.graph import Choice, Source
from inception_calc.problems import InputError, Problem
from inception_calc.solve import Limit, read_limit
from inception_calc.spec_file.load import load_text
from inception_calc.sweep.axes import VARIANTS, Axis, Names, read_axes
from inception_calc.sweep.question import COUNTED, Question, read_keys, read_metric, read_relation, read_within
from inception_calc.sweep.setup import Setup, set_up


@dataclass(frozen=True)
class Wording:
    """What is asked, in the words of the options."""

    spec: str = ""
    vary: Mapping[str, str] = field(default_factory=dict)
    each: bool = False
    set: Mapping[str, str | None] = field(default_factory=dict)
    max: tuple[str, ...] = ()
    min: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    pareto: str = ""
    sort: str = ""
    top: int | None = None
    columns: str = ""
    sample: int | None = None
    seed: int = 0
    input: tuple[int, ...] | Mapping[str, tuple[int, ...]] | None = None
    batch: int | None = None
    training: bool = False
    round_to: int | None = None
    dtype: str = "fp32"

    @property
    def question(self) -> Question:
        """What is asked of the networks; raises `InputError`."""
        return Question(
            self._limits(),
            tuple(map(read_relation, self.where)),
            tuple(read_metric(name.strip(), "--columns") for name in self.columns.split(",")) if self.columns else (),
            read_keys(self.sort, "--sort") if self.sort else (),
            read_keys(self.pareto, "--pareto") if self.pareto else (),
            self.top,
        )

    def _limits(self) -> tuple[Limit, ...]:
        return (
            *(read_limit(text, known=COUNTED, command="sweep") for text in self.max),
            *(read_limit(text, least=True, known=COUNTED, command="sweep") for text in self.min),
            *(limit for text in self.within for limit in read_within(text)),
        )

    def setup(self) -> Setup:
        """The space and the question; raises `InputError`."""
        asked = self.question
        for name, number in self.set.items():
            if number is None:
                fix = f"vary it: --vary {name}=1:9"
                raise InputError(Problem("bad-usage", f"'{name}' is set to nothing: a sweep needs numbers", None, fix))
        first = source_of(self.spec)
        numbers = dict(self.set)
        if self.batch is not None:
            numbers[first.batch or "batch"] = str(self.batch)
        axes = read_axes(self.vary, Names.of(first), each=self.each)
        for axis in axes:
            for target in axis.targets:
                if target in numbers:
                    what = f"'{target}' has a value and varies too"
                    raise InputError(Problem("bad-usage", what, None, "leave one out", about=axis.name))
        if self.dtype != "fp32" and not first.is_spec:
            what = f"--dtype is about specs; the numbers in '{first.source}' have types of their own"
            raise InputError(Problem("needs-spec", what, None, "leave it out"))
        setup = set_up(
            _sources(first, axes),
            axes,
            asked,
            symbols=numbers,
            input=self.input,
            training=self.training,
            round_to=self.round_to,
            dtype=self.dtype,
        )
        _judge_settings(setup)
        return setup


def _judge_settings(setup: Setup) -> None:
    """Raises `InputError` where what is chosen beside the axes is wrong, and no fault of a network."""
    networks = setup.networks
    digits = [0] * len(networks.axes)
    choice = Choice(networks.input, None, networks.settings(digits), networks.training, networks.round_to)
    networks.source(digits).setting(choice)


def _sources(first: Source, axes: tuple[Axis, ...]) -> dict[str, Source]:
    """The network, or the variants of its spec where they vary."""
    spec = spec_behind(first)
    variants = next((axis.values for axis in axes if axis.kind == VARIANTS), ())
    if not variants or spec is None:
        return {first.variant: first}
    with sizes_judged():
        return {str(variant): SpecSource(load_text(spec.origin, str(variant))) for variant in variants}
