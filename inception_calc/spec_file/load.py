"""SPEC -> a loaded spec: find the text, read it, work in `use`, the variant and `like`, check it.

A SPEC is the path of a YAML file or of a network as Caffe writes it, `-` for standard input, a shipped name, or
`REF:path` for a git revision, each optionally with `@variant`.
"""

import io
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path as FilePath
from typing import NamedTuple

from inception_calc.files.foreign import folder
from inception_calc.files.reads import remember
from inception_calc.files.references import DEFAULT, ONNX, is_at_revision, is_onnx, is_prototxt, needs_spec
from inception_calc.problems import (
    MOST_FAULTS,
    MOST_SHOWN,
    ROWS_BEHIND,
    Fault,
    Faults,
    InputError,
    Location,
    Path,
    Problem,
    Stop,
    Undecided,
    counted,
    listed,
    nearest,
)
from inception_calc.spec import Spec, read_spec
from inception_calc.spec.check import check
from inception_calc.spec_file import shipped
from inception_calc.spec_file.merge import Merger
from inception_calc.spec_file.nodes import Mapping, Scalar
from inception_calc.spec_file.places import location_of, plain, problem_of
from inception_calc.spec_file.use import Origin, check_neighbour, with_used_blocks
from inception_calc.spec_file.whole_steps import with_whole_steps
from inception_calc.spec_file.yaml_reader import LARGEST_FILE, decode, read_yaml

STDIN = "<stdin>"


class LoadedSpec(NamedTuple):
    """A checked spec with one variant worked in, and where all its values stand."""

    spec: Spec
    variant: str
    source: str
    """The file as the user named it."""
    root: Mapping
    origin: Origin
    """The text that it was read from, and the way to its variants and neighbours."""

    def error(self, faults: Faults | Fault) -> Stop:
        """The faults with their places, in file order; undecided where nothing is wrong but something is free."""
        problems = in_file_order(self.problems(faults))
        codes = [fault.code for fault in faults.faults if fault.code != ROWS_BEHIND]
        undecided = bool(codes) and all(code.startswith("undecided") for code in codes)
        return Undecided(*problems) if undecided else InputError(*problems)

    def problems(self, faults: Faults | Fault) -> list[Problem]:
        """The faults with their places."""
        return [problem_of(self.root, fault) for fault in faults.faults]

    def is_second_name(self, variant: str) -> bool:
        """Whether the variant is empty: the spec itself under another name (rule 31)."""
        variants = self.root.values.get("variants")
        patch = variants.values.get(variant) if isinstance(variants, Mapping) else None
        return not patch.values if isinstance(patch, Mapping) else isinstance(patch, Scalar) and not patch.text

    def location(self, *path: str | int, at_key: bool = True) -> Location:
        """Where a value of the spec stands."""
        return location_of(self.root, path, at_key=at_key)

    def place(self, path: Path) -> str:
        """Where a value stands, in words: `line 49`, with the file where it is another one."""
        location = location_of(self.root, path, at_key=True)
        return f"line {location.line}" if location.file == self.source else f"line {location.line} of {location.file}"


class SpecError(InputError):
    """A spec has problems; `rest` is what can be read apart from them, `has_sizes` where its sizes can be judged."""

    def __init__(self, rest: LoadedSpec | None, has_sizes: bool, found: list[Problem]) -> None:
        super().__init__(*in_file_order(found))
        self.found = found
        """All of them, also those that are counted and not shown."""
        self.rest = rest
        self.has_sizes = has_sizes


Remainder = tuple[list[Problem], Spec | None, Mapping, bool]
"""Problems, the spec apart from them, its nodes, and whether its symbols, defaults and input are what the file says."""


def load(reference: str) -> LoadedSpec:
    """The spec behind a SPEC, checked; raises `InputError` with every problem of the file."""
    origin, variant = find(reference)
    return load_text(origin, variant)


