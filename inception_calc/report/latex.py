r"""LaTeX: a `table` environment with booktabs rules, ready for `\input`; names are escaped, so none is a command.

The document needs `\usepackage{booktabs,graphicx}`; a table wider than the text is scaled down to it.
Names beyond Latin letters need XeLaTeX or LuaLaTeX and a fitting font.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from inception_calc.report.plain import column_widths, heading_lines
from inception_calc.report.table import Cell, Table
from inception_calc.report.text import visible

COMMANDS = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\symbol{34}",  # babel gives the bare one a meaning in some languages
    "[": "{[}",  # after the end of a row these two would be its arguments
    "]": "{]}",
    "*": "{*}",
    **{character: f"\\{character}" for character in "{}$&#%_"},
}
SPECIAL = re.compile("|".join(map(re.escape, COMMANDS)))
LIGATURE = re.compile(r"([-`'?!])(?=[-`'])")
"""Pairs such as `--`, which TeX would join into another character."""
LONGEST_LINE = 40
"""Characters of a column of phrases that are still set in one line."""
CROSS = re.compile(r"(?<=[0-9)])x(?=[0-9(])")
"""The x of `7x7` and `112x112x64`."""
MINUS = re.compile(r"^-(?=[0-9])")


def escaped(text: str) -> str:
    """`text` so that LaTeX sets exactly it."""
    return LIGATURE.sub(r"\1{}", SPECIAL.sub(lambda match: COMMANDS[match[0]], visible(text)))


def sizes(text: str) -> str:
    """`text` escaped, the x between numbers set as a multiplication sign, a sign before one as a minus."""
    return CROSS.sub(r"$\\times$", MINUS.sub("$-$", escaped(text)))


def heading(text: str, width: int, position: str) -> str:
    """A heading in bold, in as many lines as its column is narrow."""
    lines = [rf"\textbf{{{sizes(line)}}}" for line in heading_lines(visible(text), width)]
    if len(lines) == 1:
        return lines[0]
    return rf"\begin{{tabular}}[b]{{@{{}}{position}@{{}}}}" + r"\\".join(lines) + r"\end{tabular}"


def draw(table: Table) -> str:
    """The table as a `table` environment, its title as the caption, its notes below."""
    widths = column_widths(table)
    positions = ["c" if table.centred else "r" if column.numeric else "l" for column in table.columns]
    settings = [
        "p{60mm}" if column.prose and width > LONGEST_LINE else position
        for column, width, position in zip(table.columns, widths, positions, strict=True)
    ]

    def line(row: tuple[Cell, ...]) -> str:
        texts = [
            (sizes if column.numeric else escaped)(cell.text) for column, cell in zip(table.columns, row, strict=True)
        ]
        return rf"    {' & '.join(texts)} \\"

    headings = [
        heading(column.heading, width, position)
        for column, width, position in zip(table.columns, widths, positions, strict=True)
    ]
    parts = [
        r"\begin{table}",
        r"  \centering",
        rf"  \caption{{{sizes(table.title)}}}",
        r"  \setlength{\tabcolsep}{4pt}",
        r"  \resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{%",
        rf"  \begin{{tabular}}{{@{{}}{''.join(settings)}@{{}}}}",
        r"    \toprule",
        rf"    {' & '.join(headings)} \\",
        r"    \midrule",
        *map(line, table.rows),
    ]
    if table.totals:
        parts += [r"    \midrule", *map(line, table.totals)]
    parts += [r"    \bottomrule", r"  \end{tabular}}"]
    if table.notes:
        parts += [r"  \par\medskip\footnotesize", *(rf"  {escaped(note)}\par" for note in table.notes)]
    parts.append(r"\end{table}")
    return "\n".join(parts) + "\n"


def listing(items: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Headed items, each with its lines below it."""
    parts = [r"\begin{itemize}\raggedright"]
    for head, lines in items:
        parts.append(rf"  \item \textbf{{{escaped(head)}}}")
        if lines:
            below = (rf"      \item {escaped(line)}" for line in lines)
            parts += [r"    \begin{itemize}", *below, r"    \end{itemize}"]
    return "\n".join([*parts, r"\end{itemize}"]) + "\n"


def draw_all(tables: list[Table]) -> str:
    """Several tables, an empty line between them."""
    return "% needs \\usepackage{booktabs,graphicx}\n" + "\n".join(map(draw, tables))
