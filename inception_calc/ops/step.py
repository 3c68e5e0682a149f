"""A step: exactly one operator key with its main argument, the operator's settings beside it.

Rows, branches of one layer, items of a sequence and heads are steps (language, section 2). A step whose
operator is no operator of the register calls a block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, PlainValidator, ValidationError, WithJsonSchema

from inception_calc.ops.fields import LOOKS_LIKE_WINDOW, CountField, Quoted, scalar
from inception_calc.ops.operator import Operator
from inception_calc.ops.register import COMMON, REGISTER, SETTINGS, operator
from inception_calc.problems import Fault, Faults, listed, nearest


class BlockCall(Operator):
    """A call of a block with its columns: a list, `column: value`, or the bare value of a single column."""

    key: ClassVar[str] = "block"

    block: str
    arguments: tuple[str, ...] | dict[str, str]


class Step(BaseModel):
    """One step; `then` holds steps that belong to it without being printed."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, arbitrary_types_allowed=True)

    operator: Operator
    then: tuple[Step, ...] = ()
    repeat: CountField | None = None


class NamedStep(BaseModel):
    """An item of a sequence or a join's branch, with its name where it has one."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    name: str | None
    key: str | int
    """Key or index below the composite, for places."""
    steps: tuple[Step, ...]
    listed: bool = False
    """A branch that is written as a list."""


def operator_key(keys: Iterable[str], blocks: Iterable[str] = ()) -> str | None:
    """The key among `keys` that names the operator or block; None where there is none.

    `batch norm` is an operator when alone and a setting beside another one (rule 3). Raises a `Fault` where two
    operators stand side by side.
    """
    keys = list(keys)
    found = [key for key in keys if key in REGISTER]
    if len(found) > 1 and "batch norm" in found:
        found.remove("batch norm")
    found += [key for key in keys if key in blocks and key not in found]
    if not found:  # whatever is no setting must be meant as an operator or block
        found = [key for key in keys if key not in SETTINGS and key not in COMMON][:1]
    elif len(found) > 1:
        raise Fault(
            "two-operators",
            f"a step has one operator, here are {listed(found)}",
            path=(found[1],),
            at_key=True,
            fix="make a sequence of them",
        )
    return found[0] if found else None


def read_step(value: object) -> Step:
    """The step that a mapping says; raises `Faults`."""
    return Step.model_construct(**read_step_parts(value, frozenset()))


def read_step_parts(value: object, extra: frozenset[str]) -> dict[str, Any]:
    """Operator, `then` and `repeat` of a step; keys in `extra` belong to the caller and are passed over."""
    if not isinstance(value, dict):
        found = "a list" if isinstance(value, list) else "a text"
        raise Fault(
            "wrong-type",
            f"a step is expected here, not {found}",
            fix="write an operator and its settings: {convolution: 3x3, filters: 64}",
        )
    written = {key: item for key, item in value.items() if key not in COMMON and key not in extra}
    key = operator_key(written)
    if key is None:
        raise Fault(
            "no-operator", "this step has no operator", fix=f"add one, such as {listed(list(REGISTER)[:4], 'or')}"
        )
    faults: list[Fault] = []
    parts: dict[str, Any] = {}

    def read(name: str, reader: Callable[[], Any], *path: str) -> None:
        try:
            parts[name] = reader()
        except Fault as fault:
            faults.append(fault.under(*path))
        except Faults as several:
            faults.extend(fault.under(*path) for fault in several.faults)

    if key in REGISTER:
        read("operator", lambda: read_operator(operator(key), written))
    else:
        read("operator", lambda: read_call(key, written))
    if "then" in value:
        read("then", lambda: read_then(value["then"]), "then")
    if "repeat" in value:
        read("repeat", lambda: _read_repeat(value["repeat"]), "repeat")
    if faults:
        raise Faults(faults)
    return parts


def _read_repeat(value: object) -> Any:
    from inception_calc.ops.fields import read_count

    return read_count(value)


def read_operator(model: type[Operator], written: Mapping[str, Any]) -> Operator:
    """The operator's model filled with what is written; raises `Faults`."""
    try:
        return model.model_validate(written)
    except ValidationError as error:
        settings = [key for key in model_keys(model) if key != model.key]
        raise Faults(faults_of(error, article(model.key), settings, "setting")) from None


