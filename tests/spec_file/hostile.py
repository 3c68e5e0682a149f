"""Texts that are made to hurt: each as a function, so that the large ones exist only where they are needed."""

from itertools import pairwise

HEAD = "name: hostile\ninput: 3x16x16\n"
ROWS = "rows: {a: softmax}\n"


def doubling_blocks(levels: int) -> str:
    calls = "".join(f"  b{level}: {{sequence: [b{level - 1}, b{level - 1}]}}\n" for level in range(1, levels))
    return f"{HEAD}blocks:\n  b0: {{sequence: [relu]}}\n{calls}rows: {{x: b{levels - 1}}}\n"


def doubling_columns(levels: int) -> str:
    calls = "".join(
        f"  b{level}: {{columns: [c], sequence: [{{b{level - 1}: c + c}}]}}\n" for level in range(1, levels)
    )
    first = "  b0: {columns: [c], sequence: [{convolution: 1x1, filters: c}]}\n"
    return f"{HEAD}blocks:\n{first}{calls}rows: {{x: {{b{levels - 1}: 1}}}}\n"


def repeats(*times: int) -> str:
    step = "relu"
    for number in times:
        step = f"{{repeat: {number}, sequence: [{step}]}}"
    return f"{HEAD}rows: {{a: {step}}}\n"


def chain_of_like(blocks: int) -> str:
    likes = "".join(f"  b{n}: {{like: b{n - 1}, sequence: {{x{n}: relu}}}}\n" for n in range(1, blocks))
    return f"{HEAD}blocks:\n  b0: {{sequence: {{x0: relu}}}}\n{likes}{ROWS}"


def wide_like(steps: int, blocks: int) -> str:
    body = "".join(f"      x{n}: relu\n" for n in range(steps))
    likes = "".join(f"  c{n}: {{like: b}}\n" for n in range(blocks))
    return f"{HEAD}blocks:\n  b:\n    sequence:\n{body}{likes}{ROWS}"


def alias_bomb(levels: int) -> str:
    names = [f"n{level}" for level in range(levels)]
    rest = "".join(f"{name}: &{name} [*{before}, *{before}]\n" for before, name in pairwise(names))
    return f"n0: &n0 [x, x]\n{rest}"


def misspelt_rows(rows: int) -> str:
    names = "".join(f"  r{row}: softmux{row}\n" for row in range(rows))
    return f"{HEAD}rows:\n{names}"


TEXTS = {
    "brackets": lambda: "[" * 100_000,
    "closed brackets": lambda: "[" * 100_000 + "]" * 100_000,
    "braces": lambda: "{a: " * 100_000,
    "brackets in a row": lambda: f"{HEAD}rows: {{a: {'[' * 100_000}}}\n",
    "dashes": lambda: "- " * 100_000 + "x",
    "question marks": lambda: "? " * 100_000,
    "block mappings": lambda: "".join(" " * level + "a:\n" for level in range(2000)),
    "alias bomb": lambda: alias_bomb(40),
    "repeat": lambda: repeats(10**9),
    "nested repeats": lambda: repeats(1000, 1000, 1000),
    "blocks that double": lambda: doubling_blocks(40),
    "blocks that double less deeply": lambda: doubling_blocks(25),
    "columns that double": lambda: doubling_columns(40),
    "a chain of like": lambda: chain_of_like(3000),
    "like of a wide block": lambda: wide_like(2000, 300),
    "variants": lambda: f"{HEAD}{ROWS}variants:\n" + "".join(f"  v{n}: {{}}\n" for n in range(5000)),
    "variants that combine": lambda: (
        f"{HEAD}{ROWS}variants:\n  v0: {{}}\n"
        + "".join(f"  v{n}: {{combine: [v{n - 1}, v{n - 1}]}}\n" for n in range(1, 40))
    ),
    "digits": lambda: f"{HEAD}rows: {{a: {{convolution: 3x3, filters: {'9' * 100_000}}}}}\n",
    "digits of a window": lambda: f"{HEAD}rows: {{a: {{convolution: {'9' * 100}x3, filters: 3}}}}\n",
    "power": lambda: f"{HEAD}rows: {{a: {{convolution: 3x3, filters: 9**9**9}}}}\n",
    "product": lambda: f"{HEAD}rows: {{a: {{convolution: 3x3, filters: {' * '.join(['999999999'] * 80)}}}}}\n",
    "sum": lambda: f"{HEAD}rows: {{a: {{convolution: 3x3, filters: {'1+' * 400_000}1}}}}\n",
    "parentheses": lambda: f"{HEAD}rows: {{a: {{convolution: 3x3, filters: {'(' * 900}}}}}\n",
    "long line": lambda: f"{HEAD}rows: {{a: {'x' * 4_000_000}}}\n",
    "long key": lambda: f"{'x' * 2_000_000}: 1\n",
    "long quoted key": lambda: f'"{"x" * 2_000_000}": 1\n',
    "misspelt rows": lambda: misspelt_rows(2000),
    "duplicate keys": lambda: HEAD + ROWS + "x: 1\n" * 20_000,
    "too many values": lambda: "a\n" * 1_000_001,
    "too large": lambda: "#" * (8 * 1024 * 1024 + 1),
    "columns": lambda: (
        f"{HEAD}blocks:\n  b:\n    columns: [{', '.join(f'c{n}' for n in range(20_000))}]\n    sequence: [relu]\n{ROWS}"
    ),
}
