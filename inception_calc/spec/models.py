"""What a YAML file may say: the models of a layer table.

The models see plain texts, lists and mappings, after `use`, variants and `like` have been worked in; where a
value stands in a file is the affair of `spec_file`. Faults carry the path of keys to the value.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any, NamedTuple

from pydantic import Field, PlainValidator, WithJsonSchema

from inception_calc.dims import Shape, prefixes
from inception_calc.ops.fields import FlagField, LostText, TextField, read_flag, read_text
from inception_calc.ops.model import Model, Parts, fields_of, mapping, unknown_key
from inception_calc.ops.operator import Operator
from inception_calc.ops.register import BODIES, COMMON, REGISTER, SETTINGS, operator
from inception_calc.ops.step import (
    LostStep,
    Step,
    gathered,
    once_for_equal,
    read_operator,
    read_step_parts,
)
from inception_calc.problems import Fault, Faults, listed
from inception_calc.spec.readers import (
    Defaults,
    model_reader,
    read_cells,
    read_columns,
    read_defaults,
    read_inputs,
    read_list,
    read_named,
    read_symbols,
    read_units,
    read_use,
    texts,
)


class Source(Model):
    """Where the architecture is published, and what its table prints."""

    title: TextField | None = None
    authors: TextField | None = None
    year: TextField | None = None
    arxiv: TextField | None = None
    place: TextField | None = None
    prints: Annotated[
        tuple[str, ...],
        PlainValidator(lambda value: texts(value, "prints")),
        WithJsonSchema({"type": "array", "items": {"type": "string"}}),
    ] = ()
    units: Annotated[
        dict[str, dict[str, int]],
        PlainValidator(read_units),
        WithJsonSchema(
            {
                "type": "object",
                "additionalProperties": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 1}},
            }
        ),
    ] = Field(default_factory=dict)


class Block(NamedTuple):
    """A module with named columns."""

    body: Operator
    columns: tuple[str, ...] = ()
    label: str | None = None
    patch: str | None = None
    defaults: Defaults = {}  # noqa: RUF012 - nobody changes it
    shared: bool = False
    """All calls use the weights of the first."""
    frozen: bool = False
    """Its params are not trained."""


class Row(NamedTuple):
    """A line of the table."""

    step: Step
    label: str | None = None
    patch: str | None = None
    printed: tuple[str, ...] = ()


class Head(NamedTuple):
    """A classifier that hangs on a row's output in training."""

    step: Step
    after: str
    loss_weight: str | None = None


SAYS = ("about", "fewer than", "less than", "more than")
"""How a printed number may stand to the count; without a word it is the count, rounded or truncated."""


class PrintedNumber(Model):
    """A number that the source prints for the whole network."""

    text: TextField
    place: TextField | None = None
    says: TextField | None = None
    unverified: FlagField = False


class Reason(Model):
    """Why printed cells differ from what the table gives."""

    cells: Annotated[
        dict[str, tuple[str, ...]],
        PlainValidator(read_cells),
        WithJsonSchema(
            {
                "type": "object",
                "additionalProperties": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
            }
        ),
    ]
    why: TextField
    variant: TextField | None = None
    formula: Annotated[
        dict[str, str],
        PlainValidator(lambda value: dict(gathered(mapping(value, "formula").items(), read_text))),
        WithJsonSchema({"type": "object", "additionalProperties": {"type": ["string", "number"]}}),
    ] = Field(default_factory=dict)
    unexplained: FlagField = False


def read_printed_number(value: object) -> PrintedNumber:
    """A printed number: its text, or a mapping with text and place."""
    if isinstance(value, str):
        return PrintedNumber.model_construct(text=str(value))
    number: PrintedNumber = model_reader(PrintedNumber, "a printed number")(value)
    return number


class Claim(Model):
    """A sentence of the source that a formula can judge."""

    id: TextField | None = None
    say: TextField
    place: TextField | None = None
    printed: Annotated[
        PrintedNumber | None, PlainValidator(read_printed_number), WithJsonSchema({"definition": "Printed"})
    ] = None
    formula: TextField | None = None
    why: TextField | None = None
    unexplained: FlagField = False