def load_text(origin: Origin, variant: str = DEFAULT) -> LoadedSpec:
    """The spec in `origin` with one variant; every variant's names are checked, whichever is asked for.

    Raises `SpecError` with every problem of the file but those of sizes.
    """
    root, problems = _read(origin)
    root = with_whole_steps(root)
    root, more = with_used_blocks(root, origin)
    problems += more
    variants = root.values.get("variants")
    declared = list(variants.values) if isinstance(variants, Mapping) else []
    if variant != DEFAULT and variant not in declared:
        problems.append(_unknown_variant(variant, declared, root, origin.source))
        raise InputError(*in_file_order(problems))
    if len(origin.text) * len(declared) > LARGEST_FILE:
        problems.append(
            Problem(
                "too-large",
                f"{len(declared)} variants of a file of {len(origin.text):,} characters are too many",
                root.keys["variants"].location(),
                "put some of them into a file of their own",
            )
        )
        declared = [variant] if variant in declared else []
    chosen: LoadedSpec | None = None
    has_sizes = False
    for name in [DEFAULT, *declared]:
        more, spec, merged, is_sized = _with_variant(root, name)
        problems += more
        if name == variant and spec is not None:
            chosen, has_sizes = LoadedSpec(spec, variant, origin.source, merged, origin), is_sized
    if problems or chosen is None:
        raise SpecError(chosen, has_sizes, problems)
    return chosen


def _read(origin: Origin) -> tuple[Mapping, list[Problem]]:
    """The nodes of a text, in whatever language it is written."""
    if is_prototxt(origin.source):
        from inception_calc.spec_file.caffe import read_prototxt

        return read_prototxt(origin.text, origin.source)
    return read_yaml(origin.text, origin.source)


def _with_variant(root: Mapping, name: str) -> Remainder:
    """The checked spec with one variant, and everything that is wrong with it."""
    merger = Merger()
    merged = root if name == DEFAULT else merger.variant(root, name)
    changed, keeps_inputs = _changed_blocks(root, merged), name != DEFAULT
    merged = merger.with_likes(merged)
    changed |= _changed_blocks(root, merged)
    try:
        spec = read_spec(plain(merged))
        if not (merger.problems or check(spec, changed, keeps_inputs)):
            return [], spec, merged, True
    except Faults:
        pass
    from inception_calc.spec_file.remainder import remainder

    problems, rest, mended, is_sized = remainder(merged, changed, keeps_inputs)
    return merger.problems + problems, rest, mended, is_sized


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
        nearest(variant, [DEFAULT, *declared])
        or (
            f"the variants are {listed([DEFAULT, *declared], all_in='variants of the spec')}"
            if declared
            else "leave it out; there are no variants"
        ),
        about=variant,
    )


def in_file_order(problems: Iterable[Problem]) -> list[Problem]:
    """Problems by file and place, each once; what is not judged is told beside the problem in front of it."""
    found: dict[tuple[object, ...], Problem] = {}
    for problem in problems:
        place = problem.location
        key = (place.file, place.line, place.column) if place else ("", 0, 0)
        found.setdefault((*key, problem.code, problem.what), problem)
    ordered = _with_rows_behind([found[key] for key in sorted(found, key=lambda key: key[:3])])
    if len(ordered) <= MOST_SHOWN:
        return ordered
    least = "at least " if len(ordered) >= MOST_FAULTS else ""
    more = f"{least}{counted(len(ordered) - MOST_SHOWN, 'more problem')}"
    return [*ordered[:MOST_SHOWN], Problem("more-problems", more, None, "mend these first")]


def _with_rows_behind(problems: list[Problem]) -> list[Problem]:
    """The problems with each that is none as a note of the one that stands in front of it in the same file."""
    ordered: list[Problem] = []
    waiting: list[Problem] = []
    for problem in problems:
        if problem.code != ROWS_BEHIND:
            ordered.append(problem)
            continue
        files = [one.location and problem.location and one.location.file == problem.location.file for one in ordered]
        if any(files):
            last = len(files) - 1 - files[::-1].index(True)
            ordered[last] = ordered[last]._replace(notes=(*ordered[last].notes, problem.what))
        else:
            waiting.append(problem)
    if waiting and ordered:
        ordered[0] = ordered[0]._replace(notes=(*ordered[0].notes, *(problem.what for problem in waiting)))
        waiting = []
    return ordered + waiting


# ---------------------------------------------------------------------------------------------------------------------
# Finding the text


