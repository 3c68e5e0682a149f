"""A spec as the source of a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from inception_calc.dims import Shape
from inception_calc.files.references import needs_spec
from inception_calc.graph import Choice, Graph, GraphRow, Layer, Setting, Source
from inception_calc.graph.build import build
from inception_calc.graph.cells import path_in_row
from inception_calc.graph.chosen import setting_of
from inception_calc.problems import Fault, Faults, InputError, Location, Stop
from inception_calc.spec_file import LoadedSpec, SpecError, load
from inception_calc.spec_file.load import in_file_order


def spec_behind(source: Source) -> LoadedSpec | None:
    """The spec; None for what is none."""
    return source.loaded if isinstance(source, SpecSource) else None


def spec_of(source: Source) -> LoadedSpec:
    """The spec; raises `InputError` for what is none, where a question is about specs alone."""
    if not isinstance(source, SpecSource):
        raise needs_spec(source.source, source.kind)
    return source.loaded


class SpecSource(Source):
    """A spec with one variant worked in."""

    kind = "a spec"
    is_spec = True

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

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols of its inputs, and its own."""
        return (*self._loaded.spec.built_in_symbols, *self._loaded.spec.symbols)

    @property
    def place(self) -> Location:
        """The rows."""
        return self._loaded.location("rows")

    def place_of_row(self, row: GraphRow) -> Location:
        """The name of the row."""
        return self._loaded.location("heads" if row.is_head else "rows", row.name, at_key=True)

    def place_of_layer(self, layer: Layer) -> Location:
        """The step; an item of a list at its value, a step at its key."""
        path = layer.path
        return self._loaded.location(*path, at_key=not path or isinstance(path[-1], str))

    def place_in_row(self, layer: Layer) -> Location:
        """The row's step, or the cell or row that calls the block that the layer comes from."""
        path = path_in_row(self._loaded.spec, layer)
        return self._loaded.location(*path, at_key=isinstance(path[-1], str))

    def setting(self, choice: Choice) -> Setting:
        """What is chosen about the spec; raises `InputError`."""
        return setting_of(self._loaded.spec, *choice)

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


def read_spec(reference: str, choice: Choice | None = None) -> SpecSource:
    """The spec that `reference` names; where its text has problems, those of the sizes that are chosen come too."""
    with sizes_judged(None if choice is None else lambda loaded: SpecSource(loaded).setting(choice)):
        return SpecSource(load(reference))


@contextmanager
def sizes_judged(setting_for: Callable[[LoadedSpec], Setting] | None = None) -> Iterator[None]:
    """Around `load`: where the text has problems, those of the sizes are raised with them, as one `InputError`.

    `setting_for` says at which setting sizes are judged; without it, at the spec's own.
    """
    try:
        yield
    except SpecError as error:
        if error.rest is None:
            raise
        rest = error.rest
        try:
            if not error.has_sizes:
                from inception_calc.graph.alone import judge_without_sizes

                judge_without_sizes(rest.spec, rest.place)
            build(rest.spec, setting_for(rest) if setting_for else setting_of(rest.spec), rest.place)
        except (Fault, Faults) as faults:
            more = rest.problems(faults)
        except InputError as wrong_setting:
            more = list(wrong_setting.problems)
        else:
            raise
        raise InputError(*in_file_order([*error.found, *more])) from None