@once_for_equal
def read_row(value: object) -> Row:
    """A row: a step with what the table prints beside it."""
    extra = frozenset({"label", "patch", "printed", "after", "before"})
    settled = _with_step(value, extra, {"label": read_text, "patch": read_text, "printed": _read_printed_cells})
    written = settled.pop("written")
    for word in ("after", "before"):
        if word in written:
            raise Fault(
                "no-place",
                f"'{word}' is for new rows of a variant",
                path=(word,),
                at_key=True,
                fix="rows stand in the order of the file; leave it out",
            )
    return Row(**settled)


def _read_printed_cells(value: object) -> tuple[str, ...]:
    return texts(value, "printed")


def read_head(value: object) -> Head:
    """A head: a step with the row that it hangs on."""
    settled = _with_step(value, frozenset({"after", "loss weight"}), {"after": read_text, "loss weight": read_text})
    settled.pop("written")
    if "after" not in settled:
        raise Fault("missing-key", "a head needs 'after'", fix="add 'after: ROW', the row whose output it takes")
    return Head(**settled)


def _with_step(value: object, extra: frozenset[str], readers: Mapping[str, Callable[[object], Any]]) -> dict[str, Any]:
    """The step and the keys beside it, all faults at once; `written` holds the keys that were there."""
    written: Mapping[str, Any] = value if isinstance(value, dict) else {}
    parts = Parts()
    parts.values["written"] = frozenset(written)
    parts.read("step", lambda: Step(**read_step_parts(value, extra)))
    for key, reader in readers.items():
        if key in written:
            parts.read(key.replace(" ", "_"), partial(reader, written[key]), key)
    return parts.whole()


BLOCK_KEYS = ("label", "patch", "columns", "defaults", "shared", "frozen", "like")


def read_block(value: object) -> Block:
    """A block: columns and one body, whose settings stand beside it."""
    if isinstance(value, LostText):
        return Block(LostStep.model_construct())
    written = mapping(value, "a block")
    bodies = [key for key in written if key in BODIES]
    if len(bodies) > 1:
        raise Fault(
            "two-bodies",
            f"a block has one body, here are {listed(bodies)}",
            path=(bodies[1],),
            at_key=True,
            fix="nest one in the other",
        )
    if not bodies:
        known = [*BLOCK_KEYS, *BODIES]
        unknown = [unknown_key(key, "a block", known) for key in written if key not in known]
        if not any(getattr(fault.fix, "word", "") in BODIES for fault in unknown):
            unknown.append(Fault("no-body", "a block needs a body", fix=f"add {listed(BODIES, 'or')}"))
        raise Faults(unknown)
    parts = Parts()
    model = operator(bodies[0])
    settings = {key: item for key, item in written.items() if key not in BLOCK_KEYS}
    allowed = [*fields_of(model), *BLOCK_KEYS]
    for key in list(settings):
        if key not in allowed:
            parts.faults.append(unknown_key(key, "a block", allowed))
            del settings[key]
    parts.read("body", lambda: read_operator(model, settings))
    for key, reader in (
        ("label", read_text),
        ("patch", read_text),
        ("defaults", read_defaults),
        ("columns", read_columns),
        ("shared", read_flag),
        ("frozen", read_flag),
    ):
        if key in written:
            parts.read(key, partial(reader, written[key]), key)
    return Block(**parts.whole())


def read_variants(value: object) -> tuple[str, ...]:
    """The names of the variants; their patches are worked in before the models see them."""
    variants = mapping(value, "variants")
    for name in variants:
        if name == "default":
            raise Fault(
                "reserved-name",
                "'default' is the spec itself",
                path=(name,),
                at_key=True,
                fix="choose another name, or leave it out",
            )
    return tuple(variants)


