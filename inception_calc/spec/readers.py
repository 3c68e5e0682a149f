"""Readers of the values of a spec: each turns texts, lists and mappings into a value or raises faults."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from inception_calc.dims import AXES, BUILT_IN_SYMBOLS, Dim, Scope, Shape, parse, symbol
from inception_calc.dims.expression import in_digits, names
from inception_calc.ops.data_types import DTYPE
from inception_calc.ops.fields import InColumn, read_count, read_flag, read_text, scalar
from inception_calc.ops.model import Model, fields_of, mapping, unknown_key
from inception_calc.ops.register import FROZEN, REGISTER, TRAINED, operator
from inception_calc.ops.step import article, gathered, read_dtype, read_operator
from inception_calc.problems import Fault, Faults, meant

M = TypeVar("M", bound=Model)

IDENTIFIER = re.compile(r"[A-Za-z_]\w*", re.ASCII)
INPUT = re.compile(r"[1-9]\d{0,8}(?:x[1-9]\d{0,8}){0,3}", re.ASCII)

INPUT_FIX = "write channels x height x width: 3x224x224; of a signal channels x length, of a volume 3x16x112x112"

RESERVED_NAMES = (*BUILT_IN_SYMBOLS, "input_channels", "ceil_div", "round_to", "min", "max", "this")
"""What formulas mean by themselves; neither symbols nor inputs are called so."""

Defaults = dict[str, dict[str, Any]]
"""Per operator: settings by field name."""


def model_reader(model: type[M], what: str) -> Callable[[object], M]:
    """A reader of `model` from a mapping that raises `Faults` in the words of the spec."""
    return lambda value: model.read(value, what)


def texts(value: object, what: str) -> tuple[str, ...]:
    """A list of texts."""
    if not isinstance(value, list):
        raise Fault("wrong-type", f"{what} must be a list", fix="write it in brackets: [a, b]")
    return tuple(text for _, text in gathered(enumerate(value), read_text))


def read_integer(value: object, least: int = 1) -> int:
    """An integer of at least `least`, written as digits."""
    kind = "a positive integer" if least else "a whole number"
    text = scalar(value, kind)
    if not (text.isascii() and text.isdigit()) or len(text) > 12 or int(text) < least:
        raise Fault("not-an-integer", f"'{text}' is no {kind.partition(' ')[2]}", fix=in_digits(text))
    return int(text)


def read_input(value: object) -> Shape:
    """The input's channels and the extent of each spatial axis: `3x224x224`, `128x1000`, `3x16x112x112`, `1000`."""
    text = scalar(value, "the input's size, such as 3x224x224,")
    if INPUT.fullmatch(text) is None:
        raise Fault("bad-input", f"'{text}' is no input size", fix=INPUT_FIX)
    return Shape(*map(int, text.split("x")))


def read_sizes(value: object) -> Shape:
    """An input's size as a list of counts, `[1, height, width]`: formulas of symbols stay free here."""
    if not isinstance(value, list):
        return read_input(value)
    if not 0 < len(value) < len(AXES) + 1:
        raise Fault("bad-input", f"an input has one to four sizes, not {len(value)}", fix="write [1, height, width]")
    return Shape(*(size for _, size in gathered(enumerate(value), _read_size)))


def _read_size(value: object) -> Dim:
    count = read_count(value)
    free = {name.text: symbol(name.text) for name in names(parse(count.text)) if not name.quoted}
    return Scope(free).count(count, "an input's size")


def read_inputs(value: object) -> dict[str, Shape]:
    """Name -> size of each input; a single size, without a name, stands under the empty one."""
    if not isinstance(value, dict):
        return {"": read_input(value)}
    if not value:
        raise Fault("bad-input", "there is no input here", fix="write {image: 3x224x224, text: 77}")

    def read(pair: Any) -> Shape:
        name, size = pair
        if not IDENTIFIER.fullmatch(name):
            fix = "use letters, digits and underscores"
            raise Fault("bad-name", f"'{name}' is no name for an input", at_key=True, fix=fix)
        if name in RESERVED_NAMES:
            what = f"'{name}' is a word of formulas and cannot be an input"
            raise Fault("reserved-name", what, at_key=True, fix="choose another name")
        return read_sizes(size)

    inputs = dict(gathered(((name, (name, size)) for name, size in value.items()), read))
    first, x = next(iter(inputs.items()))
    if not all(isinstance(size, int) for size in x):
        what = "the first input has a size in numbers: those of others may follow from it"
        raise Fault("bad-input", what, path=(first,), fix=INPUT_FIX)
    return inputs


def read_symbols(value: object) -> dict[str, int]:
    """The spec's own symbols and their values."""

    def read(pair: Any) -> int:
        name, number = pair
        if not IDENTIFIER.fullmatch(name):
            raise Fault(
                "bad-name", f"'{name}' is no name for a symbol", at_key=True, fix="use letters, digits and underscores"
            )
        if name in RESERVED_NAMES:
            raise Fault(
                "reserved-name",
                f"'{name}' is built in and cannot be declared",
                at_key=True,
                fix="choose another name; sizes come from 'input'",
            )
        return read_integer(number, 0)

    return dict(gathered(((name, (name, number)) for name, number in mapping(value, "symbols").items()), read))


