"""Names made safe to show, and numbers as people read them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from inception_calc.dims import Dim, Shape, formula_text
from inception_calc.files.references import DEFAULT

UNITS = ((10**15, "P"), (10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "K"))


CI_COMMAND = re.compile(r"(?<!\S)::|##(?=\w*\[)")
"""What CI systems read in a log as a command: `::error::` in front (GitHub), and `##[` or `##vso[` anywhere."""


def visible(text: str) -> str:
    """`text` with every character written out that a terminal, or a CI system reading the log, would obey."""
    shown = printable(text)
    return CI_COMMAND.sub(_first_written_out, shown) if "::" in shown or "##" in shown else shown


def printable(text: str) -> str:
    """`text` with every control, formatting and line-breaking character written out."""
    if text.isascii() and text.isprintable():
        return text
    import unicodedata  # most names do without

    return "".join(
        character
        if character == " " or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
        else f"\\x{ord(character):02x}"
        if ord(character) < 256
        else f"\\u{ord(character):04x}"
        for character in text
    )


def _first_written_out(found: re.Match[str]) -> str:
    return f"\\x{ord(found[0][0]):02x}{found[0][1:]}"


def json_for_logs(text: str) -> str:
    """A JSON document of the same meaning in which no CI system finds a command: such a `#` is in a string."""
    return CI_COMMAND.sub(lambda found: f"\\u0023{found[0][1:]}" if found[0] == "##" else found[0], text)


def cell_width(text: str) -> int:
    """How many terminal cells the text takes: marks that combine take none, wide characters two."""
    if text.isascii():
        return len(text)
    return sum(map(_cells, text))


def _cells(character: str) -> int:
    import unicodedata

    if unicodedata.category(character) in ("Mn", "Me") or "\u1160" <= character <= "\u11ff":
        return 0  # marks, and the vowels and finals that join a Hangul syllable's first letter
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def padded(text: str, width: int, right: bool = False) -> str:
    """`text` filled up with spaces to `width` terminal cells."""
    spaces = " " * (width - cell_width(text))
    return spaces + text if right else text + spaces


def short(number: Dim) -> str:
    """A number as papers print it, three digits and K, M, G (thousands): 163,696 is 164K. Formulas stay formulas."""
    if not isinstance(number, int):
        return formula_text(number)
    if abs(number) < 1000:
        return str(number)
    for size, unit in UNITS:
        if abs(number) >= size - size // 2000:  # 999,500 is 1.00M, not 1000K
            value = Fraction(number, size)
            digits = 2 if abs(value) < Fraction(9995, 1000) else 1 if abs(value) < Fraction(9995, 100) else 0
            scaled = round(value * 10**digits)
            whole, part = divmod(abs(scaled), 10**digits)
            fraction = f".{part:0{digits}d}" if digits else ""
            return f"{'-' if number < 0 else ''}{whole}{fraction}{unit}"
    return str(number)


def exact(number: Dim) -> str:
    """All digits, in groups of three. Formulas stay formulas."""
    return f"{number:,}" if isinstance(number, int) else formula_text(number)


def ratio(value: Fraction) -> str:
    """A ratio with three digits: 3.15, 14.3, 144."""
    if value >= 100:
        return short(round(value))
    digits = 1 if value >= 10 else 2
    scaled = round(value * 10**digits)
    return f"{scaled // 10**digits}.{scaled % 10**digits:0{digits}d}"


def sides_text(sides: Iterable[str]) -> str:
    """Sides with x between them, and spaces around it where they are formulas: 28x28x256, `size // 2 x size // 2`."""
    texts = list(sides)
    return ("x" if all(text.isdecimal() for text in texts) else " x ").join(texts)


def size_text(x: Shape) -> str:
    """The spatial axes, then channels, as papers print them: 28x28x256, 197x768; a tensor as it stands."""
    return sides_text(map(formula_text, x.in_print))


def with_variant(name: str, variant: str, between: str = " ") -> str:
    """`GoogLeNet @naive`; the name alone where no variant was chosen."""
    return name if variant == DEFAULT else f"{name}{between}@{variant}"


def quantity_text(value: Dim | Fraction) -> str:
    """An integer, a fraction as `1/2`, or a formula."""
    return str(value) if isinstance(value, Fraction) else formula_text(value)


def percent(part: Fraction) -> str:
    """A share with one decimal: 12.3%."""
    tenths = round(part * 1000)
    return f"{tenths // 10}.{tenths % 10}%"


def signed(number: Dim) -> str:
    """A difference as people read it: +96.3M, -1.20K, 0."""
    text = short(number)
    return f"+{text}" if isinstance(number, int) and number > 0 else text


def signed_percent(part: Fraction) -> str:
    """A relative change with one decimal: +8.1%, -0.5%."""
    return f"{'-' if part < 0 else '+'}{percent(abs(part))}"


def cost_lines(output: Shape, params: Dim, multiply_adds: Dim) -> list[str]:
    """What a box of a drawn network says below its name: the map as papers print it, and what the layer costs."""
    lines = [size_text(output)]
    if params != 0:
        lines.append(f"{short(params)} params")
    if multiply_adds != 0:
        lines.append(f"{short(multiply_adds)} multiply-adds")
    return lines
