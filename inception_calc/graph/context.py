"""What a step sees on the walk through a spec: the tensor that enters, the names and the defaults around it."""

from typing import Any, NamedTuple

from inception_calc.dims import Scope, Shape
from inception_calc.graph.sharing import Sharing
from inception_calc.ops.data_types import DTYPE
from inception_calc.ops.model import fields_of
from inception_calc.ops.operator import Operator
from inception_calc.ops.register import FROZEN
from inception_calc.ops.step import LOST
from inception_calc.problems import Fault, Path
from inception_calc.spec import Block
from inception_calc.spec.readers import Defaults

OF_ONE_VALUE = frozenset({"too-small", "too-large", "division-by-zero", "not-whole", "bad-bins", "wrong-rank"})
"""Faults that stay whatever the other values of the step are."""


class Flow(NamedTuple):
    """A tensor on its way: the layer it comes from, its map, and whether the map is more than a guess."""

    layer: int
    map: Shape
    certain: bool = True


class DefaultsChain:
    """Settings of the enclosing blocks, innermost first, then the spec's (rule 15)."""

    def __init__(self, own: Defaults, outer: "DefaultsChain | None" = None, path: Path = ("defaults",)) -> None:
        self.levels: list[tuple[Path, Defaults]] = ([(path, own)] if own else []) + (outer.levels if outer else [])
        self._inner: dict[str, DefaultsChain] = {}
        self._applied: dict[int, Operator] = {}
        entries = [settings for _, level in self.levels for settings in level.values()]
        self.says_beside = any(word in settings for settings in entries for word in (FROZEN, DTYPE))
        """Whether any default says that something is frozen, or of which type it is."""
        self._in_columns: dict[int, dict[str, str]] = {}

    def inside(self, name: str, block: Block) -> "DefaultsChain":
        """The chain inside a block called here."""
        if name not in self._inner:
            inner = DefaultsChain(block.defaults, self, ("blocks", name, "defaults"))
            self._inner[name] = inner if block.defaults else self
        return self._inner[name]

    def applied(self, body: Operator) -> Operator:
        """The operator with every setting that it does not write itself looked up."""
        if not self.levels:
            return body
        found = self._applied.get(id(body))
        if found is None:
            settings: dict[str, Any] = {}
            for _, level in self.levels:
                for key in (body.key, body.family):
                    for name, value in level.get(key, {}).items():
                        if name in type(body).model_fields:
                            settings.setdefault(name, value)
            found = self._applied[id(body)] = body.with_defaults(settings)
        return found

    def read(self, body: Operator, scope: Scope) -> Operator:
        """The operator with its settings looked up, and its words, flags and windows read from cells."""
        applied = self.applied(body)
        if not scope.columns:
            return applied
        found = self._in_columns.get(id(applied))
        if found is None:
            found = self._in_columns[id(applied)] = applied.in_columns()
        try:
            return applied.from_cells(scope, found) if found else applied
        except Fault as fault:  # complained about where the cell is written
            raise Fault(LOST, fault.what) from None

    def beside(self, word: str, *keys: str) -> Any:
        """What the defaults say of a layer under `frozen` or `dtype`; None where nothing.

        `keys` are the layer's operator, its step's, and their family: the first goes before the others.
        """
        for _, level in self.levels:
            for key in keys:
                if word in level.get(key, {}):
                    return level[key][word]
        return None

    def placed(self, fault: Fault, body: Operator, path: Path) -> Fault:
        """The fault at its value: in the step at `path`, or where the default stands that the step does not write."""
        field = fields_of(type(body)).get(str(fault.path[0])) if fault.code in OF_ONE_VALUE else None
        if field is not None and field.name not in body.model_fields_set:
            for place, level in self.levels:
                for key in (body.key, body.family):
                    if field.name in level.get(key, {}):
                        return fault.under(*place, key)
        return fault.under(*path)


class Context(NamedTuple):
    """Where the walk is."""

    scope: Scope
    defaults: DefaultsChain
    path: Path
    block: str = ""
    branch: str = ""
    columns: frozenset[str] = frozenset()
    """Columns that name the one layer whose count they are (rule 22)."""
    row_prefix: str = ""
    sharing: Sharing | None = None
    """Whose weights the layers use."""
    frozen: bool = False
    """Nothing here is trained: a step or block around says so."""
    dtype: str = ""
    """The type that a step around says."""
    inside: bool = False
    """Inside a block or a join: pools here do not count in `depth_with_pools`."""

    def of_layer(self, *keys: str) -> "Context":
        """The context for a layer of an operator and a step of these: frozen, of a type where their defaults say so."""
        if not self.defaults.says_beside:
            return self
        frozen = self.frozen or bool(self.defaults.beside(FROZEN, *keys))
        return self._replace(frozen=frozen, dtype=self.dtype or self.defaults.beside(DTYPE, *keys) or "")

    def at(self, *keys: str | int) -> "Context":
        """The context one or more keys further in."""
        return self._replace(path=self.path + keys)
