"""Values before and after, short enough for a line, cut so that what differs is seen."""

from itertools import takewhile

LONGEST = 60
"""Characters of a value; a connection table is longer than anybody reads in a line."""
SHARED = LONGEST // 3
"""Characters in front of the first difference that are still shown of a value whose beginning is cut off."""


def told_apart(before: str, after: str) -> tuple[str, str]:
    """Both values, each cut to one line that shows the first place where they differ."""
    place = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
    start = 0 if place <= LONGEST - SHARED else place - SHARED
    return cut(before, start), cut(after, start)


def cut(text: str, start: int = 0) -> str:
    """A value in one line, the long ones from `start` on."""
    if len(text) <= LONGEST:
        return text
    rest = f"...{text[start:]}" if start else text
    return rest if len(rest) <= LONGEST else f"{rest[: LONGEST - 3]}..."
