"""What may be written as a value: counts, flags, decimals, texts and words, for the models.

Scalars of a spec stay text until the field that holds them reads them (language, section 2); a scalar in
quotes is a `Quoted` text and is never a count or a flag.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Any, NamedTuple, TypeVar

from pydantic import PlainValidator, WithJsonSchema

from inception_calc.dims import Count, Decimal, Dim, read_decimal
from inception_calc.ops.activation_words import ACTIVATIONS, NUMBERED, PRELU, SLOPES
from inception_calc.problems import Fault, Suggestion, kind_of, listed, meant

T = TypeVar("T")

ALL_WORDS = "`inception-calc schema spec`"


class Quoted(str):
    """A scalar that stands in quotes: text, whatever it looks like."""

    __slots__ = ()


class LostText(str):
    """Stands where something could not be read and was complained about, so that the rest can be judged."""

    __slots__ = ()


def scalar(value: object, expected: str) -> str:
    """The text of an unquoted scalar; a fault naming what was expected instead."""
    if not isinstance(value, str):
        raise Fault("wrong-type", f"{expected} is expected here, not {kind_of(value)}", fix="write a single value")
    if isinstance(value, Quoted):
        bare = not value.lstrip().startswith("'")  # YAML would take a formula's own quotes for the whole text's
        fix = "leave the quotes out" if bare else f"write parentheses instead of the outer quotes: ({value})"
        raise Fault("quoted", f"{expected} is expected here, not a text in quotes", fix=fix)
    if value == "":
        raise Fault(
            "missing-value", f"{expected} is expected here, nothing stands here", fix="write it after the colon"
        )
    return value


def read_count(value: object) -> Count:
    """A count, its expression not read yet: only its place knows the columns."""
    return Count(scalar(value, "a count (an integer, a column or an expression)"))


def read_flag(value: object) -> bool:
    """`true` or `false`; a cell may say `yes`, `no` or `-` too."""
    text = scalar(value, "true or false")
    if isinstance(value, CellText) and text in CELL_FLAGS:
        return CELL_FLAGS[text]
    if text not in ("true", "false"):
        raise Fault("not-a-flag", f"'{text}' is neither true nor false", fix="write true or false")
    return text == "true"


class CellText(str):
    """What stands in a cell of a table, where a word or a flag is meant."""

    __slots__ = ()


class InColumn(NamedTuple):
    """In the place of a word or a flag: the column that holds it. It begins with a capital letter (`SE`, `NL`)."""

    column: str
    fault: Fault
    """What is wrong where there is no such column."""


def or_column(read: Callable[[object], T]) -> Callable[[object], T | InColumn]:
    """The reader, which takes the name of a column too; whether there is such a column is judged with the block."""

    def read_either(value: object) -> T | InColumn:
        if not isinstance(value, str) or isinstance(value, Quoted | CellText) or not value[:1].isupper():
            return read(value)
        try:
            return read(value)
        except Fault as fault:
            return InColumn(str(value), fault)

    return read_either


def schema_or_column(schema: dict[str, Any]) -> WithJsonSchema:
    """The schema of what a word or a flag is written as, the name of a column let through."""
    return WithJsonSchema({"if": {"type": "string", "pattern": "^[A-Z]"}, "then": {}, "else": schema})


CELL_FLAGS = {"yes": True, "true": True, "\u2713": True, "no": False, "false": False, "-": False}
"""How the cells of tables say yes and no."""


def read_text(value: object) -> str:
    """Any text."""
    if not isinstance(value, str):
        raise Fault("wrong-type", f"a text is expected here, not {kind_of(value)}", fix="put the text in quotes")
    return str(value)


def read_nothing(value: object) -> None:
    """An empty value."""
    if value != "":
        raise Fault("no-argument", "this operator takes no argument", fix="leave the value empty")


def read_a_decimal(value: object) -> Decimal:
    """A decimal fraction, or the name of a column."""
    text = scalar(value, "a decimal fraction")
    if text[0].isdigit() or text[0] in ".+-":
        read_decimal(text)
    return Decimal(text)


def read_rate(value: object) -> Decimal:
    """A decimal fraction below 1, or the name of a column."""
    decimal = read_a_decimal(value)
    if decimal.text[0].isdigit() and not 0 <= read_decimal(decimal.text) < 1:
        rate = read_decimal(decimal.text)
        fix = f"write {float(rate / 100):g}" if 1 < rate < 100 else "write 40 % as 0.4"
        raise Fault("bad-rate", f"a rate is at least 0 and less than 1, {decimal.text} is not", fix=fix)
    return decimal


def read_counts(value: object) -> tuple[Count, ...]:
    """A list of counts."""
    if not isinstance(value, list):
        raise Fault("wrong-type", "a list of counts is expected here", fix="write it in brackets: [6, 3, 2, 1]")
    if not value:
        raise Fault("empty-list", "the list is empty", fix="write at least one count: [6, 3, 2, 1]")
    return tuple(each_read(read_count, value))


def read_connections(value: object) -> tuple[tuple[int, ...], ...]:
    """LeNet-5's Table I: for each output map the input maps that it sees, counted from 0."""
    if not isinstance(value, list) or not value:
        raise Fault(
            "wrong-type",
            "a list of lists is expected here: for each output map the input maps it sees",
            fix="write it in brackets: [[0, 1], [1, 2]]",
        )
    table = []
    for index, row in enumerate(value):
        if not isinstance(row, list) or not row:
            raise Fault("wrong-type", "a list of input maps is expected here", path=(index,), fix="write it: [0, 1]")
        texts = list(each_read(lambda item: scalar(item, "the number of an input map"), row, index))
        for place, text in enumerate(texts):
            if not (text.isascii() and text.isdigit() and len(text) < 10):
                raise Fault(
                    "not-an-integer",
                    f"'{text}' is not the number of a map",
                    path=(index, place),
                    fix="maps are counted 0, 1, 2, ...",
                )
        numbers = tuple(map(int, texts))
        if len(set(numbers)) != len(numbers):
            second = next(place for place, number in enumerate(numbers) if number in numbers[:place])
            raise Fault(
                "twice",
                f"output map {index} sees input map {numbers[second]} twice",
                path=(index, second),
                fix="leave one out",
            )
        table.append(numbers)
    return tuple(table)


