"""A YAML file as a tree of nodes, each with the place where it stands."""

from __future__ import annotations

import re

from inception_calc.problems import Location

IN_QUOTES = re.compile(r"""'(?:[^']|'')*'|"(?:[^"\\]|\\.)*\"""")
LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


class Document:
    """One file's name and lines, shared by all its nodes."""

    __slots__ = ("file", "lines")

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        plain = text.isascii() and "\r" not in text
        self.lines = text.split("\n") if plain else LINE_END.split(text)

    def line(self, line: int) -> str:
        """One line, counted from 0; an empty one after the last."""
        return self.lines[line] if line < len(self.lines) else ""

    def location(self, line: int, column: int, width: int = 1) -> Location:
        """The place at `line` and `column`, both counted from 0; the end of the text for what lies after it."""
        if line >= len(self.lines):
            line = len(self.lines) - 1
            column = len(self.lines[line])
        text = self.line(line)
        return Location(self.file, line + 1, column + 1, max(1, min(width, len(text) - column)), text)

    def end(self) -> Location:
        """The place of the last character."""
        return self.location(len(self.lines) - 1, max(0, len(self.lines[-1]) - 1))


class Node:
    """A value with the place where it stands; `line` and `column` count from 0."""

    __slots__ = ("column", "document", "line")

    def __init__(self, document: Document, line: int, column: int) -> None:
        self.document = document
        self.line = line
        self.column = column

    def location(self, span: tuple[int, int] | None = None) -> Location:
        """The place of the node, or of `span` (offset and length) inside a scalar's text."""
        if span is not None:
            return self.document.location(self.line, self.column + span[0], span[1])
        return self.document.location(self.line, self.column, self.width())

    def width(self) -> int:
        """How many characters to underline."""
        return 1


class Scalar(Node):
    """A text; `quoted` where quotes or a block style say that it is nothing but text."""

    __slots__ = ("quoted", "text")

    def __init__(self, document: Document, line: int, column: int, text: str, quoted: bool) -> None:
        super().__init__(document, line, column)
        self.text = text
        self.quoted = quoted

    def width(self) -> int:
        """The text as it stands in the file, quotes and escapes included; the first line of a longer one."""
        found = IN_QUOTES.match(self.document.line(self.line), self.column) if self.quoted else None
        return len(found.group()) if found else len(self.text)

    def location(self, span: tuple[int, int] | None = None) -> Location:
        """The place of the text, or of `span` inside it; of the whole text where it stands otherwise in the file."""
        start = self.column + self.quoted
        if span is None or not self.document.line(self.line).startswith(self.text, start):
            return super().location()
        return super().location((span[0] + self.quoted, span[1]))


class Sequence(Node):
    """A list."""

    __slots__ = ("items",)

    def __init__(self, document: Document, line: int, column: int, items: list[Node]) -> None:
        super().__init__(document, line, column)
        self.items = items


class Lost(Node):
    """Stands where something could not be read and was complained about, so that the rest can be judged."""

    __slots__ = ()

    @classmethod
    def at(cls, node: Node) -> Lost:
        """In place of `node`."""
        return cls(node.document, node.line, node.column)


class Mapping(Node):
    """Keys and values in the order of the file; `keys` holds the place of each key."""

    __slots__ = ("keys", "values")

    def __init__(self, document: Document, line: int, column: int) -> None:
        super().__init__(document, line, column)
        self.keys: dict[str, Scalar] = {}
        self.values: dict[str, Node] = {}

    def put(self, key: Scalar, value: Node) -> None:
        """Adds or replaces a key and its value."""
        self.keys[key.text] = key
        self.values[key.text] = value

    def copy(self) -> Mapping:
        """The same keys and values in a new mapping at the same place."""
        copied = Mapping(self.document, self.line, self.column)
        copied.keys, copied.values = dict(self.keys), dict(self.values)
        return copied
