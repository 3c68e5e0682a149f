"""Whole numbers drawn at random, the same on every machine: the raw words of Philox, whose stream numpy keeps."""

from __future__ import annotations

from collections.abc import Iterator

WORD = 64
SPARE = 64
"""Bits more than the numbers have, so that hardly a draw is thrown away."""
DRAWN = 4096
"""Numbers whose words are made together."""


def draws(below: int, seed: int) -> Iterator[int]:
    """Numbers from 0 to before `below`, each as likely as any other, without end."""
    import numpy

    source = numpy.random.Philox(key=seed)
    words = -(-(below.bit_length() + SPARE) // WORD)
    even = (1 << WORD * words) // below * below  # beyond it the small numbers would be more likely
    while True:
        raw = source.random_raw(DRAWN * words).astype("<u8").tobytes()
        for start in range(0, len(raw), 8 * words):
            number = int.from_bytes(raw[start : start + 8 * words], "little")
            if number < even:
                yield number % below


def chosen(number: int, of: int, seed: int) -> list[int]:
    """So many different numbers below `of`, in rising order."""
    if number >= of:
        return list(range(of))
    found: dict[int, None] = {}
    if 2 * number <= of:
        for draw in draws(of, seed):
            found[draw] = None
            if len(found) == number:
                return sorted(found)
    left_out = set(chosen(of - number, of, seed))
    return [place for place in range(of) if place not in left_out]