def model_keys(model: type[BaseModel]) -> list[str]:
    """The keys that the model reads, as they are written."""
    return [field.alias or name for name, field in model.model_fields.items()]


def article(word: str) -> str:
    """`a convolution`, `an average pool`."""
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def faults_of(error: ValidationError, what: str, keys: Iterable[str], kind: str = "key") -> list[Fault]:
    """Pydantic's findings about one model as faults, in the words of the spec."""
    faults: list[Fault] = []
    missing: dict[str, Fault] = {}
    for entry in error.errors(include_url=False):
        path = entry["loc"]
        cause = entry.get("ctx", {}).get("error")
        if isinstance(cause, Fault):
            faults.append(cause.under(*path))
        elif isinstance(cause, Faults):
            faults.extend(fault.under(*path) for fault in cause.faults)
        elif entry["type"] == "missing":
            missing[str(path[-1])] = Fault(
                "missing-key", f"{what} needs '{path[-1]}'", path=path[:-1], fix=f"add '{path[-1]}: ...'"
            )
        elif entry["type"] == "extra_forbidden":
            faults.append(unknown_key(str(path[-1]), what, keys, kind).under(*path[:-1]))
        elif entry["type"] == "literal_error":
            expected = entry["ctx"]["expected"].replace("'", "").replace(" or ", ", ").split(", ")
            fix = nearest(str(entry["input"]), expected) or f"there are {listed(expected)}"
            faults.append(Fault("unknown-word", f"'{entry['input']}' is no {path[-1]}", path=path, fix=fix))
        else:
            faults.append(Fault("wrong-type", entry["msg"][0].lower() + entry["msg"][1:], path=path))
    meant = " ".join(fault.fix for fault in faults if fault.code == "unknown-key")
    return [fault for key, fault in missing.items() if f"'{key}'" not in meant] + faults


def unknown_key(key: str, what: str, keys: Iterable[str], kind: str = "key") -> Fault:
    """The fault of a key that nothing reads."""
    keys = list(keys)
    if key.isdigit():
        fix = "a number with commas must stand in quotes" if len(key) == 3 else "leave it out"
    else:
        fix = nearest(key, keys) or (f"there are {listed(keys)}" if keys else "it takes no settings")
    return Fault("unknown-key", f"'{key}' is no {kind} of {what}", path=(key,), at_key=True, fix=fix)


def read_call(key: str, written: Mapping[str, Any]) -> BlockCall:
    """The call of the block `key`."""
    if beside := [name for name in written if name != key]:
        if LOOKS_LIKE_WINDOW.match(str(written[key])) or beside[0] in SETTINGS:
            raise unknown_operator(key, ())
        raise Fault(
            "unknown-key",
            f"'{beside[0]}' is no key of a step",
            path=(beside[0],),
            at_key=True,
            fix=nearest(beside[0], [*REGISTER, *COMMON]) or f"the step calls '{key}'",
        )
    value = written[key]
    arguments: tuple[str, ...] | dict[str, str]
    if isinstance(value, list):
        arguments = tuple(_argument(item, index) for index, item in enumerate(value))
    elif isinstance(value, dict):
        arguments = {name: _argument(item, name) for name, item in value.items()}
    elif value == "":
        arguments = ()
    elif LOOKS_LIKE_WINDOW.match(str(value)):
        raise unknown_operator(key, ())
    else:
        arguments = (scalar(value, "a count"),)
    return BlockCall.model_construct(block=key, arguments=arguments)


def _argument(value: object, key: str | int) -> str:
    try:
        return scalar(value, "the value of a column")
    except Fault as fault:
        raise fault.under(key) from None


