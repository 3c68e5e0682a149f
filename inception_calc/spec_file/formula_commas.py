"""Commas inside a formula's parentheses belong to the formula, in YAML's flow style too: `{filters: max(a, 8)}`.

YAML ends a plain text at a comma inside braces or brackets. So such commas are hidden from its parser behind a
character that stands nowhere in the file, and put back into every text that it reads. One character for one,
so all places stay as they are; outside of flow style, and in comments, it changes nothing.
"""

import re
from itertools import pairwise

PIECE = re.compile(r"""[(),'"\[\]{}#:]""")
BEFORE_COLUMN = frozenset(" \n(,*/%+-")
"""What a column in quotes may follow; elsewhere a quote ends what is no formula."""
ENDS_KEY = ("", " ", "\n", "\r", "\t")
COMMENT = re.compile(r"(?:^|\s)#", re.MULTILINE)
STAND_INS = range(0xF0000, 0xFFFFD)
"""Code points of private use."""


def hidden(text: str) -> tuple[str, str]:
    """The text with these commas replaced, and by what; a parenthesis that is not closed hides nothing."""
    commas: list[int] = []
    seen = 0  # where the text is looked at next; nothing is looked at twice, whatever stands there
    while (place := text.find("(", seen)) >= 0:
        if COMMENT.search(text, max(seen, text.rfind("\n", seen, place)), place):
            end = text.find("\n", place)
            seen = len(text) if end < 0 else end
        else:
            found, seen = _in_parentheses(text, place)
            commas += found
    if not commas:
        return text, ""
    stand_in = next(chr(code) for code in STAND_INS if chr(code) not in text)
    pieces = [text[start + 1 : end] for start, end in pairwise([-1, *sorted(commas), len(text)])]
    return stand_in.join(pieces), stand_in


def _in_parentheses(text: str, place: int) -> tuple[list[int], int]:
    """The commas inside the parentheses that open at `place`, and where they close or something else stands."""
    commas: list[int] = []
    opened: list[list[int]] = []  # the commas behind each open parenthesis
    seen = place
    while found := PIECE.search(text, seen):
        place, seen, mark = found.start(), found.end(), found.group()
        if mark == "(":
            opened.append([])
        elif mark == ",":
            opened[-1].append(place)
        elif mark == ")":
            commas += opened.pop()
            if not opened:
                return commas, seen
        elif mark == "'" and text[place - 1] in BEFORE_COLUMN:
            seen = text.find("'", seen) + 1
            if not seen:
                return commas, len(text)
        elif (
            mark not in "#:"
            or (mark == "#" and text[place - 1].isspace())
            or (mark == ":" and text[seen : seen + 1] in ENDS_KEY)
        ):
            return commas, seen
    return commas, len(text)
