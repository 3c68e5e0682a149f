"""YAML text -> nodes, every key and value with its line and column.

PyYAML's C parser gives events; the tree is our own, because PyYAML's loaders turn `{1:2}` into `{62: None}`,
`1e6` into a string, drop positions and die on deep nesting. Scalars stay text. Depth, length and the number of
values are bounded while events arrive, so hostile files cost little.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any, NamedTuple

from inception_calc.files.foreign import foreign, unnamed_onnx
from inception_calc.problems import InputError, Location, Problem
from inception_calc.spec_file.formula_commas import hidden
from inception_calc.spec_file.nodes import Document, Mapping, Node, Scalar, Sequence

LARGEST_FILE = 8 * 1024 * 1024
MOST_MARKS = 1_000_000
"""Colons, commas and line ends: an upper bound for values, counted before parsing."""
DEEPEST = 50
LONGEST_SIMPLE_KEY = 1024
"""YAML's own limit for a key that ends in a colon."""
YAML_TAG = "tag:yaml.org,2002:"
BRACKET = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[\[\]{}]""", re.DOTALL)
TOO_DEEP = re.compile(r"exceeded max.* depth")
STARTS, ENDS = ("MappingStartEvent", "SequenceStartEvent"), ("MappingEndEvent", "SequenceEndEvent")
LONGEST_KEY = 100
MOST_PROBLEMS = 100
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
"""What YAML 1.1 does not let stand in a file, and DEL."""


class FileKind(NamedTuple):
    """What kind of file is read, for what is said about mistakes in it."""

    plural: str
    start: str
    """How such a file begins."""
    instead_of_anchors: str
    instead_of_merges: str
    when_too_large: str
    when_two: str


SPEC = FileKind(
    "specs",
    "write 'name: ...', 'input: ...', 'rows: ...'",
    "declare a block and call it, or use 'like'",
    "use 'like', or a variant",
    "say what repeats with 'repeat' and blocks",
    "keep one spec in a file",
)


HEAD = 1024
"""Bytes that show what a file is."""


def decode(data: bytes, file: str, kind: FileKind = SPEC) -> str:
    """The text of a file; `InputError` for what is no UTF-8 text of bearable size."""
    if len(data) > LARGEST_FILE:
        raise InputError(
            _whole(
                file,
                "too-large",
                f"the file is larger than {LARGEST_FILE:,} bytes, which is as much as is read",
                kind.when_too_large,
            )
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(_whole(file, "not-utf-8", "this is UTF-16 or UTF-32", "save the file as UTF-8"))
    if other := foreign(data[:HEAD], file) or unnamed_onnx(data[:HEAD]):
        raise InputError(_whole(file, "not-text", *other))
    if b"\0" in data:
        raise InputError(_whole(file, "not-text", "this is a binary file, not a YAML text", "name a YAML file"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"byte 0x{data[error.start]:02x} is not UTF-8"
        place = Document(file, data[: error.start + 1].decode("utf-8-sig", "replace")).end()
        raise InputError(Problem("not-utf-8", what, place, "save the file as UTF-8")) from None
    if found := CONTROL.search(text):
        what = f"the character U+{ord(found.group()):04X} cannot stand in YAML"
        place = Document(file, text[: found.end()]).end()
        raise InputError(Problem("not-text", what, place, "remove it"))
    if text.count(":") + text.count(",") + text.count("\n") > MOST_MARKS:
        what = f"the file has more than {MOST_MARKS:,} values"
        raise InputError(_whole(file, "too-large", what, kind.when_too_large))
    return text


def _whole(file: str, code: str, what: str, fix: str) -> Problem:
    return Problem(code, what, Location(file, 1, 1), fix)


def read_yaml(text: str, file: str, kind: FileKind = SPEC) -> tuple[Mapping, list[Problem]]:
    """The mapping that the file holds, and the problems that do not keep it from being read.

    Raises `InputError` where the text is no YAML mapping at all.
    """
    document = Document(file, text)
    builder = _Builder(document, kind)
    root = builder.build(text)
    if root is None:
        what = "the file holds nothing but comments" if text.strip() else "the file is empty"
        raise InputError(_whole(file, "empty-file", what, kind.start))
    if not isinstance(root, Mapping):
        found = "a list" if isinstance(root, Sequence) else "a text"
        what = f"the file must hold a mapping, not {found}"
        raise InputError(Problem("wrong-type", what, root.location(), kind.start))
    return root, builder.problems


class _Builder:
    """Events -> nodes, without recursion."""

    def __init__(self, document: Document, kind: FileKind) -> None:
        self.document = document
        self.kind = kind
        self.problems: list[Problem] = []
        self.comma = ""
        """What stands for a comma inside a formula."""

    def build(self, text: str) -> Node | None:
        import yaml

        text, self.comma = hidden(text)
        try:
            return self._built(_parser(text))
        except yaml.MarkedYAMLError as error:
            too_deep = TOO_DEEP.search(str(error.problem))
            problem = self._too_deep(text) if too_deep else self._syntax(error)
            raise InputError(*self.problems, problem) from None

    def _built(self, parser: Any) -> Node | None:
        root: Node | None = None
        stack: list[tuple[Node, Scalar | None]] = []  # open collections, each with the key that waits for a value
        node: Node
        documents = 0
        document = self.document
        while parser.check_event():
            event = parser.get_event()
            kind = type(event).__name__
            if kind == "ScalarEvent":
                self._plain(event)
                mark = event.start_mark
                value = event.value.replace(self.comma, ",") if self.comma else event.value
                node = Scalar(document, mark.line, mark.column, value, bool(event.style))
            elif kind in STARTS:
                self._plain(event)
                mark = event.start_mark
                if len(stack) >= DEEPEST:
                    self._stop("too-deep", f"nested deeper than {DEEPEST}", mark, "flatten it")
                node = (
                    Mapping(document, mark.line, mark.column)
                    if kind == "MappingStartEvent"
                    else Sequence(document, mark.line, mark.column, [])
                )
                self._place(stack, node)
                root = root or node
                stack.append((node, None))
                continue
            elif kind in ENDS:
                stack.pop()
                continue
            elif kind == "AliasEvent":
                self._stop(
                    "alias",
                    f"'*{event.anchor}': {self.kind.plural} have no aliases",
                    event.start_mark,
                    self.kind.instead_of_anchors,
                )
            elif kind == "DocumentStartEvent":
                documents += 1
                if documents > 1:
                    self._stop("two-documents", "a second document starts here", event.start_mark, self.kind.when_two)
                continue
            else:
                continue
            self._place(stack, node)
            root = root or node
        return root if not (isinstance(root, Scalar) and root.text == "" and not root.quoted) else None

    def _place(self, stack: list[tuple[Node, Scalar | None]], node: Node) -> None:
        if not stack:
            return
        parent, key = stack[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif isinstance(parent, Mapping):
            if key is None:
                if not isinstance(node, Scalar):
                    raise InputError(
                        *self.problems,
                        Problem(
                            "bad-key",
                            "a key must be a word, not a list or a mapping",
                            node.location(),
                            "write 'word: value'",
                        ),
                    )
                stack[-1] = (parent, self._key(node))
                return
            if key.text in parent.values:
                first = parent.keys[key.text]
                if len(self.problems) < MOST_PROBLEMS:
                    self.problems.append(
                        Problem(
                            "duplicate-key",
                            f"'{key.text}' stands here a second time",
                            key.location(),
                            f"the first is in line {first.line + 1}; rename or remove one",
                        )
                    )
            else:
                parent.put(key, node)
            stack[-1] = (parent, None)

    def _key(self, node: Scalar) -> Scalar:
        if "\n" in node.text:
            raise InputError(
                *self.problems, Problem("bad-key", "a key stands in one line", node.location(), "leave line ends out")
            )
        if len(node.text) > LONGEST_KEY:
            raise InputError(*self.problems, self._long_key(node.location()))
        if node.text == "<<" and not node.quoted:
            raise InputError(
                *self.problems,
                Problem(
                    "alias",
                    f"{self.kind.plural} have no merge keys",
                    node.location(),
                    self.kind.instead_of_merges,
                ),
            )
        if node.text == "":
            raise InputError(
                *self.problems, Problem("bad-key", "a key is missing here", node.location(), "write 'word: value'")
            )
        return node

    def _long_key(self, place: Location) -> Problem:
        return Problem("bad-key", f"a key may have {LONGEST_KEY} characters", place, "shorten it")

    def _plain(self, event: Any) -> None:
        if event.anchor is not None:
            self._stop(
                "alias",
                f"'&{event.anchor}': {self.kind.plural} have no anchors",
                event.start_mark,
                self.kind.instead_of_anchors,
            )
        if event.tag is not None and event.tag != "!":
            self._stop(
                "tag",
                f"{self.kind.plural} have no tags ('{event.tag[:60].replace(YAML_TAG, '!!')}')",
                event.start_mark,
                "write the value alone",
            )

    def _stop(self, code: str, what: str, mark: Any, fix: str) -> None:
        raise InputError(*self.problems, Problem(code, what, self.document.location(mark.line, mark.column), fix))

    def _too_deep(self, text: str) -> Problem:
        """The problem of brackets so deep that libyaml, which reads ahead, stops before the events for ours are out."""
        import yaml

        parser, depth, read = _parser(text), 0, 0
        with suppress(yaml.MarkedYAMLError):
            while parser.check_event():
                event = parser.get_event()
                kind = type(event).__name__
                depth += (kind in STARTS) - (kind in ENDS)
                read = event.end_mark.index
        for found in BRACKET.finditer(text, read):
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found.group(), 0)
            read = found.start()
            if depth > DEEPEST:
                break
        line = text.count("\n", 0, read)
        place = self.document.location(line, read - text.rfind("\n", 0, read) - 1)
        return Problem("too-deep", f"nested deeper than {DEEPEST}", place, "flatten it")

    def _syntax(self, error: Any) -> Problem:
        mark = error.problem_mark or error.context_mark
        what = str(error.problem or error.context or "this is not YAML")
        if "could not find expected ':'" in what and error.context_mark:
            mark = error.context_mark  # where the word without a colon begins
        location = self.document.location(mark.line, mark.column) if mark else Location(self.document.file, 1, 1)
        fix = ""
        far = error.problem_mark.column if error.problem_mark else 0
        if far > LONGEST_SIMPLE_KEY and ("expected ':'" in what or "mapping values" in what):
            first = len(location.text) - len(location.text.lstrip())
            return self._long_key(self.document.location(mark.line, first))
        if "\t" in location.text[: location.column]:
            what, fix = "a tab stands here; YAML wants spaces", "replace tabs by spaces"
        elif formula := _quote_in_front(location):
            what, fix = (
                "a text ends with its quote, and a formula goes on behind it",
                f"write it in parentheses: ({formula})",
            )
        elif "did not find expected ',' or" in what:
            fix = "close the bracket, or put a comma between the items"
            if not location.text.strip() and error.context_mark:  # the end of the file: say which bracket is open
                opened = error.context_mark
                return Problem(
                    "bad-yaml", "this bracket is never closed", self.document.location(opened.line, opened.column), fix
                )
            if location.text[location.column - 1 : location.column] == ":":
                fix = "put texts with ': ' in quotes"
        elif "mapping values are not allowed" in what or "could not find expected ':'" in what:
            fix = "write 'key: value' with a space after the colon; put texts with ': ' in quotes"
        elif "cannot start any token" in what:
            fix = "put the text in quotes"
        elif "directive" in what:
            fix = "leave the line out"
        else:
            fix = "mend the YAML here"
        return Problem("bad-yaml", what, location, fix)


QUOTE_IN_FRONT = re.compile(r"""(?:^|[:,\[{-])\s*('[^']*'\s*(?://|[-+*%])[^,\]}#]*)""")


def _quote_in_front(place: Location) -> str:
    """The formula at this place that begins with a column's quotes, which YAML takes for those of a text."""
    for found in QUOTE_IN_FRONT.finditer(place.text):
        if found.start(1) < place.column <= found.end(1) + 1:
            return found.group(1).strip()
    return ""


def _parser(text: str) -> Any:
    """The event parser of libyaml, or PyYAML's own where it was built without."""
    import yaml

    if yaml.__with_libyaml__:
        return yaml.cyaml.CParser(text)  # type: ignore[attr-defined]

    class PureParser(yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser):
        def __init__(self, stream: str) -> None:
            yaml.reader.Reader.__init__(self, stream)
            yaml.scanner.Scanner.__init__(self)
            yaml.parser.Parser.__init__(self)

    return PureParser(text)
