"""Columns that hold words, flags and windows: what a cell of each may say, found from what its block makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from inception_calc.ops.fields import CELL_FLAGS, CellText, InColumn
from inception_calc.ops.model import fields_of
from inception_calc.ops.step import BlockCall, LostStep
from inception_calc.ops.window_fields import is_window
from inception_calc.problems import Fault
from inception_calc.spec.models import Block, Spec
from inception_calc.spec.walk import walk_body

Reader = Callable[[object], object]


class Uses(NamedTuple):
    """What a column is used as, beside as a count."""

    words: tuple[Reader, ...] = ()
    """How each word or flag is read."""
    windows: tuple[Reader, ...] = ()
    decides: bool = False
    """It says whether a step is there."""


NO_USE = Uses()


class ColumnWords:
    """The uses of every block's columns; each block is looked at once."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self._known: dict[str, dict[str, Uses]] = {}
        self._lost: dict[str, bool] = {}

    def of(self, block: str) -> dict[str, Uses]:
        """Column -> uses, of those that are more than counts."""
        if block not in self._known:
            self._known[block] = {}  # blocks that call each other in a circle are complained about elsewhere
            self._known[block] = _gathered(self.spec.blocks[block], self)
        return self._known[block]

    def is_settled(self, block: str, column: str, text: str) -> bool:
        """Whether a cell says a word, a flag or a window, and is no count; a `Fault` where a word is unknown."""
        if self._is_lost(block):
            return True  # what it makes of its columns is not known
        uses = self.of(block).get(column, NO_USE)
        for read in uses.words:
            read(CellText(text))
        if uses.decides and text in CELL_FLAGS:
            return True
        if uses.windows and is_window(text):
            for read in uses.windows:
                read(text)
            return True
        if uses.decides and text.isidentifier() and text not in self.spec.symbols:
            raise Fault("not-a-flag", f"'{text}' says neither yes nor no", fix="write yes or no, or a count")
        return bool(uses.words)

    def _is_lost(self, block: str) -> bool:
        """Whether some of a block could not be read."""
        if block not in self._lost:
            body = self.spec.blocks[block].body
            steps = [] if isinstance(body, LostStep) else [one.step.operator for one in walk_body(body, ())]
            self._lost[block] = any(isinstance(operator, LostStep) for operator in (body, *steps))
        return self._lost[block]


def _gathered(block: Block, words: ColumnWords) -> dict[str, Uses]:
    found: dict[str, Uses] = {}
    columns = frozenset(block.columns)
    for column, more in _uses(block, words):
        if column in columns:
            had = found.get(column, NO_USE)
            found[column] = Uses(had.words + more.words, had.windows + more.windows, had.decides or more.decides)
    return found


def _uses(block: Block, words: ColumnWords) -> Iterator[tuple[str, Uses]]:
    """What each step makes of a column."""
    if isinstance(block.body, LostStep):
        return
    for _, step, _ in walk_body(block.body, ()):
        if step.when is not None:
            yield step.when.text, Uses(decides=True)
        body = step.operator
        if isinstance(body, BlockCall):
            if body.block in words.spec.blocks:
                yield from _handed(body, words)
            continue
        fields = {field.name: field.read for field in fields_of(type(body)).values()}
        for name, column in body.in_columns().items():
            is_word = isinstance(getattr(body, name), InColumn)
            yield column, Uses(words=(fields[name],)) if is_word else Uses(windows=(fields[name],))


def _handed(call: BlockCall, words: ColumnWords) -> Iterator[tuple[str, Uses]]:
    """The columns that a block hands to another one."""
    columns = words.spec.blocks[call.block].columns
    pairs = call.arguments.items() if isinstance(call.arguments, dict) else zip(columns, call.arguments, strict=False)
    inner = words.of(call.block)
    yield from ((text, inner[column]) for column, text in pairs if column in inner)