def each_read(read: Callable[[T], Any], values: Iterable[T], *path: int) -> Iterator[Any]:
    """The items of a list, read one by one; a fault stands at its item."""
    for index, value in enumerate(values):
        try:
            yield read(value)
        except Fault as fault:
            raise fault.under(*path, index) from None


ROUNDINGS = ("floor", "ceil")
OVER = ("map", "channels")
"""What a layer takes together: all elements of the map, or those of each position."""


MOST_SHOWN = 8
"""Words that are listed beside the one that was meant."""


def one_of(words: tuple[str, ...], what: str) -> Callable[[object], str]:
    """A reader of one of some words."""

    def read(value: object) -> str:
        text = scalar(value, f"one of {listed(words, 'or', ALL_WORDS)}")
        if text not in words:
            known = listed(words, "or", ALL_WORDS)
            near = meant(text, words)
            fix = near
            if isinstance(near, Suggestion) and len(words) <= MOST_SHOWN:
                fix = Suggestion(near.word, f"{near} ({known})")
            raise Fault("unknown-word", f"'{text}' is no {what}", fix=fix or f"write {known}")
        return text

    return read


def read_activation(value: object) -> str:
    """The word of an activation; `{leaky relu: 0.2}` is given as `leaky relu: 0.2`."""
    if not isinstance(value, dict):
        is_left_out = isinstance(value, CellText) and not CELL_FLAGS.get(value, True)
        return "none" if is_left_out else _activation_word(value)
    if len(value) != 1:
        raise Fault(
            "wrong-type", "an activation is one word, or one word with its number", fix="write {leaky relu: 0.2}"
        )
    ((word, number),) = value.items()
    try:
        _activation_word(word)
    except Fault as fault:
        fault.at_key = True
        raise fault.under(word) from None
    try:
        reader = _slopes if word == PRELU else read_a_decimal if word in NUMBERED else read_nothing
        return word if number == "" or reader(number) is None else f"{word}: {number}"
    except Fault as fault:
        raise fault.under(word) from None


_slopes = one_of(SLOPES, "number of slopes")
_activation_word = one_of(ACTIVATIONS, "activation")


