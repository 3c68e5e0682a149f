"""The text of a spec: short steps on one line, joins with a line for each branch, rows under each other."""

from __future__ import annotations

import re
from collections.abc import Iterable

from inception_calc.onnx_import.blocks import Block, Called
from inception_calc.onnx_import.defaults import Defaults, written
from inception_calc.onnx_import.items import WINDOWED, Item, named
from inception_calc.onnx_import.table import TableRow
from inception_calc.onnx_import.windows import Value

WIDTH = 110
PLAIN = re.compile(r"[\w/][\w ./+*()-]*(?<! )")
"""Scalars that mean themselves without quotes."""
INDENT = "  "


def quoted(text: str) -> str:
    """A scalar of YAML: as it stands where that is safe, else in double quotes with everything odd escaped."""
    if PLAIN.fullmatch(text) and text.isprintable():
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable() and not 0xD800 <= ord(character) < 0xE000:
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def commented(text: str) -> str:
    """A text that stands in a comment: one line of it, with everything odd escaped."""
    return "".join(map(_escaped, text)).replace('\\"', '"')


def spec_text(
    name: str,
    comments: Iterable[str],
    inputs: dict[str, tuple[int, ...]],
    defaults: Defaults,
    blocks: list[Block],
    rows: list[TableRow | Called],
) -> str:
    """The whole file."""
    lines = [*(f"# {commented(comment)}" for comment in comments), f"name: {quoted(name)}", ""]
    sizes = {key: "x".join(map(str, size)) for key, size in inputs.items()}
    if len(sizes) == 1 and not any(_reads_input(_row(row).step) for row in rows):
        lines.append(f"input: {next(iter(sizes.values()))}")
    else:
        lines += ["input:", *(f"{INDENT}{key}: {size}" for key, size in sizes.items())]
    if defaults:
        lines.append("defaults:")
        for family, settings in defaults.items():
            lines.append(
                f"{INDENT}{family}: {{{', '.join(f'{key}: {_flow(value)}' for key, value in settings.items())}}}"
            )
    if blocks:
        lines += ["", "blocks:"]
        for block in blocks:
            lines += _block(block, defaults)
    lines += ["", "rows:"]
    width = max(len(quoted(_row(row).name)) for row in rows) + 1
    calls = _aligned([row for row in rows if isinstance(row, Called)])
    for row in rows:
        lines += _row_lines(row, calls, width, defaults)
    return "\n".join(lines) + "\n"


def _reads_input(item: Item) -> bool:
    """Whether a step names an input: then it must have a name."""
    inner = [one for _, branch in item.branches for one in branch]
    return item.word == "input" or any(map(_reads_input, (*inner, *item.steps)))


def _row(row: TableRow | Called) -> TableRow:
    return row.row if isinstance(row, Called) else row


def _aligned(calls: list[Called]) -> dict[str, str]:
    """The cells of each row, under those of the rows that call the same block."""
    texts: dict[str, str] = {}
    for block in {call.block for call in calls}:
        same = [call for call in calls if call.block == block]
        widths = [max(map(len, cells)) for cells in zip(*(call.cells for call in same), strict=True)]
        for call in same:
            cells = [cell.rjust(width) for cell, width in zip(call.cells, widths, strict=True)]
            texts[call.row.name] = f"[{', '.join(cells)}]" if cells else ""
    return texts


def _row_lines(row: TableRow | Called, calls: dict[str, str], width: int, defaults: Defaults) -> list[str]:
    then = _row(row).then
    behind = [] if not then else [("then", _chain(then, defaults))]
    head = f"{INDENT}{quoted(_row(row).name)}:"
    if isinstance(row, Called):
        step = row.row.step
        pairs = [*_repeat(step), (row.block, calls[row.row.name]), *behind]
        return [f"{INDENT}{f'{quoted(row.row.name)}:'.ljust(width)} {_mapping(pairs)}"]
    line = _one_line(row.step, defaults, behind)
    if len(line) + width + 3 <= WIDTH and not row.step.branches and not named(row.step.steps):
        return [f"{INDENT}{f'{quoted(row.name)}:'.ljust(width)} {line}"]
    return [head, *_lines(row.step, INDENT * 2, defaults, behind)]


def _block(block: Block, defaults: Defaults) -> list[str]:
    lines = [f"{INDENT}{quoted(block.name)}:"]
    if block.columns:
        lines.append(f"{INDENT * 2}columns: [{', '.join(map(quoted, block.columns))}]")
    return [*lines, *_lines(block.body, INDENT * 2, defaults, [])]


