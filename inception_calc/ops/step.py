"""A step: exactly one operator key with its main argument, the operator's settings beside it.

Rows, branches of one layer, items of a sequence and heads are steps (language, section 2). A step whose
operator is no operator of the register calls a block.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import wraps
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import PlainValidator, WithJsonSchema

from inception_calc.dims import Count, Scope, Shape
from inception_calc.ops.condition import Condition, read_condition
from inception_calc.ops.data_types import BITS, DTYPE
from inception_calc.ops.fields import LostText, Quoted, one_of, read_count, read_flag, read_text, scalar
from inception_calc.ops.model import Parts
from inception_calc.ops.operator import Operator, Part
from inception_calc.ops.register import COMMON, REGISTER, SETTINGS, operator
from inception_calc.ops.window_fields import LOOKS_LIKE_WINDOW
from inception_calc.problems import MOST_FAULTS, Fault, Faults, kind_of, listed, meant, nearest


class BlockCall(NamedTuple):
    """A call of a block with its columns: a list, `column: value`, or the bare value of a single column."""

    block: str
    arguments: tuple[str, ...] | dict[str, str]

    def filter_count(self) -> None:
        """A block has no count of its own (compare `Operator.filter_count`)."""


class LostStep(Operator):
    """What stands for a step that could not be read: a complaint about it has been made already."""

    key: ClassVar[str] = "lost"
    argument: ClassVar[tuple[NamedTuple, ...]] = ()

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        raise Fault(LOST, "this step could not be read")


LOST = "lost"
"""The code of a fault that follows from another one; it is not reported."""


class Step(NamedTuple):
    """One step; `then` holds steps that belong to it without being printed."""

    operator: Operator | BlockCall
    then: "tuple[Step, ...]" = ()
    repeat: Count | None = None
    weights_of: str | None = None
    """The row or layer whose weights it uses."""
    shared: bool = False
    """All repetitions use the weights of the first."""
    frozen: bool = False
    """Its params are not trained."""
    dtype: str = ""
    """The type of its params and outputs, where it is not the network's."""
    when: Condition | None = None
    """What must hold for the step to be there."""


class NamedStep(NamedTuple):
    """An item of a sequence or a join's branch, with its name where it has one."""

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


read_dtype = one_of(tuple(BITS), "data type")

MOST_REMEMBERED = 4096


def once_for_equal(read: Callable[[object], Any]) -> Callable[[object], Any]:
    """The reader, which reads what is written twice alike once: what it makes is frozen, and tables repeat rows."""
    made: dict[Hashable, Any] = {}

    @wraps(read)
    def remembering(value: object) -> Any:
        written = _content(value)
        found = made.get(written)
        if found is None:
            found = read(value)
            if len(made) < MOST_REMEMBERED:
                made[written] = found
        return found

    return remembering


def _content(value: object) -> Hashable:
    """All that a reader can see of a value: its texts, in their order, and of what kind each is."""
    if isinstance(value, dict):
        return dict, tuple([(key, _content(item)) for key, item in value.items()])
    if isinstance(value, list):
        return list, tuple([_content(item) for item in value])
    return value if value.__class__ is str else (value.__class__, value)


@once_for_equal
def read_step(value: object) -> Step:
    """The step that a mapping says; raises `Faults`."""
    return Step(**read_step_parts(value, frozenset()))


def read_step_parts(value: object, extra: frozenset[str]) -> dict[str, Any]:
    """Operator, `then`, `repeat` and sharing of a step; keys in `extra` belong to the caller and are passed over."""
    if not isinstance(value, dict):
        if isinstance(value, LostText):
            return {"operator": LostStep.model_construct()}
        if isinstance(value, Quoted):
            raise Fault("quoted", "a step is expected here, not a text in quotes", fix="leave the quotes out")
        raise Fault(
            "wrong-type",
            f"a step is expected here, not {kind_of(value)}",
            fix="write an operator and its settings: {convolution: 3x3, filters: 64}",
        )
    written = {key: item for key, item in value.items() if key not in COMMON and key not in extra}
    key = operator_key(written)
    if key is None:
        raise Fault("no-operator", "this step has no operator", fix="add one, such as convolution, max pool or linear")
    parts = Parts()
    if key in REGISTER:
        parts.read("operator", lambda: read_operator(operator(key), written))
    else:
        parts.read("operator", lambda: read_call(key, written))
    if "then" in value:
        parts.read("then", lambda: read_then(value["then"]), "then")
    if "repeat" in value:
        parts.read("repeat", lambda: read_count(value["repeat"]), "repeat")
    if DTYPE in value:
        parts.read(DTYPE, lambda: read_dtype(value[DTYPE]), DTYPE)
    if "frozen" in value:
        parts.read("frozen", lambda: read_flag(value["frozen"]), "frozen")
    if "when" in value:
        parts.read("when", lambda: read_condition(value["when"]), "when")
    if "weights of" in value:
        parts.read("weights_of", lambda: read_text(value["weights of"]), "weights of")
    if "shared" in value:
        parts.read("shared", lambda: _read_shared(value), "shared")
    return parts.whole()


