"""Sweep files: a question about a space in YAML, for spaces that are kept under version control (docs/sweep.md)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, PlainValidator, WithJsonSchema

from inception_calc.analysis.model import DTYPES
from inception_calc.ops.fields import FlagField, TextField, one_of, read_text, scalar
from inception_calc.ops.model import Model, mapping
from inception_calc.ops.step import gathered
from inception_calc.problems import Fault, Faults, InputError, Problem
from inception_calc.solve import read_limit
from inception_calc.spec.json_schema import DRAFT, object_schema
from inception_calc.spec_file import shipped
from inception_calc.spec_file.load import in_file_order, read_bytes
from inception_calc.spec_file.nodes import Mapping as Node
from inception_calc.spec_file.places import location_of, plain, problem_of
from inception_calc.spec_file.yaml_reader import FileKind, decode, read_yaml
from inception_calc.sweep.question import COUNTED, read_keys, read_metric, read_relation, read_within
from inception_calc.sweep.wording import Wording

SWEEP_FILE = FileKind(
    "sweep files",
    "write 'spec: googlenet' and 'vary: {size: 128:320:32}'",
    "write the value out in each place",
    "write the keys out",
    "bind cells with a glob: 4*.5x5",
    "keep all axes in one mapping",
)
NUMBER = {"type": ["string", "integer"]}
AMOUNT = {"type": ["string", "integer"]}
LONGEST = 9


def _told(read: Callable[[str], object]) -> Callable[[str], object]:
    """A reader of an option's text whose complaint is the fault of a value."""

    def reading(text: str) -> object:
        try:
            return read(text)
        except InputError as error:
            problem = error.problems[0]
            raise Fault(problem.code, problem.what.partition(": ")[2] or problem.what, fix=problem.fix) from None

    return reading


def read_values(value: object) -> str:
    """`16:128:16`, or a list of values."""
    if isinstance(value, list):
        return ",".join(read_text(item) for item in value)
    return read_text(value)


def read_varied(value: object) -> dict[str, str]:
    """Name -> values."""
    return dict(gathered(mapping(value, "vary").items(), read_values))


def read_numbers(value: object) -> dict[str, str | None]:
    """Name -> number."""
    return dict(gathered(mapping(value, "set").items(), read_text))


def _read_limits(key: str, read: Callable[[str], object]) -> Callable[[object], tuple[str, ...]]:
    judge = _told(read)

    def reader(value: object) -> tuple[str, ...]:
        def one(pair: Any) -> str:
            metric, number = pair
            text = f"{metric}={read_text(number)}"
            judge(text)
            return text

        found = mapping(value, key)
        return tuple(text for _, text in gathered(((name, (name, number)) for name, number in found.items()), one))

    return reader


def _read_list(read: Callable[[str], object]) -> Callable[[object], tuple[str, ...]]:
    judge = _told(read)

    def one(value: object) -> str:
        text = read_text(value)
        judge(text)
        return text

    def reader(value: object) -> tuple[str, ...]:
        if not isinstance(value, list):
            return (one(value),)
        return tuple(text for _, text in gathered(enumerate(value), one))

    return reader


def _read_number(least: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        text = scalar(value, "a number")
        if not (text.isascii() and text.isdigit()) or len(text) > LONGEST or int(text) < least:
            raise Fault("not-an-integer", f"'{text}' is no integer from {least} on", fix="write it in digits")
        return int(text)

    return read


def _object(properties: dict[str, Any] | None = None) -> WithJsonSchema:
    more: dict[str, Any] = {"additionalProperties": True} if properties is None else {"additionalProperties": False}
    return WithJsonSchema({"type": "object", **({} if properties is None else {"properties": properties}), **more})


def _list(items: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [items, {"type": "array", "items": items}]})


_METRICS = dict.fromkeys(COUNTED, AMOUNT)
_WORDS = {"enum": list(COUNTED)}
_KEYS = {"enum": [*COUNTED, *(f"-{metric}" for metric in COUNTED)]}
_LISTED = {"anyOf": [{"type": ["string", "number"]}, {"type": "array", "items": {"type": ["string", "number"]}}]}
_Count = Annotated[int, PlainValidator(_read_number(1)), WithJsonSchema({"type": "integer", "minimum": 1})]
_Keys = Annotated[tuple[str, ...], PlainValidator(_read_list(lambda text: read_keys(text, "key"))), _list(_KEYS)]