BESIDE: dict[str, Callable[[object], Any]] = {FROZEN: read_flag, DTYPE: read_dtype}
"""What defaults may say of the layers that a step becomes, beside the operator's settings."""


def read_defaults(value: object) -> Defaults:
    """Settings per operator, judged by the operator's own model."""

    def read(pair: Any) -> dict[str, Any]:
        key, settings = pair
        if key not in REGISTER:
            raise Fault(
                "unknown-key",
                f"'{key}' is no operator",
                at_key=True,
                fix=meant(key, REGISTER) or "write an operator such as convolution or max pool",
            )
        model = operator(key)
        fields = {word: field.name for word, field in fields_of(model).items()}
        allowed = [word for word, name in fields.items() if name != "argument" and name not in model.not_defaultable]
        allowed += [FROZEN] if key in TRAINED else []
        allowed += [DTYPE] if allowed else []
        if not allowed:
            raise Fault("no-defaults", f"{article(key)} takes no defaults", at_key=True, fix="leave it out")
        written = mapping(settings, "defaults")
        faults = [unknown_key(word, article(key), allowed, "setting") for word in written if word not in allowed]
        try:
            known = {word: item for word, item in written.items() if word in allowed and word not in BESIDE}
            complete = read_operator(model, {**model.smallest, **known})
        except Faults as several:
            faults += several.faults
        values: dict[str, Any] = {}
        for word in BESIDE.keys() & written.keys() & set(allowed):
            try:
                values[word] = BESIDE[word](written[word])
            except Fault as fault:
                faults.append(fault.under(word))
        if not faults:
            values |= {word: getattr(complete, fields[word]) for word in written if word not in BESIDE}
            faults = [
                Fault(
                    value.fault.code, value.fault.what, fix="a default reads no columns: write the word", path=(word,)
                )
                for word, value in values.items()
                if isinstance(value, InColumn)
            ]
        if faults:
            raise Faults(faults)
        return {fields.get(word, word): value for word, value in values.items()}

    return dict(gathered(((key, (key, settings)) for key, settings in mapping(value, "defaults").items()), read))


def read_units(value: object) -> dict[str, dict[str, int]]:
    """Per cell name: what K, M, B, G stand for."""

    def read(item: object) -> dict[str, int]:
        return dict(gathered(mapping(item, "units").items(), read_integer))

    return dict(gathered(mapping(value, "units").items(), read))


def read_cells(value: object) -> dict[str, tuple[str, ...]]:
    """Row (or `total`) -> names of its printed cells."""

    def read(item: object) -> tuple[str, ...]:
        return texts(item, "cells") if isinstance(item, list) else (read_text(item),)

    return dict(gathered(mapping(value, "cells").items(), read))


def read_columns(value: object) -> tuple[str, ...]:
    """The names of a block's columns, in the order of the printed table."""
    columns = texts(value, "columns")
    seen: set[str] = set()
    for index, name in enumerate(columns):
        if name == "" or name.isdigit():
            raise Fault(
                "bad-name",
                f"'{name}' is no name for a column",
                path=(index,),
                fix="write a word; a number would be read as a count",
            )
        if name in seen:
            raise Fault("twice", f"column '{name}' stands here twice", path=(index,), fix="leave one out")
        if name == "input_channels":
            raise Fault("reserved-name", "'input_channels' is built in", path=(index,), fix="choose another name")
        seen.add(name)
    return columns


def read_named(
    read: Callable[[object], Any], what: str, forbidden: frozenset[str] = frozenset()
) -> Callable[[object], Any]:
    """A reader of `name: thing` pairs; names in `forbidden` are refused."""

    def read_pair(pair: Any) -> Any:
        name, item = pair
        if name in forbidden:
            raise Fault("reserved-name", f"{what} cannot be called '{name}'", at_key=True, fix="choose another name")
        return read(item)

    def read_all(value: object) -> dict[str, Any]:
        pairs = mapping(value, f"{what.partition(' ')[2]}s").items()
        return dict(gathered(((name, (name, item)) for name, item in pairs), read_pair))

    return read_all


def read_list(read: Callable[[object], Any], what: str) -> Callable[[object], Any]:
    """A reader of a list of things; an empty value is an empty list."""

    def read_all(value: object) -> tuple[Any, ...]:
        if value == "":
            return ()
        if not isinstance(value, list):
            raise Fault("wrong-type", f"{what} must be a list", fix="start each entry with '- '")
        return tuple(item for _, item in gathered(enumerate(value), read))

    return read_all


def read_use(value: object) -> dict[str, tuple[str, ...]]:
    """Other specs and the blocks taken from them."""
    return dict(gathered(mapping(value, "use").items(), lambda item: texts(item, "the blocks to use")))