def find(reference: str) -> tuple[Origin, str]:
    """The text behind a SPEC and the variant asked for."""
    if is_onnx(reference):
        raise needs_spec(reference, ONNX)
    name, _, variant = reference.rpartition("@")
    if not name or ":" in variant or _exists(FilePath(reference)):  # main@{1}:net.yaml has no variant
        name, variant = reference, DEFAULT
    if name == "-":
        return Origin(STDIN, decode(_standard_input(), STDIN), _shipped_neighbour), variant or DEFAULT
    path = FilePath(name)
    inside = None if _exists(path) or path.suffix else shipped.path(name)
    if inside is not None:
        return from_file(inside, name), variant or DEFAULT
    if is_at_revision(name):
        from inception_calc.spec_file.revision import origin_at

        return origin_at(name), variant or DEFAULT
    return from_file(path, name), variant or DEFAULT


def _exists(path: FilePath) -> bool:
    try:
        return path.exists()
    except OSError:  # a name that is too long for the file system
        return False


def from_file(path: FilePath, source: str, *, waits: bool = True) -> Origin:
    """The text of a file and the way to the files beside it; `source` is how people call it."""
    if is_onnx(path.name):
        raise needs_spec(source, ONNX)
    text = decode(read_bytes(path, source, waits=waits), source)
    return Origin(source, text, lambda name: _file_neighbour(path, source, name))


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise _unreadable("-", "is standard input, which is closed", "name a YAML file, or send one: < FILE")
    try:
        with suppress(io.UnsupportedOperation):  # a stream that stands in for it
            remember(sys.stdin.fileno(), STDIN)
        return sys.stdin.buffer.read(LARGEST_FILE + 1)
    except OSError as error:
        raise _unreadable("-", f"is standard input: {error.strerror or error}", "name a YAML file") from None


def read_bytes(path: FilePath, source: str, *, waits: bool = True, if_missing: str = "") -> bytes:
    """The bytes of a file, never more than are read at all, which is remembered as read in this run.

    A named pipe is waited for only where the user named it (`waits`). `if_missing` is the hint where there is no such
    file; else it is one for specs.
    """
    if not source:
        raise _unreadable(source, "names no file", "name a YAML file, a shipped spec, or - for standard input")
    try:
        if path.is_dir():
            raise IsADirectoryError
        if not path.is_file() and path.exists() and not (waits and path.is_fifo()):
            raise _unreadable(source, "is no regular file", "name a YAML file")
        with path.open("rb") as file:
            remember(file.fileno(), source)
            return file.read(LARGEST_FILE + 1)
    except IsADirectoryError:
        raise _unreadable(source, "is a directory", folder(path) or "name a file in it") from None
    except FileNotFoundError:
        hint = if_missing or nearest(FilePath(source).stem, shipped.names())
        raise _unreadable(source, "does not exist", hint or "`inception-calc list` shows what is shipped") from None
    except PermissionError:
        raise _unreadable(source, "cannot be read: permission denied", "change its permissions") from None
    except (OSError, ValueError) as error:
        raise _unreadable(
            source[:100], f"cannot be read: {getattr(error, 'strerror', None) or error}", "name another file"
        ) from None


def _unreadable(source: str, what: str, fix: str) -> InputError:
    return InputError(Problem("unreadable", f"'{source}' {what}", None, fix))


def _file_neighbour(path: FilePath, source: str, name: str) -> Origin:
    check_neighbour(name)
    beside = path.with_name(f"{name}.yaml")
    shown = str(FilePath(source).with_name(f"{name}.yaml")) if FilePath(source).suffix else name
    if not _exists(beside):  # a shipped spec elsewhere does not help: rule 36
        known = sorted(other.stem for other in path.parent.glob("*.yaml") if other != path)
        fix = nearest(name, known) or "use a spec of the same folder, or copy the block into this file"
        raise _unreadable(shown, "does not exist", fix)
    return from_file(beside, shown, waits=False)


def _shipped_neighbour(name: str) -> Origin:
    inside = shipped.path(name)
    if inside is None:
        raise InputError(
            Problem(
                "unreadable",
                f"there is no shipped spec '{name}'",
                None,
                nearest(name, shipped.names()) or "`inception-calc list` shows what is shipped",
            )
        )
    return from_file(inside, name)
