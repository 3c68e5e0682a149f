"""Everything that is wrong with a spec in one run: what is faulty is taken out, and the rest is judged again.

As compilers do: where a word is misspelt and another one was probably meant, that one is taken (and nothing is
said about a value under a guessed key); a step that cannot be read becomes a lost step, whose sizes nobody judges;
anything else that is faulty is left out. Only specs with a fault in them come here.
"""

from collections.abc import Callable, Collection

from inception_calc.ops.register import BODIES, REGISTER
from inception_calc.ops.step import LOST
from inception_calc.problems import MOST_FAULTS, Fault, Faults, Path, Problem
from inception_calc.spec import Spec, read_spec
from inception_calc.spec.check import check
from inception_calc.spec_file.nodes import Lost, Mapping, Node, Scalar, Sequence
from inception_calc.spec_file.places import find, plain, problem_of

MOST_ROUNDS = 8
STAND_INS = {"name": "?", "input": "1x1x1"}
"""Required keys that names do not depend on."""
SIZES = ("symbols", "defaults", "input", "use")
"""Sections whose faults leave sizes unknown."""
FOLLOW_INPUTS = ("unknown-input", "unused-input")
"""Faults that may only follow from a fault of the inputs, which was told."""
WITHOUT_SIZES = ("name", "source", "printed", "reasons", "claims", "variants")
"""Sections that no size of the network depends on, even where nothing of them can be read."""
WITHOUT_SIZE = ("activation", "batch norm", "bias", "connections", "groups", "mode")
"""Settings that no size depends on: a step whose value for one cannot be read is read without it."""
BESIDE_STEPS = ("label", "patch", "printed", "after", "before")
"""Keys of rows and blocks that can be left out without a change of the network."""


def remainder(
    root: Mapping, changed_blocks: Collection[str], keeps_inputs: bool = False
) -> tuple[list[Problem], Spec | None, Mapping, bool]:
    """All problems, what can be read apart from them (none where too little is left), and whether it has sizes."""
    problems: list[Problem] = []
    known: set[tuple[Path, str]] = set()
    guessed: set[Path] = set()
    sizes = True
    for _ in range(MOST_ROUNDS):
        spec, faults = _judged(root, changed_blocks, keeps_inputs)
        lost = FOLLOW_INPUTS if any(path[:1] == ("input",) for path, _ in known) else ()
        faults = [one for one in faults if (one.path, one.code) not in known and one.code not in lost]
        if not faults:
            return problems, spec, root, sizes
        if len(problems) >= MOST_FAULTS:
            break
        problems += [
            problem_of(root, fault)
            for fault in faults
            if fault.code != LOST and not any(fault.path[: len(path)] == path for path in guessed)
        ]
        known |= {(fault.path, fault.code) for fault in faults}
        for fault in reversed(faults):  # from the back: leaving out an item of a list moves those after it
            word = getattr(fault.fix, "word", "")
            if word and (corrected := _corrected(root, fault, word)) is not None:
                root = corrected
                guessed |= {(*fault.path[:-1], word)} if fault.at_key else set()
                continue
            if fault.code == "unused-input":
                continue
            section = fault.path[0] if fault.path else ""
            sizes = sizes and (section in WITHOUT_SIZES or (len(fault.path) > 1 and section not in SIZES))
            rest = _without(root, fault)
            if rest is None:
                return problems, None, root, False
            root = rest
    return problems, None, root, False


def _judged(root: Mapping, changed_blocks: Collection[str], keeps_inputs: bool) -> tuple[Spec | None, list[Fault]]:
    try:
        spec = read_spec(plain(root))
    except Faults as several:
        return None, list(several.faults)
    return spec, check(spec, changed_blocks, keeps_inputs)


def _corrected(root: Mapping, fault: Fault, word: str) -> Mapping | None:
    """The spec with the probable word in place of the faulty one; None where that does not fit."""
    if fault.at_key:
        parent, _ = find(root, fault.path[:-1])
        old = str(fault.path[-1])
        if not isinstance(parent, Mapping) or old not in parent.values or word in parent.values:
            return None

        def renamed(node: Node) -> Node:
            assert isinstance(node, Mapping)
            result = Mapping(node.document, node.line, node.column)
            for key, value in node.values.items():
                place = node.keys[key]
                if key == old:
                    place = Scalar(place.document, place.line, place.column, word, place.quoted)
                result.put(place, value)
            return result

        return _changed(root, fault.path[:-1], renamed)
    node, _ = find(root, fault.path)
    if not isinstance(node, Scalar) or node.quoted:
        return None
    start, width = fault.span or (0, len(node.text))
    text = node.text[:start] + word + node.text[start + width :]
    return _changed(root, fault.path, lambda old: Scalar(old.document, old.line, old.column, text, quoted=False))