RESERVED_BLOCKS = (
    frozenset(REGISTER)
    | SETTINGS
    | COMMON
    | frozenset({"label", "patch", "printed", "after", "before", "loss weight", "remove"})
)


SIZE_SCHEMA: dict[str, Any] = {"type": ["string", "integer"], "pattern": "^[1-9][0-9]*(x[1-9][0-9]*){0,3}$"}
SIZES_SCHEMA = {
    **SIZE_SCHEMA, "type": ["string", "integer", "array"], "items": {"type": ["integer", "string"]}, "minItems": 1,
}  # fmt: skip
INPUT_SCHEMA = {**SIZE_SCHEMA, "type": ["string", "integer", "object"], "additionalProperties": SIZES_SCHEMA}


def _named_schema(definition: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "object", "additionalProperties": {"definition": definition}})


class Spec(Model):
    """An architecture as a layer table."""

    name: TextField
    source: Annotated[
        Source, PlainValidator(model_reader(Source, "source")), WithJsonSchema({"definition": "Source"})
    ] = Field(default_factory=Source.model_construct)
    use: Annotated[
        dict[str, tuple[str, ...]],
        PlainValidator(read_use),
        WithJsonSchema({"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}}),
    ] = Field(default_factory=dict)
    entering: Annotated[dict[str, Shape], PlainValidator(read_inputs), WithJsonSchema(INPUT_SCHEMA)] = Field(
        alias="input"
    )
    """Name -> size of each input; the name is empty where there is one without."""
    symbols: Annotated[
        dict[str, int],
        PlainValidator(read_symbols),
        WithJsonSchema({"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}),
    ] = Field(default_factory=dict)
    defaults: Annotated[Defaults, PlainValidator(read_defaults), WithJsonSchema({"definition": "Defaults"})] = Field(
        default_factory=dict
    )
    blocks: Annotated[
        dict[str, Block], PlainValidator(read_named(read_block, "a block", RESERVED_BLOCKS)), _named_schema("Block")
    ] = Field(default_factory=dict)
    rows: Annotated[
        dict[str, Row], PlainValidator(read_named(read_row, "a row", frozenset({"total"}))), _named_schema("Row")
    ]
    heads: Annotated[
        dict[str, Head], PlainValidator(read_named(read_head, "a head", frozenset({"total"}))), _named_schema("Head")
    ] = Field(default_factory=dict)
    variants: Annotated[tuple[str, ...], PlainValidator(read_variants), _named_schema("Patch")] = ()
    printed: Annotated[
        dict[str, PrintedNumber],
        PlainValidator(read_named(read_printed_number, "a printed number")),
        _named_schema("Printed"),
    ] = Field(default_factory=dict)
    reasons: Annotated[
        tuple[Reason, ...],
        PlainValidator(read_list(model_reader(Reason, "a reason"), "reasons")),
        WithJsonSchema({"type": "array", "items": {"definition": "Reason"}}),
    ] = ()
    claims: Annotated[
        tuple[Claim, ...],
        PlainValidator(read_list(model_reader(Claim, "a claim"), "claims")),
        WithJsonSchema({"type": "array", "items": {"definition": "Claim"}}),
    ] = ()

    @property
    def input(self) -> Shape:
        """The first input: what enters the first row."""
        return next(iter(self.entering.values()))

    @property
    def inputs(self) -> dict[str, Shape]:
        """Name -> size of each input, the first one first; empty where it has no name."""
        return {} if "" in self.entering else self.entering

    @property
    def built_in_symbols(self) -> tuple[str, ...]:
        """The symbols that the spec has without declaring them: those of its inputs' sizes, batch, width multiplier."""
        before = prefixes(self.entering)
        sizes = (f"{before[name]}{word}" for name, x in self.entering.items() for word in x.size_symbols)
        return "batch", *sizes, "width_multiplier"


def read_spec(value: Mapping[str, Any]) -> Spec:
    """The spec that a mapping of texts says; raises `Faults`, all of them."""
    return Spec.read(value, "a spec")