def _lines(item: Item, indent: str, defaults: Defaults, behind: list[tuple[str, str]]) -> list[str]:
    """A step over several lines."""
    lines = [f"{indent}{key}: {value}" for key, value in _repeat(item)]
    after = [f"{indent}{key}: {_flow(value)}" for key, value in written(item, defaults)]
    after += [f"{indent}{key}: {value}" for key, value in behind]
    if item.branches:
        lines.append(f"{indent}{item.word}:")
        width = max(len(quoted(name)) for name, _ in item.branches) + 1
        for name, chain in item.branches:
            text = _chain(chain, defaults)
            inner = indent + INDENT
            if len(text) + len(inner) + width + 1 <= WIDTH and not any(one.branches for one in chain):
                lines.append(f"{inner}{f'{quoted(name)}:'.ljust(width)} {text}")
            elif len(chain) == 1:
                lines += [f"{inner}{quoted(name)}:", *_lines(chain[0], inner + INDENT, defaults, [])]
            elif named(chain):
                lines += [f"{inner}{quoted(name)}:", *_sequence(chain, inner + INDENT, defaults)]
            else:
                lines += [f"{inner}{quoted(name)}:", *_listed(chain, inner + INDENT, defaults)]
        return [*lines, *after]
    if item.word == "sequence":
        return [*lines, *_sequence(item.steps, indent, defaults), *after]
    return [*lines, f"{indent}{item.word}: {_argument(item)}".rstrip(), *after]


def _sequence(chain: tuple[Item, ...], indent: str, defaults: Defaults) -> list[str]:
    """`sequence` with its steps, under names where joins are among them."""
    lines = [f"{indent}sequence:"]
    steps = named(chain)
    if steps is None:
        return [*lines, *_listed(chain, indent + INDENT, defaults)]
    inner = indent + INDENT
    for name, item in steps:
        text = _one_line(item, defaults, [])
        if len(text) + len(inner) + len(name) + 2 <= WIDTH and not item.branches and not item.steps:
            lines.append(f"{inner}{quoted(name)}: {text}")
        else:
            lines += [f"{inner}{quoted(name)}:", *_lines(item, inner + INDENT, defaults, [])]
    return lines


def _listed(chain: Iterable[Item], indent: str, defaults: Defaults) -> list[str]:
    """Steps as a list, one below the other."""
    lines: list[str] = []
    for item in chain:
        text = _one_line(item, defaults, [])
        if len(text) + len(indent) + 2 <= WIDTH and not item.branches:
            lines.append(f"{indent}- {text}")
        else:
            first, *rest = _lines(item, indent + INDENT, defaults, [])
            lines += [f"{indent}- {first.lstrip()}", *rest]
    return lines


def _chain(chain: tuple[Item, ...], defaults: Defaults) -> str:
    """Steps on one line: `identity`, one step, or a list."""
    texts = [_one_line(item, defaults, []) for item in chain]
    if steps := named(chain):
        return f"{{sequence: {_mapping((quoted(name), _one_line(item, defaults, [])) for name, item in steps)}}}"
    return "identity" if not texts else texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"


def _one_line(item: Item, defaults: Defaults, behind: list[tuple[str, str]]) -> str:
    """`{convolution: 7x7/2, filters: 64}`, or the bare word."""
    argument = _argument(item)
    if item.word == "sequence":
        texts = [_one_line(step, defaults, []) for step in item.steps]
        steps = named(item.steps)
        argument = f"[{', '.join(texts)}]"
        if steps:
            argument = _mapping((quoted(name), text) for (name, _), text in zip(steps, texts, strict=True))
    elif item.branches:
        argument = _mapping([(quoted(name), _chain(chain, defaults)) for name, chain in item.branches])
    settings = [(key, _flow(value)) for key, value in written(item, defaults)]
    if not argument and not settings and not behind and item.repeat == "1":
        return item.word
    return _mapping([*_repeat(item), (item.word, argument), *settings, *behind])


def _repeat(item: Item) -> list[tuple[str, str]]:
    return [] if item.repeat == "1" else [("repeat", item.repeat)]


def _argument(item: Item) -> str:
    """The main argument, with the stride of a window: a pool's must be written."""
    if item.word in WINDOWED and item.stride and (item.stride != "1" or item.word.endswith(" pool")):
        return f"{item.argument}/{item.stride}"
    return _flow(item.argument)


def _mapping(pairs: Iterable[tuple[str, str]]) -> str:
    return "{" + ", ".join(f"{key}: {value}".rstrip() if value else f"{key}: " for key, value in pairs) + "}"


def _flow(value: Value) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, dict):
        return _mapping([(key, quoted(text)) for key, text in value.items()])
    return quoted(value) if value else ""
