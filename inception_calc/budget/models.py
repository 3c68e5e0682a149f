"""What a budget file may say (docs/check.md)."""

import datetime
import re
from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import islice
from typing import Annotated, Any, NamedTuple

from pydantic import Field, PlainValidator, WithJsonSchema

from inception_calc.analysis.metrics import COMPARABLE
from inception_calc.analysis.model import DTYPES
from inception_calc.budget import numbers
from inception_calc.budget.numbers import BYTES, COUNT, RATIO, SHARE, Allowance, Limit
from inception_calc.budget.selector import Selector, read_positive, read_selector, selector_schema
from inception_calc.ops.fields import FlagField, TextField, one_of, read_text, scalar
from inception_calc.ops.model import Model, mapping, unknown_key
from inception_calc.ops.step import gathered
from inception_calc.problems import Fault, Faults, listed, nearest
from inception_calc.spec_file.git import check_revision

ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}")
INPUT = re.compile(r"(\d{1,6}|\{\d{1,6}\.\.\d{1,6}\})(?:x|$)", re.ASCII)
RATIOS = {f"{name}_ratio": name for name in COMPARABLE}
LEVELS, EXISTING = ("error", "warn", "off"), ("warn", "fail")
COUNT_SCHEMA = {
    "anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)? ?[kMGT]?$"}]
}
BYTES_SCHEMA = {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)? ?(kB|MB|GB|KiB|MiB|GiB)$"}
SHARE_SCHEMA = {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?%$"}
CHANGE_SCHEMA = {
    "type": ["string", "integer"],
    "pattern": r"^\+[0-9]+(\.[0-9]+)?(%| ?[kMGT]?| ?(kB|MB|GB|KiB|MiB|GiB))$",
}


class Range(NamedTuple):
    """An input's size with a range for each side; a fixed side is a range of one."""

    channels: int
    """Of a tensor, its first axis."""
    sides: tuple[tuple[int, int], ...]
    """The smallest and the largest extent along each axis."""
    text: str
    names: tuple[tuple[str, int], ...] = ()
    """Of several inputs, which have names: each with the number of its axes."""

    @property
    def is_fixed(self) -> bool:
        """True where every side is one number."""
        return all(low == high for low, high in self.sides)

    def at(self, sides: Iterable[int]) -> tuple[int, ...] | dict[str, tuple[int, ...]]:
        """The size, or the sizes by name, with these numbers for the sides."""
        whole = iter((self.channels, *sides))
        if not self.names:
            return tuple(whole)
        return {name: tuple(islice(whole, axes)) for name, axes in self.names}


class Against(NamedTuple):
    """A variant and the one that it is compared with."""

    variant: str
    to: str


def read_id(value: object) -> str:
    """A short name without spaces: it stands in annotations and reports."""
    text = read_text(value)
    if not ID.fullmatch(text):
        raise Fault("bad-name", f"'{text}' is no id", fix="use letters, digits, '-', '_' and '.'")
    return text


def read_match(value: object) -> tuple[str, ...]:
    """One glob or a list of them, below the folder of the budget file."""
    patterns = value if isinstance(value, list) else [value]
    if not patterns:
        raise Fault("empty-list", "the list is empty", fix="name a spec")

    def read(item: object) -> str:
        text = read_text(item)
        if not text or text.startswith(("/", "~")) or ".." in text.split("/") or "\\" in text:
            fix = "write a path below the folder of this file, with slashes: specs/*.yaml"
            raise Fault("bad-glob", f"'{text}' is no path below this folder", fix=fix)
        return text

    if not isinstance(value, list):
        return (read(value),)
    return tuple(text for _, text in gathered(enumerate(patterns), read))


MOST_AXES = 8
"""Of one input (cli.options)."""


def read_input(value: object) -> Range:
    """One size, or those of the inputs of a model by name: `{ids: 1x64, mask: 1x64}`."""
    if not isinstance(value, dict):
        return read_range(value)
    if not value:
        raise Fault("bad-input", "there is no size here", fix="write {ids: 1x64}")
    found = dict(gathered(value.items(), read_range))
    bounds = [pair for one in found.values() for pair in ((one.channels, one.channels), *one.sides)]
    text = ", ".join(f"{name}={one.text}" for name, one in found.items())
    return Range(
        bounds[0][0], tuple(bounds[1:]), text, tuple((name, 1 + len(one.sides)) for name, one in found.items())
    )


def read_range(value: object) -> Range:
    """`3x224x224`, or `3x{128..448}x{128..448}`, which must stand in quotes inside of braces."""
    text = read_text(value)
    sides = INPUT.findall(text)
    fix = "write channels x height x width: 3x224x224 or 3x{128..448}x{128..448}; of a signal 1x{8000..32000}"
    if not 1 <= len(sides) <= MOST_AXES or "x".join(sides) != text:
        raise Fault("bad-input", f"'{text}' is no input size", fix=fix)
    bounds: list[tuple[int, int]] = []
    for side in sides:
        low, _, high = side.strip("{}").partition("..")
        pair = (int(low), int(high or low))
        if not 0 < pair[0] <= pair[1]:
            raise Fault("bad-input", f"'{side}' is no range of sizes", fix="the smaller number comes first")
        bounds.append(pair)
    if bounds[0][0] != bounds[0][1]:
        raise Fault("bad-input", "the channels can have no range", fix=fix)
    return Range(bounds[0][0], tuple(bounds[1:]), text)


def read_symbols(value: object) -> dict[str, str | None]:
    """Symbols and their values, which the spec judges; an empty one leaves the symbol free."""

    def read(item: object) -> str | None:
        return read_text(item) or None

    return dict(gathered(mapping(value, "set").items(), read))


def read_operators(value: object) -> dict[str, str]:
    """How custom operators of models are counted: `{com.acme::Foo: elementwise}`."""
    from inception_calc.onnx_ops.told import read_told  # the register of operators is needed by few budgets

    def read(pair: Any) -> str:
        name, item = pair
        text = read_text(item)
        read_told(name, text)
        return text

    found = mapping(value, "operators")
    return dict(gathered(((name, (name, way)) for name, way in found.items()), read))


def _limits(value: object, unit_of: Callable[[str], str | None], read: Callable[[object, str], Any]) -> dict[str, Any]:
    known = [name for name in (*COMPARABLE, "share", *RATIOS) if unit_of(name)]

    def read_pair(pair: Any) -> Any:
        name, number = pair
        unit = unit_of(name)
        if unit is None:
            raise unknown_metric(name, known)
        return read(number, unit)

    found = mapping(value, "limits")
    if not found:
        raise Fault("no-limit", "there is no limit here", fix="write {multiply_adds: 1.6G}")
    return dict(gathered(((name, (name, number)) for name, number in found.items()), read_pair))


def unknown_metric(name: str, known: list[str]) -> Fault:
    """The fault of a metric that there is not."""
    fix = nearest(name, known) or f"there are {listed(known, all_in='`inception-calc schema budget`')}"
    return Fault("unknown-metric", f"there is no metric '{name}'", at_key=True, fix=fix)


def unit_of(name: str) -> str | None:
    """What kind of number a metric of `max` is; None for no metric."""
    if name == "share":
        return SHARE
    if name in RATIOS:
        return RATIO
    return unit_of_change(name)


def unit_of_change(name: str) -> str | None:
    """What kind of number a metric of `change` is; None for no such metric."""
    return None if name not in COMPARABLE else BYTES if COMPARABLE[name].in_bytes else COUNT


def read_max(value: object) -> dict[str, Limit]:
    """Metric -> limit."""
    return _limits(value, unit_of, numbers.read_limit)


def read_change(value: object) -> dict[str, Allowance]:
    """Metric -> allowed rise over the base."""
    return _limits(value, unit_of_change, numbers.read_allowance)


def read_slack(value: object) -> Fraction:
    """A percentage."""
    return numbers.read_percentage(scalar(value, "a percentage"))


def read_against(value: object) -> Against:
    """`{variant: default, to: naive}`."""
    found = mapping(value, "compare")
    faults = [unknown_key(key, "compare", ["variant", "to"]) for key in found if key not in ("variant", "to")]
    if "to" not in found:
        faults.append(Fault("missing-key", "compare needs 'to'", fix="write {variant: default, to: naive}"))
    if faults:
        raise Faults(faults)
    return Against(read_text(found.get("variant", "default")), read_text(found["to"]))


def read_date(value: object) -> datetime.date:
    """`2027-03-01`."""
    text = read_text(value)
    try:
        if len(text) != 10:
            raise ValueError
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise Fault("bad-date", f"'{text}' is no date", fix="write year-month-day: 2027-03-01") from None


def read_filled(value: object) -> str:
    """A text that is not empty."""
    text = read_text(value)
    if not text.strip():
        raise Fault("missing-value", "a text is expected here", fix="write the reason")
    return text


def read_base(value: object) -> str:
    """`auto`, or the name of a branch, tag or commit."""
    text = read_text(value)
    from inception_calc.problems import InputError

    try:
        check_revision(text)
    except InputError as error:
        raise Fault(error.problems[0].code, error.problems[0].what, fix=error.problems[0].fix) from None
    return text


def read_version(value: object) -> int:
    """1, the only version that there is."""
    text = scalar(value, "the version")
    if text != "1":
        raise Fault("bad-version", f"version '{text}' is not known", fix="write version: 1, or update inception-calc")
    return 1


def _object(properties: dict[str, Any], required: list[str] | None = None) -> WithJsonSchema:
    whole: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return WithJsonSchema(whole | ({"required": required} if required else {"minProperties": 1}))


def _words(words: tuple[str, ...], what: str) -> Any:
    return Annotated[str, PlainValidator(one_of(words, what)), WithJsonSchema({"enum": list(words)})]


_MAX = {
    **{name: BYTES_SCHEMA if metric.in_bytes else COUNT_SCHEMA for name, metric in COMPARABLE.items()},
    "share": SHARE_SCHEMA,
    **{name: {"type": "number", "minimum": 0} for name in RATIOS},
}
_ROWS, _LAYERS = ("type", "name", "label"), ("op", "name", "row")


class Budget(Model):
    """One budget: which specs, at which setting, which part of them, and what it may cost."""

    id: Annotated[str, PlainValidator(read_id), WithJsonSchema({"type": "string", "pattern": f"^{ID.pattern}$"})]
    match: Annotated[
        tuple[str, ...],
        PlainValidator(read_match),
        WithJsonSchema({"type": ["string", "array"], "items": {"type": "string"}, "minItems": 1}),
    ]
    optional: FlagField = False
    variant: TextField = "default"
    input: (
        Annotated[
            Range,
            PlainValidator(read_input),
            WithJsonSchema({"type": ["string", "object"], "additionalProperties": {"type": "string"}}),
        ]
        | None
    ) = None
    batch: Annotated[int, PlainValidator(read_positive), WithJsonSchema({"type": "integer", "minimum": 1})] | None = (
        None
    )
    set: Annotated[dict[str, str | None], PlainValidator(read_symbols), WithJsonSchema({"type": "object"})] = Field(
        default_factory=dict
    )
    operators: Annotated[
        dict[str, str],
        PlainValidator(read_operators),
        WithJsonSchema({"type": "object", "additionalProperties": {"type": "string"}}),
    ] = Field(default_factory=dict)
    training: FlagField = False
    dtype: _words(tuple(DTYPES), "data type") = "fp32"  # type: ignore[valid-type]
    rows: Annotated[Selector, PlainValidator(read_selector(_ROWS)), _object(selector_schema(_ROWS))] | None = None
    layers: Annotated[Selector, PlainValidator(read_selector(_LAYERS)), _object(selector_schema(_LAYERS))] | None = None
    compare: (
        Annotated[
            Against,
            PlainValidator(read_against),
            _object({"variant": {"type": "string"}, "to": {"type": "string"}}, ["to"]),
        ]
        | None
    ) = None
    max: Annotated[dict[str, Limit], PlainValidator(read_max), _object(_MAX)] = Field(default_factory=dict)
    change: Annotated[
        dict[str, Allowance], PlainValidator(read_change), _object(dict.fromkeys(COMPARABLE, CHANGE_SCHEMA))
    ] = Field(default_factory=dict)
    existing: _words(EXISTING, "answer to what was over before") = "fail"  # type: ignore[valid-type]
    slack: Annotated[Fraction, PlainValidator(read_slack), WithJsonSchema(SHARE_SCHEMA)] | None = None
    level: _words(LEVELS, "level") = "error"  # type: ignore[valid-type]
    message: TextField = ""

    @property
    def selector(self) -> Selector | None:
        """What picks rows or layers; None for a budget of whole networks."""
        return self.rows if self.rows is not None else self.layers


class Waiver(Model):
    """A budget that may be broken in one place until a day, that day included; at most a year, or it says so."""

    budget: TextField
    spec: TextField | None = None
    row: TextField | None = None
    layer: TextField | None = None
    until: Annotated[
        datetime.date, PlainValidator(read_date), WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"})
    ]
    longer_than_a_year: FlagField = False
    reason: Annotated[str, PlainValidator(read_filled), WithJsonSchema({"type": "string", "minLength": 1})]


def _list(model: type[Model], what: str) -> Callable[[object], tuple[Any, ...]]:
    def read(value: object) -> tuple[Any, ...]:
        if value == "":
            return ()
        if not isinstance(value, list):
            raise Fault("wrong-type", f"{what}s must be a list", fix="start each one with '- '")
        return tuple(item for _, item in gathered(enumerate(value), lambda item: model.read(item, f"a {what}")))

    return read


class BudgetFile(Model):
    """A whole budget file."""

    version: Annotated[int, PlainValidator(read_version), WithJsonSchema({"const": 1})]
    base: Annotated[str, PlainValidator(read_base), WithJsonSchema({"type": "string", "minLength": 1})] = "auto"
    convention: TextField | None = None
    budgets: Annotated[
        tuple[Budget, ...],
        PlainValidator(_list(Budget, "budget")),
        WithJsonSchema({"type": "array", "minItems": 1, "items": {"definition": "Budget"}}),
    ]
    waivers: Annotated[
        tuple[Waiver, ...],
        PlainValidator(_list(Waiver, "waiver")),
        WithJsonSchema({"type": ["array", "null"], "items": {"definition": "Waiver"}}),
    ] = ()
