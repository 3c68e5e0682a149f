"""A spec as the source of a network."""

from __future__ import annotations

from collections.abc import Mapping

from inception_calc.dims import Shape
from inception_calc.graph import Choice, Graph, Setting, Source, build, setting_of
from inception_calc.problems import Fault, Faults, InputError, Problem, Stop
from inception_calc.spec_file import LoadedSpec


class SpecSource(Source):
    """A spec with one variant worked in."""

    kind = "a spec"

    def __init__(self, loaded: LoadedSpec) -> None:
        self._loaded = loaded
        self.source = loaded.source
        self.variant = loaded.variant

    @property
    def loaded(self) -> LoadedSpec:
        """The spec."""
        return self._loaded

    @property
    def default_input(self) -> Shape:
        """The input that the spec itself has."""
        return self._loaded.spec.input

    @property
    def prints(self) -> tuple[str, ...]:
        """The names of the cells that the spec's source prints for each row."""
        return self._loaded.spec.source.prints

    @property
    def printed(self) -> Mapping[str, str]:
        """What the spec's source prints for the whole network."""
        return {name: number.text for name, number in self._loaded.spec.printed.items()}

    def setting(self, choice: Choice) -> Setting:
        """What is chosen about the spec; raises `InputError`."""
        size, batch, symbols, training, round_to = choice
        if isinstance(size, Mapping):
            what = f"the input of a spec has no name: '{next(iter(size))}'"
            raise InputError(Problem("bad-input", what, None, "write the size alone: --input 3x224x224", about="input"))
        return setting_of(self._loaded.spec, size, batch, symbols, training, round_to)

    def graph(self, setting: Setting) -> Graph:
        """The network at a setting; raises `InputError` or `Undecided` with every fault of its sizes."""
        loaded = self._loaded
        try:
            return build(loaded.spec, setting, loaded.place)
        except (Fault, Faults) as fault:
            from inception_calc.analysis.fitting_sizes import advise

            advise(fault.faults, loaded.spec, setting)
            stop: Stop = loaded.error(fault)
            raise stop from None
