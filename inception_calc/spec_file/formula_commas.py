"""Commas inside a formula's parentheses belong to the formula, in YAML's flow style too: `{filters: max(a, 8)}`.

YAML ends a plain text at a comma inside braces or brackets. So such commas are hidden from its parser behind a
character that stands nowhere in the file, and put back into every text that it reads. One character for one,
so all places stay as they are; outside of flow style, and in comments, it changes nothing.
"""

import re

PIECE = re.compile(
    r"""(?<![^\s\[{(,:])(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')  # a text in quotes, passed over
      | (?<!\S)\#[^\n]*                                        # a comment, passed over
      | :(?![^\s,\[\]{}])                                      # the end of a key
      | [()\[\]{},]""",
    re.VERBOSE | re.DOTALL,
)
STAND_INS = range(0xF0000, 0xFFFFD)
"""Code points of private use."""


def hidden(text: str) -> tuple[str, str]:
    """The text with these commas replaced, and by what; a parenthesis that is not closed hides nothing."""
    if "(" not in text:
        return text, ""
    commas: list[int] = []
    opened: list[list[int]] = []  # the commas behind each open parenthesis
    for found in PIECE.finditer(text):
        mark = found.group()
        if mark == "(":
            opened.append([])
        elif mark == ")" and opened:
            commas += opened.pop()
        elif mark == "," and opened:
            opened[-1].append(found.start())
        elif mark in ("[", "]", "{", "}", ":"):
            opened.clear()
    if not commas:
        return text, ""
    there = set(text)
    stand_in = next(chr(code) for code in STAND_INS if chr(code) not in there)
    letters = list(text)
    for place in commas:
        letters[place] = stand_in
    return "".join(letters), stand_in
