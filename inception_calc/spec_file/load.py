"""SPEC -> a loaded spec: find the text, read it, work in `use`, the variant and `like`, check it.

A SPEC is a path, `-` for standard input, a shipped name, or `REF:path` for a git revision, each optionally with
`@variant`.
"""

import sys
from collections.abc import Callable
from pathlib import Path as FilePath
from typing import NamedTuple

from inception_calc.problems import Fault, Faults, InputError, Location, Path, Problem, listed, nearest
from inception_calc.spec import Spec, read_spec
from inception_calc.spec.check import check
from inception_calc.spec_file import shipped
from inception_calc.spec_file.merge import Merger, with_whole_steps
from inception_calc.spec_file.places import location_of, plain, problem_of
from inception_calc.spec_file.yaml_reader import LARGEST_FILE, Mapping, Scalar, Sequence, decode, read_yaml

DEFAULT = "default"
STDIN = "<stdin>"


class LoadedSpec(NamedTuple):
    """A checked spec with one variant worked in, and where all its values stand."""

    spec: Spec
    variant: str
    source: str
    """The file as the user named it."""
    root: Mapping

    def error(self, faults: Faults | Fault) -> InputError:
        """The faults with their places, in file order."""
        found = faults.faults if isinstance(faults, Faults) else (faults,)
        return InputError(*in_file_order(problem_of(self.root, fault) for fault in found))

    def location(self, *path: str | int, at_key: bool = True) -> Location:
        """Where a value of the spec stands."""
        return location_of(self.root, path, at_key=at_key)

    def place(self, path: Path) -> str:
        """Where a value stands, in words: `line 49`, with the file where it is another one."""
        location = location_of(self.root, path, at_key=True)
        return f"line {location.line}" if location.file == self.source else f"line {location.line} of {location.file}"


class Origin(NamedTuple):
    """A text with its name and the way to its neighbours, for `use`."""

    source: str
    text: str
    neighbour: "Callable[[str], Origin]"


def load(reference: str) -> LoadedSpec:
    """The spec behind a SPEC, checked; raises `InputError` with every problem of the file."""
    origin, variant = find(reference)
    return load_text(origin, variant)


def load_text(origin: Origin, variant: str = DEFAULT) -> LoadedSpec:
    """The spec in `origin` with one variant; every variant's names are checked, whichever is asked for."""
    root, problems = read_yaml(origin.text, origin.source)
    root = with_whole_steps(root)
    root, more = _with_used_blocks(root, origin, ())
    problems += more
    variants = root.values.get("variants")
    declared = list(variants.values) if isinstance(variants, Mapping) else []
    if variant != DEFAULT and variant not in declared:
        problems.append(_unknown_variant(variant, declared, root, origin.source))
        raise InputError(*in_file_order(problems))
    chosen: tuple[Spec, Mapping] | None = None
    for name in [DEFAULT, *declared]:
        try:
            loaded = _with_variant(root, name)
        except InputError as error:
            problems += error.problems
            if name == DEFAULT:
                break  # the variants repeat its faults
        else:
            chosen = loaded if name == variant else chosen
    if problems or chosen is None:
        raise InputError(*in_file_order(problems))
    return LoadedSpec(chosen[0], variant, origin.source, chosen[1])


def _with_variant(root: Mapping, name: str) -> tuple[Spec, Mapping]:
    """The checked spec with one variant, and its nodes."""
    merger = Merger()
    merged = root if name == DEFAULT else merger.variant(root, name)
    changed = _changed_blocks(root, merged)
    merged = merger.with_likes(merged)
    changed |= _changed_blocks(root, merged)
    merger.check()
    try:
        spec = read_spec(plain(merged))
        if faults := check(spec, changed):
            raise Faults(faults)
    except Faults as faults:
        raise InputError(*(problem_of(merged, fault) for fault in faults.faults)) from None
    return spec, merged


def _changed_blocks(before: Mapping, after: Mapping) -> set[str]:
    """Blocks that a variant or `like` changed: they keep the columns of what they change (rule 20)."""
    old, new = before.values.get("blocks"), after.values.get("blocks")
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return set()
    return {name for name, node in new.values.items() if old.values.get(name) is not node}


def _unknown_variant(variant: str, declared: list[str], root: Mapping, source: str) -> Problem:
    place = root.keys.get("variants")
    return Problem(
        "unknown-variant",
        f"there is no variant '{variant}'",
        place.location() if place else Location(source, 1, 1, 1, root.document.lines[0]),
        nearest(variant, [DEFAULT, *declared]) or f"there are {listed([DEFAULT, *declared])}",
    )


def in_file_order(problems: object) -> list[Problem]:
    """Problems by file and place, each once."""
    found: dict[tuple[object, ...], Problem] = {}
    for problem in problems:  # type: ignore[attr-defined]
        place = problem.location
        key = (place.file, place.line, place.column) if place else ("", 0, 0)
        found.setdefault((*key, problem.code, problem.what), problem)
    return [found[key] for key in sorted(found, key=lambda key: key[:3])]


# ---------------------------------------------------------------------------------------------------------------------
# `use`


