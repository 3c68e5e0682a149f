"""Random trees of texts, printed as YAML by hand with the place of every key and value written down.

The printer shares nothing with the reader: it counts lines and columns while it writes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

PLAIN = st.text(alphabet="abcxyzXYZ0123456789_éÅ漢😀", min_size=1, max_size=8)
"""Words that stand in YAML without quotes, wherever they stand."""
SPACED = st.lists(PLAIN, min_size=2, max_size=3).map(" ".join)
ODD = st.text(alphabet=" :#[]{},&*!|>'%@`\"\\-?=~<é漢😀ab1.", max_size=10)
"""Texts that need quotes."""


@dataclass(frozen=True)
class Text:
    text: str
    style: str
    """'' for a plain scalar, or the quotes around it."""


@dataclass(frozen=True)
class Branch:
    pairs: tuple[tuple[Text, object], ...]
    flow: bool


@dataclass(frozen=True)
class Items:
    items: tuple[object, ...]
    flow: bool


plain_texts = st.builds(Text, st.one_of(PLAIN, SPACED), st.just(""))
single_quoted = st.builds(Text, ODD, st.just("'"))
double_quoted = st.builds(Text, ODD, st.just('"'))
texts = st.one_of(plain_texts, single_quoted, double_quoted)
keys = texts.filter(lambda key: key.text and key.text != "<<")


def _branches(children):
    pairs = st.lists(st.tuples(keys, children), min_size=1, max_size=4, unique_by=lambda pair: pair[0].text)
    return st.builds(Branch, pairs.map(tuple), st.booleans())


def _items(children):
    return st.builds(Items, st.lists(children, min_size=1, max_size=4).map(tuple), st.booleans())


values = st.recursive(texts, lambda children: st.one_of(_branches(children), _items(children)), max_leaves=12)
trees = _branches(values)


@dataclass
class Printed:
    """The text so far, and where each key and value of it begins: (path, is_key) -> line and column from 1."""

    text: str = ""
    places: dict[tuple[tuple[str | int, ...], bool], tuple[int, int]] = field(default_factory=dict)
    widths: dict[tuple[tuple[str | int, ...], bool], int] = field(default_factory=dict)

    def write(self, text: str) -> None:
        self.text += text

    def mark(self, path: tuple[str | int, ...], is_key: bool, width: int) -> None:
        line = self.text.count("\n") + 1
        self.places[path, is_key] = (line, len(self.text) - self.text.rfind("\n"))
        self.widths[path, is_key] = width


def written(text: Text) -> str:
    if text.style == "'":
        return "'" + text.text.replace("'", "''") + "'"
    if text.style == '"':
        return '"' + text.text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return text.text


def printed(tree: Branch) -> Printed:
    out = Printed()
    if tree.flow:
        _print(out, tree, (), 0, True)
        out.write("\n")
    else:
        _print(out, tree, (), 0, False)
    return out


def _print(out: Printed, node: object, path: tuple[str | int, ...], indent: int, in_flow: bool) -> None:
    """Writes a value; block collections end with their line, others do not."""
    if isinstance(node, Text):
        out.mark(path, False, len(written(node)))
        out.write(written(node))
    elif isinstance(node, Branch) and (in_flow or node.flow):
        out.mark(path, False, 1)
        out.write("{")
        for index, (key, value) in enumerate(node.pairs):
            out.write(", " if index else "")
            out.mark((*path, key.text), True, len(written(key)))
            out.write(f"{written(key)}: ")
            _print(out, value, (*path, key.text), indent, True)
        out.write("}")
    elif isinstance(node, Items) and (in_flow or node.flow):
        out.mark(path, False, 1)
        out.write("[")
        for index, item in enumerate(node.items):
            out.write(", " if index else "")
            _print(out, item, (*path, index), indent, True)
        out.write("]")
    elif isinstance(node, Branch):
        for key, value in node.pairs:
            out.write(" " * indent)
            out.mark((*path, key.text), True, len(written(key)))
            out.write(f"{written(key)}:")
            _below(out, value, (*path, key.text), indent + 2)
    else:
        assert isinstance(node, Items)
        for index, item in enumerate(node.items):
            out.write(" " * indent + "-")
            _below(out, item, (*path, index), indent + 2)


def _below(out: Printed, node: object, path: tuple[str | int, ...], indent: int) -> None:
    """A value behind a colon or a dash: on the same line, or as a block on the next ones."""
    if isinstance(node, Text) or node.flow:
        out.write(" ")
        _print(out, node, path, indent, False)
        out.write("\n")
    else:
        out.write("\n")
        _print(out, node, path, indent, False)


def plain_value(node: object) -> object:
    """The tree as texts, lists and dictionaries."""
    if isinstance(node, Text):
        return node.text
    if isinstance(node, Items):
        return [plain_value(item) for item in node.items]
    return {key.text: plain_value(value) for key, value in node.pairs}
