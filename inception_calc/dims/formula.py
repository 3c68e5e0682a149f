"""Formulas of claims and reasons: the expression grammar with exact division, decimals and references.

    reference = spec [ "@" variant ] [ "(" name "=" value { "," name "=" value } ")" ] "." word { "." word }

`this.3a.ops`, `googlenet@naive.params`, `this(height=227, width=227).conv1.output.height`. A word that is no
identifier, or a row called like a metric, stands in single quotes: `this.'output'.params`. What a reference is
worth is the affair of the room that knows specs; here it is only taken apart, with the place of every part.
"""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from inception_calc.dims.expression import Call, Name, Negative, Number, Operation, Reference, Tree, names, parse
from inception_calc.dims.scope import call, operate
from inception_calc.problems import Fault

HEAD = re.compile(r"(?P<spec>[^\W\d]\w*)(?:@(?P<variant>\w+))?(?:\((?P<settings>[^()]*)\))?")
WORD = re.compile(r"\.(?:'(?P<quoted>[^']*)'|(?P<word>\w+))")
SETTING = re.compile(r"\s*(?P<name>[^\W\d]\w*)\s*=\s*(?P<value>[\w./]+)\s*")


class Part(NamedTuple):
    """A piece of a reference; `offset` counts characters from the formula's start."""

    text: str
    offset: int
    quoted: bool = False

    @property
    def span(self) -> tuple[int, int]:
        """Offset and length of the piece in the formula."""
        return self.offset, max(len(self.text) + 2 * self.quoted, 1)


class Assignment(NamedTuple):
    """`height=227` in a reference."""

    name: Part
    value: str


class ReferenceParts(NamedTuple):
    """A reference taken apart: whose number, under which variant and settings, and the way to it."""

    spec: Part
    variant: Part | None
    settings: tuple[Assignment, ...]
    path: tuple[Part, ...]
    whole: tuple[int, int]
    """Offset and length of the whole reference."""


def take_apart(reference: Reference) -> ReferenceParts:
    """The parts of a reference; a `Fault` with a span where its settings are no `NAME=VALUE`."""
    head = HEAD.match(reference.text)
    assert head is not None  # the grammar's token starts the same way
    start = reference.offset
    variant = Part(head["variant"], start + head.start("variant")) if head["variant"] else None
    settings: list[Assignment] = []
    if head["settings"] is not None:
        offset = start + head.start("settings")
        for text in head["settings"].split(","):
            match = SETTING.fullmatch(text)
            if match is None:
                raise Fault(
                    "bad-reference",
                    f"'{text.strip()}' is no setting of a reference",
                    fix="write NAME=VALUE, such as this(height=227, width=227).ops",
                    span=(offset + len(text) - len(text.lstrip()), max(len(text.strip()), 1)),
                )
            name = Part(match["name"], offset + match.start("name"))
            if any(name.text == other.name.text for other in settings):
                raise Fault("bad-reference", f"'{name.text}' is set twice", fix="leave one out", span=name.span)
            settings.append(Assignment(name, match["value"]))
            offset += len(text) + 1
    path = tuple(
        Part(match["quoted"], start + match.start() + 1, True)
        if match["word"] is None
        else Part(match["word"], start + match.start("word"))
        for match in WORD.finditer(reference.text, head.end())
    )
    return ReferenceParts(Part(head["spec"], start), variant, tuple(settings), path, (start, len(reference.text)))


def references(tree: Tree) -> list[Reference]:
    """Every reference in the tree, from left to right."""
    if isinstance(tree, Reference):
        return [tree]
    if isinstance(tree, Negative):
        return references(tree.operand)
    if isinstance(tree, Operation):
        return references(tree.left) + references(tree.right)
    if isinstance(tree, Call):
        return [reference for argument in tree.arguments for reference in references(argument)]
    return []


def read_formula(text: str) -> list[ReferenceParts]:
    """The references of a formula; raises the fault of one that cannot be read, or that has a bare name in it."""
    try:
        tree = parse(text, formula=True)
    except Fault as fault:  # the cached tree's fault stays as it is: callers add paths to theirs
        raise Fault(fault.code, fault.what, fix=fault.fix, span=fault.span) from None
    for name in names(tree):
        raise Fault(
            "unknown-name",
            f"'{name.text}' alone is no number of a formula",
            fix="write this.params, this.ROW.ops or SPEC.params",
            span=Part(name.text, name.offset, name.quoted).span,
        )
    return [take_apart(reference) for reference in references(tree)]


def evaluate(text: str, look_up: Callable[[ReferenceParts], int]) -> Fraction:
    """The exact value of a formula; `look_up` gives the counts that it refers to."""

    def value(tree: Tree) -> int | Fraction:
        if isinstance(tree, Number):
            return tree.value
        if isinstance(tree, Negative):
            return -value(tree.operand)
        if isinstance(tree, Reference):
            return look_up(take_apart(tree))
        if isinstance(tree, Operation):
            return Fraction(operate(tree.mark, value(tree.left), value(tree.right)))
        if isinstance(tree, Call):
            return Fraction(call(tree.function, [value(argument) for argument in tree.arguments]))
        assert isinstance(tree, Name)
        raise Fault("unknown-name", f"'{tree.text}' alone is no number of a formula", span=(tree.offset, 1))

    read_formula(text)
    return Fraction(value(parse(text, formula=True)))