def _without(root: Mapping, fault: Fault) -> Mapping | None:
    """The spec without what is faulty; None where nothing can be judged then."""
    path = fault.path
    section = path[0] if path else ""
    if not path:
        return _with_stand_ins(root)
    if section in STAND_INS:
        text = STAND_INS[str(section)]
        return _changed(root, path[:1], lambda old: Scalar(old.document, old.line, old.column, text, quoted=False))
    if len(path) == 1 and section in ("rows", "blocks", "symbols", "defaults", "use"):
        return None
    if section in ("rows", "heads", "blocks"):
        return _without_step(root, fault)
    if section == "symbols" and not fault.at_key:
        return _changed(root, path[:2], lambda old: Scalar(old.document, old.line, old.column, "1", quoted=False))
    if path[:2] == ("source", "prints"):
        return None
    return _left_out(root, path[: 3 if section == "defaults" else 2])


def _without_step(root: Mapping, fault: Fault) -> Mapping:
    """The spec with the innermost step, or the whole block or head, that the fault lies in lost."""
    path = fault.path
    if fault.code == "unused-column":
        return root
    if len(path) == 3 and path[2] in BESIDE_STEPS and path[0] != "heads":
        return _left_out(root, path)
    depth = innermost_step(path)
    if len(path) > depth and path[depth] in WITHOUT_SIZE and not fault.at_key and _is_setting(root, path[: depth + 1]):
        return _left_out(root, path[: depth + 1])
    if path[0] == "heads" and depth == 2:
        return _left_out(root, path[:2])
    return _changed(root, path[:depth], Lost.at)


def _is_setting(root: Mapping, path: Path) -> bool:
    """Whether an operator stands beside the last key of the path, which may be one itself (`batch norm`)."""
    step, _ = find(root, path[:-1])
    return isinstance(step, Mapping) and any(key in REGISTER and key != path[-1] for key in step.values)


def innermost_step(path: Path) -> int:
    """How many keys of the path lead to the innermost step (or the block) on it."""
    depth = place = 2
    while place < len(path):
        if path[place] in BODIES and place + 1 < len(path):
            place += 2
        elif path[place] == "then":
            place += 1
        else:
            break
        if place < len(path) and isinstance(path[place], int):  # a list of steps
            place += 1
        depth = place
    return min(depth, len(path))


def _with_stand_ins(root: Mapping) -> Mapping | None:
    if "rows" not in root.values:
        return None
    result = root.copy()
    for key, text in STAND_INS.items():
        if key not in result.values:
            result.put(
                Scalar(root.document, root.line, root.column, key, quoted=False),
                Scalar(root.document, root.line, root.column, text, quoted=False),
            )
    return result


def _left_out(root: Mapping, path: Path) -> Mapping:
    """The spec without the key or item that the path leads to."""

    def without(parent: Node) -> Node:
        last = path[-1]
        if isinstance(parent, Mapping) and str(last) in parent.values:
            parent = parent.copy()
            del parent.keys[str(last)], parent.values[str(last)]
        elif isinstance(parent, Sequence) and isinstance(last, int):
            items = parent.items[:last] + parent.items[last + 1 :]
            return Sequence(parent.document, parent.line, parent.column, items)
        return parent

    return _changed(root, path[:-1], without)


def _changed(root: Mapping, path: Path, change: Callable[[Node], Node]) -> Mapping:
    """The tree with the node at the path changed; nodes are shared, so those on the way are copied."""

    def walk(node: Node, rest: Path) -> Node:
        if not rest:
            return change(node)
        part = rest[0]
        if isinstance(node, Mapping) and str(part) in node.values:
            copied = node.copy()
            copied.values[str(part)] = walk(node.values[str(part)], rest[1:])
            return copied
        if isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
            items = [*node.items]
            items[part] = walk(items[part], rest[1:])
            return Sequence(node.document, node.line, node.column, items)
        if isinstance(node, Sequence) and len(node.items) == 1:
            return Sequence(node.document, node.line, node.column, [walk(node.items[0], rest)])
        return change(node)

    result = walk(root, path)
    assert isinstance(result, Mapping)
    return result