class SweepFile(Model):
    """A whole sweep file."""

    spec: Annotated[str, PlainValidator(read_text), WithJsonSchema({"type": "string"})]
    vary: Annotated[
        dict[str, str],
        PlainValidator(read_varied),
        WithJsonSchema({"type": "object", "minProperties": 1, "additionalProperties": _LISTED}),
    ]
    each: FlagField = False
    set: Annotated[dict[str, str | None], PlainValidator(read_numbers), _object()] = Field(default_factory=dict)
    max: Annotated[
        tuple[str, ...],
        PlainValidator(_read_limits("max", lambda text: read_limit(text, known=COUNTED, command="sweep"))),
        _object(_METRICS),
    ] = ()
    min: Annotated[
        tuple[str, ...],
        PlainValidator(_read_limits("min", lambda text: read_limit(text, True, COUNTED, "sweep"))),
        _object(_METRICS),
    ] = ()
    within: Annotated[tuple[str, ...], PlainValidator(_read_limits("within", read_within)), _object(_METRICS)] = ()
    where: Annotated[tuple[str, ...], PlainValidator(_read_list(read_relation)), _list({"type": "string"})] = ()
    pareto: _Keys = ()
    sort: _Keys = ()
    top: _Count | None = None
    columns: Annotated[
        tuple[str, ...], PlainValidator(_read_list(lambda text: read_metric(text, "column"))), _list(_WORDS)
    ] = ()
    sample: _Count | None = None
    seed: Annotated[int, PlainValidator(_read_number(0)), WithJsonSchema({"type": "integer", "minimum": 0})] = 0
    input: TextField | None = None
    batch: _Count | None = None
    training: FlagField = False
    round: _Count | None = None
    dtype: Annotated[
        str, PlainValidator(one_of(tuple(DTYPES), "data type")), WithJsonSchema({"enum": list(DTYPES)})
    ] = "fp32"


def sweep_schema() -> dict[str, Any]:
    """The JSON Schema of sweep files."""
    return {
        "$schema": DRAFT,
        "title": "inception-calc sweep",
        "description": "A space of networks and what is asked of it, for `inception-calc sweep --file`.",
        **object_schema(SweepFile),
    }


class Swept:
    """A sweep file that was read, and where its values stand."""

    def __init__(self, file: SweepFile, root: Node, path: Path) -> None:
        self.file = file
        self.root = root
        self.path = path

    def wording(self, read_size: Callable[[str], tuple[int, ...]]) -> Wording:
        """The question as options word it."""
        file = self.file
        return Wording(
            self._spec(), file.vary, file.each, file.set, file.max, file.min, file.within, file.where,
            ",".join(file.pareto), ",".join(file.sort), file.top, ",".join(file.columns), file.sample, file.seed,
            None if file.input is None else read_size(file.input), file.batch, file.training, file.round, file.dtype,
        )  # fmt: skip

    def _spec(self) -> str:
        """The spec; a path counts from the folder of the file."""
        name = self.file.spec
        beside = self.path.parent / (name.rpartition("@")[0] or name)
        if name != "-" and shipped.path(name.partition("@")[0]) is None and beside.exists():
            return str(self.path.parent / name)
        return name

    def placed(self, problem: Problem) -> Problem:
        """The problem at the key of the file that it is about, where it is about one and stands nowhere yet."""
        for key in ("vary", "set"):
            if problem.location is None and problem.about in getattr(self.file, key):
                return problem._replace(location=location_of(self.root, (key, problem.about), at_key=True))
        return problem


def read_sweep_file(path: Path) -> Swept:
    """The sweep file; raises `InputError` with every problem of it."""
    source = str(path)
    text = decode(read_bytes(path, source, if_missing="name a sweep file"), source, SWEEP_FILE)
    root, problems = read_yaml(text, source, SWEEP_FILE)
    try:
        file = SweepFile.read(plain(root), "a sweep file")
    except Faults as found:
        problems += [problem_of(root, fault) for fault in found.faults]
    if problems:
        raise InputError(*in_file_order(problems))
    return Swept(file, root, path)
