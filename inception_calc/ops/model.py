"""The base of every model of the spec language: a frozen, closed pydantic model that reads texts.

Each field's reader is the `PlainValidator` in its annotation. `read` calls the readers itself instead of having
pydantic compile a validator for each class: compiling costs a millisecond a class, which is more than reading a
whole spec, and the readers' faults need no translation. `model_validate` gives the same values.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple, Self, get_args

from pydantic import BaseModel, ConfigDict, PlainValidator
from pydantic.fields import FieldInfo

from inception_calc.problems import Fault, Faults, kind_of, listed, meant

ALL_KEYS = "`inception-calc schema spec`"


def spaced(name: str) -> str:
    """The key of a field as it is written: `batch_norm` is `batch norm`."""
    return name.replace("_", " ")


class Field(NamedTuple):
    """How one key of a model is read."""

    name: str
    read: Callable[[object], Any]
    required: bool


class Model(BaseModel):
    """Keys are words with spaces; unknown keys are refused; every fault of a mapping is found at once."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=spaced,
        populate_by_name=False,
        defer_build=True,
        arbitrary_types_allowed=True,
    )

    @classmethod
    def read(cls, value: object, what: str, kind: str = "key") -> Self:
        """The model that a mapping says; raises `Faults`. `what` and `kind` name it in them: a key of a spec."""
        written = mapping(value, what)
        fields = fields_of(cls)
        values: dict[str, Any] = {}
        faults: list[Fault] = []
        meant = ""
        for key, item in written.items():
            field = fields.get(key)
            if field is None:
                known = [word for word in fields if word != getattr(cls, "key", None)]
                fault = unknown_key(key, what, known, kind, alone=item == "")
                meant += fault.fix
                faults.append(fault)
                continue
            try:
                values[field.name] = field.read(item)
            except (Fault, Faults) as found:
                faults += found.under(key).faults
        for key, field in fields.items():
            if field.required and key not in written and f"'{key}'" not in meant:
                faults.append(Fault("missing-key", f"{what} needs '{key}'", fix=f"add '{key}: ...'"))
        if faults:
            raise Faults(faults)
        made: Self = cls.model_construct(**values)  # type: ignore[assignment]
        return made


@cache
def fields_of(model: type[BaseModel]) -> dict[str, Field]:
    """Key as it is written -> how it is read, in the order of the class."""
    return {
        field.alias or name: Field(name, _reader(field), field.is_required())
        for name, field in model.model_fields.items()
    }


def _reader(field: FieldInfo) -> Callable[[object], Any]:
    """The function of the field's `PlainValidator`; in `Annotated[...] | None` it stands inside the union."""
    marks = [
        *field.metadata,
        *(mark for part in get_args(field.annotation) for mark in getattr(part, "__metadata__", ())),
    ]
    return next(mark.func for mark in marks if isinstance(mark, PlainValidator))  # type: ignore[return-value]


class Parts:
    """What is read of a mapping part by part, and the faults of the parts that could not be read."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.faults: list[Fault] = []

    def read(self, name: str, reader: Callable[[], Any], *path: str) -> None:
        """Reads the part `name`; its faults stand under `path`."""
        try:
            self.values[name] = reader()
        except (Fault, Faults) as found:
            self.faults += found.under(*path).faults

    def whole(self) -> dict[str, Any]:
        """All parts; raises `Faults` where one could not be read."""
        if self.faults:
            raise Faults(self.faults)
        return self.values


def mapping(value: object, what: str) -> dict[str, Any]:
    """`value` as a mapping; an empty value is an empty one."""
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise Fault("wrong-type", f"{what} must be a mapping, not {kind_of(value)}", fix="write 'name: ...' pairs")
    return value


def unknown_key(key: str, what: str, keys: list[str], kind: str = "key", alone: bool = False) -> Fault:
    """The fault of a key that nothing reads. A word `alone`, without a value, may be what follows a comma in a text."""
    if key.endswith(")") or (alone and key.isdigit() and len(key) != 3):
        fix = "a comma outside of parentheses ends the value: close each parenthesis that is open, and no other"
    elif key.isdigit():
        fix = "write numbers without commas; printed ones stand in quotes" if len(key) == 3 else "leave it out"
    elif alone and kind == "key" and not meant(key, keys):
        fix = "a comma inside braces ends the value: put a text with commas in quotes"
    else:
        fix = meant(key, keys) or (
            f"the {kind}s are {listed(keys, all_in=ALL_KEYS)}" if keys else "it takes no settings"
        )
    return Fault("unknown-key", f"'{key}' is no {kind} of {what}", path=(key,), at_key=True, fix=fix)