def unknown_operator(key: str, blocks: Iterable[str]) -> Fault:
    """The fault of a step whose key is neither an operator nor a block."""
    known = [*REGISTER, *blocks]
    return Fault(
        "unknown-block",
        f"'{key}' is neither an operator nor a block",
        path=(key,),
        at_key=True,
        fix=nearest(key, known) or f"declare it under blocks, or use {listed(list(REGISTER)[:5], 'or')}",
    )


def read_then(value: object) -> tuple[Step, ...]:
    """One step or a list of steps."""
    if not isinstance(value, list):
        return (read_step(value),)
    if not value:
        raise Fault("empty-list", "the list is empty", fix="leave 'then' out")
    return tuple(step for _, step in gathered(enumerate(value), read_step))


def read_items(value: object) -> tuple[NamedStep, ...]:
    """The items of a sequence: a list of steps, or `name: step`."""
    if isinstance(value, list) and value:
        steps = gathered(enumerate(value), read_step)
        return tuple(NamedStep.model_construct(name=None, key=key, steps=(step,), listed=False) for key, step in steps)
    if isinstance(value, dict) and value:
        steps = gathered(value.items(), read_step)
        return tuple(
            NamedStep.model_construct(name=str(key), key=key, steps=(step,), listed=False) for key, step in steps
        )
    raise Fault("empty-list", "a sequence needs at least one step", fix="write a list of steps, or 'name: step'")


def read_branches(value: object) -> tuple[NamedStep, ...]:
    """The branches of a join: `name: branch`, or a list of branches, which are called by their number."""
    if isinstance(value, dict) and value:
        pairs: list[tuple[str | int, Any]] = list(value.items())
    elif isinstance(value, list) and value:
        pairs = list(enumerate(value))
    else:
        raise Fault("empty-list", "a join needs at least one branch", fix="write 'name: branch'")
    return tuple(
        NamedStep.model_construct(
            name=str(key + 1 if isinstance(key, int) else key), key=key, steps=steps, listed=isinstance(item, list)
        )
        for (key, steps), (_, item) in zip(gathered(pairs, read_branch), pairs, strict=True)
    )


def read_branch(value: object) -> tuple[Step, ...]:
    """A branch: one step, or a list of them."""
    if isinstance(value, list):
        if not value:
            raise Fault("empty-list", "an empty branch", fix="write 'identity' for a branch that passes its input on")
        return tuple(step for _, step in gathered(enumerate(value), read_step))
    return (read_step(value),)


def gathered(pairs: Iterable[tuple[Any, Any]], read: Callable[[object], Any]) -> list[tuple[Any, Any]]:
    """Each key with what `read` makes of its value; all faults at once."""
    results, faults = [], []
    for key, value in pairs:
        try:
            results.append((key, read(value)))
        except Fault as fault:
            faults.append(fault.under(key))
        except Faults as several:
            faults.extend(fault.under(key) for fault in several.faults)
    if faults:
        raise Faults(faults)
    return results


_STEP = {"definition": "Step"}
_STEPS = {"type": "array", "items": _STEP, "minItems": 1}
_BRANCH = {"anyOf": [_STEPS, _STEP]}

StepField = Annotated[Step, PlainValidator(read_step), WithJsonSchema(_STEP)]
ItemsField = Annotated[
    tuple[NamedStep, ...],
    PlainValidator(read_items),
    WithJsonSchema({"anyOf": [_STEPS, {"type": "object", "additionalProperties": _STEP, "minProperties": 1}]}),
]
BranchesField = Annotated[
    tuple[NamedStep, ...],
    PlainValidator(read_branches),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "object", "additionalProperties": _BRANCH, "minProperties": 1},
                {"type": "array", "items": _BRANCH, "minItems": 1},
            ]
        }
    ),
]

__all__ = ["BlockCall", "BranchesField", "ItemsField", "NamedStep", "Quoted", "Step", "StepField", "read_step"]