def _with_used_blocks(root: Mapping, origin: Origin, trail: tuple[str, ...]) -> tuple[Mapping, list[Problem]]:
    """The spec with the blocks that it takes from its neighbours put before its own (rule 36)."""
    use = root.values.get("use")
    if not isinstance(use, Mapping):
        return root, []
    problems: list[Problem] = []
    own = root.values.get("blocks")
    blocks = Mapping(use.document, use.line, use.column)
    for name, wanted in use.values.items():
        items = [item for item in wanted.items if isinstance(item, Scalar)] if isinstance(wanted, Sequence) else []
        if (trail and name in trail) or name == FilePath(origin.source).stem:
            circle = " -> ".join([*trail, FilePath(origin.source).stem, name])
            problems.append(
                Problem(
                    "cycle",
                    f"specs use each other in a circle: {circle}",
                    use.keys[name].location(),
                    "move the shared blocks into one of them",
                )
            )
            continue
        try:
            found = _blocks_of(origin, name, (*trail, FilePath(origin.source).stem))
        except InputError as error:
            first = error.problems[0]
            at = f" ({first.location.file}:{first.location.line})" if first.location else ""
            problems.append(
                Problem(first.code, f"cannot use '{name}': {first.what}{at}", use.keys[name].location(), first.fix)
            )
            continue
        for item in items:
            if item.text not in found.values:
                problems.append(
                    Problem(
                        "unknown-block",
                        f"'{name}' declares no block '{item.text}'",
                        item.location(),
                        nearest(item.text, found.values) or f"it declares {listed(found.values)}",
                    )
                )
            elif isinstance(own, Mapping) and item.text in own.values:
                problems.append(
                    Problem(
                        "twice",
                        f"the block '{item.text}' is declared here too",
                        own.keys[item.text].location(),
                        "rename it, or leave it out of 'use'",
                    )
                )
            else:
                blocks.put(item, found.values[item.text])
    if isinstance(own, Mapping):
        for name, node in own.values.items():
            blocks.put(own.keys[name], node)
    result = root.copy()
    result.values["blocks"] = blocks
    result.keys["blocks"] = root.keys.get("blocks", root.keys["use"])
    return result, problems


def _blocks_of(origin: Origin, name: str, trail: tuple[str, ...]) -> Mapping:
    """All blocks of the neighbour `name`, its own `use` and `like` worked in."""
    neighbour = origin.neighbour(name)
    root, problems = read_yaml(neighbour.text, neighbour.source)
    root, more = _with_used_blocks(with_whole_steps(root), neighbour, trail)
    if problems + more:
        raise InputError(*problems, *more)
    merger = Merger()
    root = merger.with_likes(root)
    merger.check()
    blocks = root.values.get("blocks")
    return blocks if isinstance(blocks, Mapping) else Mapping(root.document, 0, 0)


# ---------------------------------------------------------------------------------------------------------------------
# Finding the text


def find(reference: str) -> tuple[Origin, str]:
    """The text behind a SPEC and the variant asked for."""
    name, _, variant = reference.rpartition("@")
    if not name or ":" in variant or FilePath(reference).exists():  # main@{1}:net.yaml has no variant
        name, variant = reference, DEFAULT
    if name == "-":
        return Origin(
            STDIN, decode(sys.stdin.buffer.read(LARGEST_FILE + 1), STDIN), _shipped_neighbour
        ), variant or DEFAULT
    path = FilePath(name)
    inside = None if path.exists() or path.suffix else shipped.path(name)
    if inside is not None:
        return from_file(inside, name), variant or DEFAULT
    if ":" in name and not path.exists() and not path.drive:
        from inception_calc.spec_file.revision import origin_at

        return origin_at(name), variant or DEFAULT
    return from_file(path, name), variant or DEFAULT


def from_file(path: FilePath, source: str) -> Origin:
    """The text of a file and the way to the files beside it; `source` is how people call it."""
    return Origin(source, decode(read_bytes(path, source), source), lambda name: _file_neighbour(path, source, name))


def read_bytes(path: FilePath, source: str) -> bytes:
    """The bytes of a regular file, never more than are read at all."""
    try:
        if path.is_dir():
            raise IsADirectoryError
        if not path.is_file() and path.exists() and not path.is_fifo():
            raise _unreadable(source, "is no regular file", "name a YAML file")
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except IsADirectoryError:
        raise _unreadable(source, "is a directory", "name a file in it") from None
    except FileNotFoundError:
        known = shipped.names()
        stem = FilePath(source).stem
        hint = nearest(stem, known)
        raise _unreadable(source, "does not exist", hint or "`inception-calc list` shows what is shipped") from None
    except PermissionError:
        raise _unreadable(source, "cannot be read: permission denied", "change its permissions") from None
    except (OSError, ValueError) as error:
        raise _unreadable(source, f"cannot be read: {getattr(error, 'strerror', None) or error}", "") from None


def _unreadable(source: str, what: str, fix: str) -> InputError:
    return InputError(Problem("unreadable", f"'{source}' {what}", None, fix))


def check_neighbour(name: str) -> None:
    """Raises `InputError` for what cannot be the name of a spec in the same folder (rule 36)."""
    if not name.replace("_", "").replace("-", "").isalnum():
        raise InputError(
            Problem(
                "unreadable", f"'{name}' is no name of a spec in the same folder", None, "leave out path and suffix"
            )
        )


def _file_neighbour(path: FilePath, source: str, name: str) -> Origin:
    check_neighbour(name)
    beside = path.with_name(f"{name}.yaml")
    shown = str(FilePath(source).with_name(f"{name}.yaml")) if FilePath(source).suffix else name
    return from_file(beside, shown)


def _shipped_neighbour(name: str) -> Origin:
    inside = shipped.path(name)
    if inside is None:
        raise InputError(
            Problem("unreadable", f"there is no shipped spec '{name}'", None, nearest(name, shipped.names()))
        )
    return from_file(inside, name)
