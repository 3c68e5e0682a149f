"""Copies of a block in a sequence: found where they are, wired alike, each unit in one of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inception_calc.graph.tandem import Repeat, Units, repeats


def chain(words: list[str], back: dict[int, int] | None = None) -> Units:
    """Nodes that read the one before them, and some of them a further one."""
    inputs = [[place - 1, *([back[place]] if back and place in back else [])] for place in range(len(words))]
    return Units(words, [[place] for place in range(len(words))], inputs, [int(word != "relu") for word in words])


@given(
    st.lists(st.sampled_from(["a", "b", "relu"]), min_size=2, max_size=6),
    st.integers(2, 6),
    st.lists(st.sampled_from(["x", "y"]), max_size=3, unique=True),
)
def test_a_block_that_is_repeated_is_found_whole(block: list[str], copies: int, front: list[str]):
    block = ["first", *block]  # no block of copies of its own
    units = chain([*front, *block * copies, "end"])
    assert repeats(units) == [Repeat(len(front), len(block), copies)] or sum(word != "relu" for word in block) < 2


@given(
    st.lists(st.sampled_from(["a", "b", "relu"]), max_size=24), st.dictionaries(st.integers(2, 23), st.integers(0, 21))
)
def test_copies_say_the_same_and_do_not_overlap(words: list[str], back: dict[int, int]):
    back = {place: source for place, source in back.items() if source < place - 1}
    taken: set[int] = set()
    for repeat in repeats(chain(words, back)):
        stretch = range(repeat.start, repeat.stop)
        assert taken.isdisjoint(stretch)
        taken.update(stretch)
        parts = [words[start : start + repeat.period] for start in stretch[:: repeat.period]]
        assert len(parts) == repeat.copies > 1
        assert all(part == parts[0] for part in parts)
        for place in stretch:  # nothing skips a copy
            for source in {place - 1, back.get(place, place - 1)} & set(stretch):
                copy, of = ((one - repeat.start) // repeat.period for one in (place, source))
                assert of in (copy, copy - 1)
