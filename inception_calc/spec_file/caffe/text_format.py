"""Protocol buffers' text format -> messages, every field with its line and column.

No schema is needed: a field is a name with a value or a message, and may stand several times. Depth and the number of
fields are bounded while they are read.

Source: protobuf.dev, "Text Format Language Specification".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from inception_calc.problems import InputError, Problem
from inception_calc.spec_file.nodes import Document, Node, Scalar

DEEPEST = 50
MOST_FIELDS = 500_000
TOKEN = re.compile(
    r"""
    (?P<blank>(?:[ \t\r\n\f\v]+|\#[^\n]*)+)
  | (?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
  | (?P<word>[A-Za-z0-9_.+-]+)
  | (?P<mark>[{}<>\[\]:,;])
    """,
    re.VERBOSE,
)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"'}
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
CLOSES = {"{": "}", "<": ">"}


class Field(NamedTuple):
    """A name, where it stands, and what it holds."""

    key: Scalar
    value: Scalar | Message

    @property
    def message(self) -> Message:
        """The message that it holds; a complaint where it is a plain value."""
        if isinstance(self.value, Message):
            return self.value
        what = f"'{self.key.text}' must hold a message, not '{self.value.text}'"
        raise InputError(Problem("wrong-type", what, self.value.location(), "write it in braces: { ... }"))

    @property
    def scalar(self) -> Scalar:
        """The plain value that it holds; a complaint where it is a message."""
        if isinstance(self.value, Scalar):
            return self.value
        what = f"'{self.key.text}' must hold one value, not a message"
        raise InputError(Problem("wrong-type", what, self.key.location(), "write the value behind a colon"))


class Message(Node):
    """Fields in the order of the file; a name may occur several times."""

    __slots__ = ("fields",)

    def __init__(self, document: Document, line: int, column: int) -> None:
        super().__init__(document, line, column)
        self.fields: dict[str, list[Field]] = {}

    def all(self, name: str) -> list[Field]:
        """Every field of this name."""
        return self.fields.get(name, [])

    def messages(self, name: str) -> list[Message]:
        """The messages in all fields of this name."""
        return [field.message for field in self.all(name)]

    def message(self, name: str) -> Message:
        """The message of the last field of this name; one without fields where there is none."""
        found = self.messages(name)
        return found[-1] if found else Message(self.document, self.line, self.column)

    def scalars(self, name: str) -> list[Scalar]:
        """The values of all fields of this name."""
        return [field.scalar for field in self.all(name)]

    def scalar(self, name: str) -> Scalar | None:
        """The value of the last field of this name."""
        found = self.scalars(name)
        return found[-1] if found else None

    def text(self, name: str, default: str = "") -> str:
        """The last value of this name as a text."""
        found = self.scalar(name)
        return default if found is None else found.text


class _Token(NamedTuple):
    kind: str
    text: str
    line: int
    column: int


def read_message(text: str, file: str) -> Message:
    """The message that a text holds; raises `InputError` with the first place where it is none."""
    document = Document(file, text)
    return _Reader(document, _tokens(document, text)).read()


def _tokens(document: Document, text: str) -> Iterator[_Token]:
    at, line, start = 0, 0, 0
    while at < len(text):
        found = TOKEN.match(text, at)
        if found is None:
            what = "the text is not closed" if text[at] in "\"'" else f"'{text[at]}' has no meaning here"
            fix = "write the closing quote on the same line" if text[at] in "\"'" else "leave it out"
            raise InputError(Problem("syntax", what, document.location(line, at - start), fix))
        kind = str(found.lastgroup)
        if kind != "blank":
            yield _Token(kind, found.group(), line, at - start)
        lines = found.group().count("\n")
        if lines:
            line += lines
            start = found.start() + found.group().rindex("\n") + 1
        at = found.end()


class _Reader:
    """Tokens -> messages, without recursion."""

    def __init__(self, document: Document, tokens: Iterator[_Token]) -> None:
        self.document = document
        self.tokens = tokens
        self.ahead = next(tokens, None)
        self.read_fields = 0

    def read(self) -> Message:
        root = Message(self.document, 0, 0)
        open_messages = [(root, "")]
        while self.ahead is not None:
            message, close = open_messages[-1]
            token = self._next()
            if token.text in {",", ";"} and token.kind == "mark":
                continue
            if token.kind == "mark" and token.text == close:
                open_messages.pop()
                continue
            if token.kind != "word":
                raise self._problem(token, f"a field's name is expected here, not {token.text}", "name: value")
            opened = self._field(message, token)
            if opened is not None:
                open_messages.append(opened)
                if len(open_messages) > DEEPEST:
                    what = f"messages are nested deeper than {DEEPEST} levels"
                    raise InputError(Problem("too-deep", what, opened[0].location(), "no network needs that"))
        if len(open_messages) > 1:
            message, close = open_messages[-1]
            raise InputError(Problem("syntax", f"'{close}' is missing", message.location(), f"close it with {close}"))
        return root

    def _field(self, message: Message, name: _Token) -> tuple[Message, str] | None:
        """Reads what stands behind a name; a message that is opened, with what closes it."""
        self.read_fields += 1
        if self.read_fields > MOST_FIELDS:
            raise self._problem(name, f"the file has more than {MOST_FIELDS:,} fields", "no network needs that")
        key = self._scalar(name)
        colon = self._takes(":")
        if opens := self._takes(*CLOSES):
            below = Message(self.document, opens.line, opens.column)
            message.fields.setdefault(name.text, []).append(Field(key, below))
            return below, CLOSES[opens.text]
        if colon is None:
            raise self._problem(name, f"'{name.text}' holds nothing", "write a value behind a colon, or { ... }")
        for value in self._values(name):
            message.fields.setdefault(name.text, []).append(Field(key, value))
        return None

    def _values(self, name: _Token) -> Iterator[Scalar]:
        """A value, or a list of values in brackets."""
        if self._takes("[") is None:
            yield self._value(name)
            return
        while not self._takes("]"):
            yield self._value(name)
            self._takes(",")

    def _value(self, name: _Token) -> Scalar:
        token = self._next(name)
        if token.kind == "mark":
            raise self._problem(token, f"a value is expected here, not {token.text}", f"{name.text}: value")
        value = self._scalar(token)
        while token.kind == "text" and self.ahead is not None and self.ahead.kind == "text":
            value.text += self._scalar(self._next()).text  # texts side by side are one
        return value

    def _scalar(self, token: _Token) -> Scalar:
        if token.kind != "text":
            return Scalar(self.document, token.line, token.column, token.text, quoted=False)
        text = ESCAPED.sub(lambda found: ESCAPES.get(found[1], found[0]), token.text[1:-1])
        return Scalar(self.document, token.line, token.column, text, quoted=True)

    def _next(self, after: _Token | None = None) -> _Token:
        token = self.ahead
        if token is None:
            assert after is not None
            raise self._problem(after, f"the file ends behind '{after.text}'", "write the value behind it")
        self.ahead = next(self.tokens, None)
        return token

    def _takes(self, *marks: str) -> _Token | None:
        if self.ahead is not None and self.ahead.kind == "mark" and self.ahead.text in marks:
            return self._next()
        return None

    def _problem(self, token: _Token, what: str, fix: str) -> InputError:
        place = self.document.location(token.line, token.column, len(token.text))
        return InputError(Problem("syntax", what, place, fix))
