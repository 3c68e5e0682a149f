"""`use`: blocks of another spec in the same folder (language, rules 16 and 36)."""

from collections.abc import Callable
from pathlib import Path as FilePath
from typing import NamedTuple

from inception_calc.problems import InputError, Problem, listed, nearest
from inception_calc.spec_file.merge import Merger
from inception_calc.spec_file.nodes import Lost, Mapping, Node, Scalar, Sequence
from inception_calc.spec_file.whole_steps import with_whole_steps
from inception_calc.spec_file.yaml_reader import read_yaml


class Origin(NamedTuple):
    """A text with its name and the way to its neighbours."""

    source: str
    text: str
    neighbour: "Callable[[str], Origin]"

    @property
    def name(self) -> str:
        """What a neighbour calls this file."""
        return FilePath(self.source).stem


def check_neighbour(name: str) -> None:
    """Raises `InputError` for what cannot be the name of a spec in the same folder (rule 36)."""
    if not name.replace("_", "").replace("-", "").isalnum():
        raise InputError(
            Problem(
                "unreadable", f"'{name}' is no name of a spec in the same folder", None, "leave out path and suffix"
            )
        )


def with_used_blocks(root: Mapping, origin: Origin, trail: tuple[str, ...] = ()) -> tuple[Mapping, list[Problem]]:
    """The spec with the blocks that it takes from its neighbours put before its own.

    `trail` are the specs that use one another on the way here. A block that cannot be had is a lost one.
    """
    use = root.values.get("use")
    if not isinstance(use, Mapping):
        return root, []
    problems: list[Problem] = []
    own = root.values.get("blocks")
    own = own if isinstance(own, Mapping) else Mapping(use.document, use.line, use.column)
    blocks = Mapping(use.document, use.line, use.column)
    for name, wanted in use.values.items():
        found: Mapping | None = None
        try:
            found = _blocks_of(origin, name, (*trail, origin.name))
        except InputError as error:
            problems.append(_cannot_use(name, use.keys[name], error.problems[0]))
        for item in wanted.items if isinstance(wanted, Sequence) else ():
            if not isinstance(item, Scalar):
                continue
            block: Node = Lost.at(item)
            if found is not None and item.text not in found.values:
                problems.append(_not_declared(name, item, found))
            elif item.text in own.values:
                problems.append(_declared_twice(own.keys[item.text]))
            elif found is not None:
                block = found.values[item.text]
            blocks.put(item, block)
    for name, node in own.values.items():
        blocks.put(own.keys[name], node)
    result = root.copy()
    result.values["blocks"] = blocks
    place = root.keys["use"]
    result.keys["blocks"] = root.keys.get("blocks") or Scalar(place.document, place.line, place.column, "blocks", False)
    return result, problems


def _blocks_of(origin: Origin, name: str, trail: tuple[str, ...]) -> Mapping:
    """All blocks of the neighbour `name`, its own `use` and `like` worked in."""
    if name in trail:
        circle = " -> ".join([*trail, name])
        raise InputError(
            Problem(
                "cycle",
                f"specs use each other in a circle: {circle}",
                None,
                "move the shared blocks into one of them",
            )
        )
    neighbour = origin.neighbour(name)
    root, problems = read_yaml(neighbour.text, neighbour.source)
    root, more = with_used_blocks(with_whole_steps(root), neighbour, trail)
    merger = Merger()
    root = merger.with_likes(root)
    if problems + more + merger.problems:
        raise InputError(*problems, *more, *merger.problems)
    blocks = root.values.get("blocks")
    return blocks if isinstance(blocks, Mapping) else Mapping(root.document, 0, 0)


def _cannot_use(name: str, place: Scalar, first: Problem) -> Problem:
    at = f" ({first.location.file}:{first.location.line})" if first.location else ""
    what = first.what if first.code == "cycle" else f"cannot use '{name}': {first.what}{at}"
    return Problem(first.code, what, place.location(), first.fix)


def _not_declared(name: str, item: Scalar, found: Mapping) -> Problem:
    known = f"it declares {listed(found.values, all_in='its blocks')}" if found.values else "leave it out"
    return Problem(
        "unknown-block",
        f"'{name}' declares no block '{item.text}'",
        item.location(),
        nearest(item.text, found.values) or known,
    )


def _declared_twice(key: Scalar) -> Problem:
    return Problem(
        "twice",
        f"the block '{key.text}' is declared here too",
        key.location(),
        "rename it, or leave it out of 'use'",
    )