def _read_shared(value: Mapping[str, Any]) -> bool:
    if "repeat" not in value:
        fix = "add 'repeat: N'; two steps share with 'weights of: ROW/LAYER', all calls of a block with 'shared' in it"
        raise Fault("no-repeat", "'shared' stands beside 'repeat'", fix=fix)
    return read_flag(value["shared"])


def read_operator(model: type[Operator], written: Mapping[str, Any]) -> Operator:
    """The operator's model filled with what is written; raises `Faults`."""
    return model.read(written, article(model.key), "setting")


def article(word: str) -> str:
    """`a convolution`, `an average pool`."""
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def read_call(key: str, written: Mapping[str, Any]) -> BlockCall:
    """The call of the block `key`."""
    value = written[key]
    if LOOKS_LIKE_WINDOW.match(str(value)):
        raise unknown_operator(key, ())
    if beside := [name for name in written if name != key]:
        from inception_calc.vocabulary import answer

        if answer(key) or (any(name in SETTINGS for name in beside) and nearest(key, REGISTER)):
            raise unknown_operator(key, ())
        raise Faults(_beside_a_call(name, key) for name in beside)
    arguments: tuple[str, ...] | dict[str, str]
    try:
        if isinstance(value, list):
            arguments = tuple([text for _, text in gathered(enumerate(value), _argument)])
        elif isinstance(value, dict):
            arguments = dict(gathered(value.items(), _argument))
        else:
            arguments = () if value == "" else (_argument(value),)
    except (Fault, Faults) as found:
        raise found.under(key) from None
    return BlockCall(block=key, arguments=arguments)


def _argument(value: object) -> str:
    return scalar(value, "the value of a column")


def _beside_a_call(name: str, block: str) -> Fault:
    """The fault of a key that stands beside a block's call."""
    if name in SETTINGS:
        return Fault(
            "unknown-key",
            f"'{name}' is a setting of operators, and '{block}' is none",
            path=(name,),
            at_key=True,
            fix="write it inside the block, at an operator",
        )
    return Fault(
        "unknown-key",
        f"'{name}' is no key of a step",
        path=(name,),
        at_key=True,
        fix=meant(name, [*REGISTER, *COMMON]) or f"leave it out; the step calls '{block}'",
    )


def unknown_operator(key: str, blocks: Iterable[str]) -> Fault:
    """The fault of a step whose key is neither an operator nor a block."""
    known = [*REGISTER, *blocks]
    return Fault(
        "unknown-block",
        f"'{key}' is neither an operator nor a block",
        path=(key,),
        at_key=True,
        fix=meant(key, known) or "declare it under 'blocks', or write an operator such as convolution",
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
        return tuple(NamedStep(name=None, key=key, steps=(step,), listed=False) for key, step in steps)
    if isinstance(value, dict) and value:
        steps = gathered(value.items(), read_step)
        return tuple(NamedStep(name=str(key), key=key, steps=(step,), listed=False) for key, step in steps)
    if value in ("", [], {}):
        raise Fault("empty-list", "a sequence needs at least one step", fix="write a list of steps, or 'name: step'")
    raise Fault("wrong-type", "a sequence must be a list, not a text", fix="write it in brackets: [relu, softmax]")


def read_branches(value: object) -> tuple[NamedStep, ...]:
    """The branches of a join: `name: branch`, or a list of branches, which are called by their number."""
    if isinstance(value, dict) and value:
        pairs: list[tuple[str | int, Any]] = list(value.items())
    elif isinstance(value, list) and value:
        pairs = list(enumerate(value))
    elif value in ("", [], {}):
        raise Fault("empty-list", "a join needs at least one branch", fix="write 'name: branch'")
    else:
        raise Fault("wrong-type", "the branches of a join must be a mapping, not a text", fix="write 'name: branch'")
    return tuple(
        NamedStep(
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
    results: list[tuple[Any, Any]] = []
    faults: list[Fault] = []
    for key, value in pairs:
        try:
            results.append((key, read(value)))
        except (Fault, Faults) as found:
            faults += found.under(key).faults
        if len(faults) >= MOST_FAULTS:
            break
    if faults:
        raise Faults(faults)
    return results


def in_list_or(listed_schema: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """A JSON Schema of a list or something else; unlike `anyOf` it leaves a fault at its place."""
    return {"if": {"type": "array"}, "then": listed_schema, "else": other}


_STEP = {"definition": "Step"}
_STEPS = {"type": "array", "items": _STEP, "minItems": 1}
BRANCH_SCHEMA = in_list_or(_STEPS, _STEP)

ItemsField = Annotated[
    tuple[NamedStep, ...],
    PlainValidator(read_items),
    WithJsonSchema(in_list_or(_STEPS, {"type": "object", "additionalProperties": _STEP, "minProperties": 1})),
]
BranchesField = Annotated[
    tuple[NamedStep, ...],
    PlainValidator(read_branches),
    WithJsonSchema(
        in_list_or(
            {"type": "array", "items": BRANCH_SCHEMA, "minItems": 1},
            {"type": "object", "additionalProperties": BRANCH_SCHEMA, "minProperties": 1},
        )
    ),
]