class Affine(NamedTuple):
    """Which trainable parts a norm has."""

    scale: bool = True
    shift: bool = True


BOTH = Affine()
NEITHER = Affine(False, False)


def read_affine(value: object, unsaid: Affine = BOTH, parts: tuple[str, ...] = ("scale", "shift")) -> Affine:
    """Nothing, or which of scale and shift are trained; what is not written is as in `unsaid`."""
    shown = ", ".join(f"{part}: true" for part in parts)
    if value == "":
        return unsaid
    if not isinstance(value, dict):
        what = f"a norm takes nothing here, or which of {listed(parts)} is trained"
        raise Fault("wrong-type", what, fix=f"write {{{shown}}}")
    trained: dict[str, bool] = {}
    for key, item in value.items():
        if key not in parts:
            raise Fault(
                "unknown-key",
                f"'{key}' is no setting of a norm",
                path=(key,),
                at_key=True,
                fix=meant(key, parts) or f"the settings are {listed(parts)}",
            )
        try:
            trained[key] = read_flag(item)
        except Fault as fault:
            raise fault.under(key) from None
    return unsaid._replace(**trained)


COUNT_SCHEMA = {"type": ["integer", "string"]}
_DECIMAL = {"type": ["number", "string"]}

CountField = Annotated[Count, PlainValidator(read_count), WithJsonSchema(COUNT_SCHEMA)]
CountsField = Annotated[
    tuple[Count, ...],
    PlainValidator(read_counts),
    WithJsonSchema({"type": "array", "items": COUNT_SCHEMA, "minItems": 1}),
]
FlagField = Annotated[bool, PlainValidator(read_flag), WithJsonSchema({"type": "boolean"})]
SwitchField = Annotated[bool, PlainValidator(or_column(read_flag)), schema_or_column({"type": "boolean"})]
"""A flag of an operator, which may stand in a column."""
TextField = Annotated[str, PlainValidator(read_text), WithJsonSchema({"type": ["string", "number"]})]
DecimalField = Annotated[Decimal, PlainValidator(read_a_decimal), WithJsonSchema(_DECIMAL)]
DecimalOrNothingField = Annotated[
    Decimal | None,
    PlainValidator(lambda value: None if value == "" else read_a_decimal(value)),
    WithJsonSchema({"type": ["number", "string", "null"]}),
]
RateField = Annotated[Decimal, PlainValidator(read_rate), WithJsonSchema(_DECIMAL)]
NothingField = Annotated[None, PlainValidator(read_nothing), WithJsonSchema({"type": "null"})]


def _affine_schema(*parts: str) -> WithJsonSchema:
    properties = {part: {"type": "boolean"} for part in parts}
    return WithJsonSchema({"type": ["object", "null"], "properties": properties, "additionalProperties": False})


AffineField = Annotated[Affine, PlainValidator(read_affine), _affine_schema("scale", "shift")]
UntrainedField = Annotated[
    Affine, PlainValidator(lambda value: read_affine(value, NEITHER)), _affine_schema("scale", "shift")
]
"""The same for a norm that trains nothing unless it is said."""
ScaleField = Annotated[
    bool | None,
    PlainValidator(lambda value: None if value == "" else read_affine(value, NEITHER, ("scale",)).scale),
    _affine_schema("scale"),
]
"""Whether a norm without shifts has a scale; None where it is not said."""
ConnectionsField = Annotated[
    tuple[tuple[int, ...], ...],
    PlainValidator(read_connections),
    WithJsonSchema({"type": "array", "items": {"type": "array", "items": {"type": "integer", "minimum": 0}}}),
]
ActivationField = Annotated[
    str,
    PlainValidator(or_column(read_activation)),
    schema_or_column(
        {
            "if": {"type": "object"},
            "then": {"propertyNames": {"enum": [*NUMBERED, PRELU]}, "minProperties": 1, "maxProperties": 1},
            "else": {"enum": list(ACTIVATIONS)},
        }
    ),
]
RoundingField = Annotated[str, PlainValidator(one_of(ROUNDINGS, "rounding")), WithJsonSchema({"enum": list(ROUNDINGS)})]
SizeField = Annotated[
    Dim, PlainValidator(lambda value: 5 if value == "" else read_count(value)), WithJsonSchema(COUNT_SCHEMA)
]
