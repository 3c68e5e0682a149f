"""Selectors of budgets: which rows or layers a budget speaks of, and how many these are."""

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from inception_calc.ops.fields import read_text, scalar
from inception_calc.ops.model import mapping, unknown_key
from inception_calc.ops.step import gathered
from inception_calc.problems import Fault, Faults

COUNT = "count"
TEXT_SCHEMA = {"type": ["string", "number"]}


class Selector(NamedTuple):
    """Globs by key, and the number of parts that the budget holds in all its specs where it pins it."""

    globs: Mapping[str, str]
    pinned: int | None = None

    def fits(self, texts: Mapping[str, str]) -> bool:
        """Whether every glob fits, as a name or as a glob; capital letters are other letters."""
        return all(texts[key] == glob or fnmatchcase(texts[key], glob) for key, glob in self.globs.items())


def read_selector(keys: tuple[str, ...]) -> Callable[[object], Selector]:
    """A reader of globs by key, and a count: `{type: inception, name: 4*, count: 5}`."""

    def read_pair(pair: Any) -> Any:
        key, value = pair
        return read_positive(value) if key == COUNT else read_text(value)

    def read(value: object) -> Selector:
        found = mapping(value, "the filter")
        faults = [unknown_key(key, "this filter", [*keys, COUNT]) for key in found if key not in (*keys, COUNT)]
        if faults:
            raise Faults(faults)
        if not found.keys() - {COUNT}:
            raise Fault("no-filter", "the filter is empty", fix=f"write {{{keys[0]}: '*'}} for all")
        values = dict(gathered(((key, (key, text)) for key, text in found.items()), read_pair))
        return Selector({key: text for key, text in values.items() if key != COUNT}, values.get(COUNT))

    return read


def read_positive(value: object) -> int:
    """A positive integer in digits."""
    text = scalar(value, "a positive integer")
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) == 0:
        raise Fault("not-an-integer", f"'{text}' is no positive integer", fix="write it in digits")
    return int(text)


def selector_schema(keys: tuple[str, ...]) -> dict[str, Any]:
    """The properties of a selector in JSON Schema."""
    return {**dict.fromkeys(keys, TEXT_SCHEMA), COUNT: {"type": "integer", "minimum": 1}}
