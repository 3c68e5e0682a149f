"""What networks come from: anything that yields a graph at a setting."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, NamedTuple

from inception_calc.dims import Shape
from inception_calc.files.references import needs_spec
from inception_calc.graph.model import Graph, GraphRow, Layer
from inception_calc.graph.setting import Setting, Sizes, Symbols
from inception_calc.problems import Location


class Choice(NamedTuple):
    """What a user chooses about a network, before it is known what the network allows."""

    input: Sizes | None = None
    batch: int | None = None
    symbols: Symbols | None = None
    training: bool = False
    round_to: int | None = None


class Source(ABC):
    """Where a network comes from: a spec, or a file of another kind."""

    kind: ClassVar[str]
    """What it is in messages: `a spec`."""
    source: str
    """The file as the user named it."""
    variant: str
    is_spec: ClassVar[bool] = False

    @property
    @abstractmethod
    def default_input(self) -> Shape:
        """The input that the source itself has."""

    @property
    def prints(self) -> tuple[str, ...]:
        """The names of the cells that the source prints for each row."""
        return ()

    @property
    def printed(self) -> Mapping[str, str]:
        """What the source prints for the whole network."""
        return {}

    @property
    @abstractmethod
    def place(self) -> Location:
        """Where the network begins in the source."""

    @abstractmethod
    def place_of_row(self, row: GraphRow) -> Location:
        """Where a row stands in the source."""

    @abstractmethod
    def place_of_layer(self, layer: Layer) -> Location:
        """Where the source says what a layer is; of a spec the step, which blocks share between rows."""

    def place_in_row(self, layer: Layer) -> Location:
        """Where a row decides about a layer: of a spec the cell or the row that calls the block."""
        return self.place_of_layer(layer)

    @property
    @abstractmethod
    def symbols(self) -> tuple[str, ...]:
        """The names that may be left free."""

    @property
    def batch(self) -> str:
        """The symbol that stands for the batch; empty where none does."""
        return "batch"

    def told(self, operators: Mapping[str, str]) -> Source:
        """The same network, operators counted as a user tells: `{"com.acme::Foo": "elementwise"}`; specs have none."""
        return self

    def must_be_spec(self) -> None:
        """Raises `InputError` where this is no spec, for questions about specs alone."""
        if not self.is_spec:
            raise needs_spec(self.source, self.kind)

    @abstractmethod
    def setting(self, choice: Choice) -> Setting:
        """What is chosen, judged; raises `InputError`."""

    @abstractmethod
    def graph(self, setting: Setting) -> Graph:
        """The network at a setting; raises `InputError` or `Undecided` with every fault of its sizes."""
