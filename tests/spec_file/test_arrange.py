"""Rows of a graph: unfolded again they are the graph, whatever it looks like; modules that meet again are branches."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inception_calc.spec_file.arrange import NETWORK, Chain, InputOf, Join, Leaf, OutputOf, Piece, Row, arranged


def unfolded(rows: tuple[Row, ...], count: int) -> dict[int, tuple[int, ...]]:
    """The inputs of every piece, as whoever reads the rows one after the other finds them."""
    inputs: dict[int, tuple[int, ...]] = {}
    ends: dict[str, int] = {}

    def walk(chain: Chain, at: int) -> int:
        for item in chain:
            if isinstance(item, OutputOf):
                at = ends[item.row]
                continue
            if isinstance(item, InputOf):
                at = NETWORK - item.number
                continue
            entries = tuple(walk(branch, at) for _, branch in item.branches) if isinstance(item, Join) else (at,)
            assert item.piece not in inputs
            inputs[item.piece] = entries
            at = item.piece
        return at

    at = NETWORK
    for row in rows:
        assert row.name not in ends
        at = ends[row.name] = walk(row.chain, at)
    assert len(inputs) == count
    return inputs


@st.composite
def graphs(draw) -> list[Piece]:
    pieces = []
    for index in range(draw(st.integers(1, 14))):
        joins = draw(st.booleans()) and index > 0
        earliest, fewest, most = (max(NETWORK - 1, index - 5), 2, 4) if joins else (max(NETWORK, index - 3), 1, 1)
        inputs = draw(st.lists(st.integers(earliest, index - 1), min_size=fewest, max_size=most))
        pieces.append(Piece(draw(st.sampled_from(["a", "b/c", "b/d_e", "total"])), tuple(inputs), joins))
    return pieces


@given(graphs())
def test_unfolded_again_it_is_the_graph(pieces: list[Piece]):
    assert unfolded(arranged(pieces), len(pieces)) == {index: piece.inputs for index, piece in enumerate(pieces)}


def chain(*names: str, source: int = NETWORK, start: int = 0) -> list[Piece]:
    return [Piece(name, (source if not place else start + place - 1,)) for place, name in enumerate(names)]


def test_a_module_is_a_row_with_its_branches():
    pieces = [
        *chain("conv1"),
        Piece("3a/1x1", (0,)),
        Piece("3a/3x3_reduce", (0,)),
        Piece("3a/3x3", (2,)),
        Piece("3a/output", (1, 3, 0), joins=True),
    ]
    assert arranged(pieces) == (
        Row("conv1", (Leaf(0, "conv1"),)),
        Row(
            "3a",
            (
                Join(
                    4,
                    (
                        ("1x1", (Leaf(1, "1x1"),)),
                        ("3x3", (Leaf(2, "3x3_reduce"), Leaf(3, "3x3"))),
                        ("identity", ()),
                    ),
                ),
            ),
        ),
    )


def test_a_skip_over_more_joins_than_a_reader_follows_is_the_output_of_a_row():
    """a -> b -> c -> d, then sums with c, b and a: three joins inside each other."""
    sums = [Piece(f"s{place}", (3 + place, 2 - place), joins=True) for place in range(3)]
    rows = arranged([*chain("a", "b", "c", "d"), *sums])
    assert [row.name for row in rows][:2] == ["a", "b"]
    assert isinstance(rows[-1].chain[-1], Join)
    assert rows[-1].chain[-1].branches == (("identity", ()), ("a", (OutputOf("a"),)))


def test_two_ends_are_two_rows():
    rows = arranged([*chain("body"), Piece("boxes", (0,)), Piece("scores", (0,))])
    assert rows[1:] == (Row("boxes", (Leaf(1, "boxes"),)), Row("scores", (OutputOf("body"), Leaf(2, "scores"))))


def test_rows_that_begin_with_an_input_say_which():
    rows = arranged([Piece("left", (NETWORK,)), Piece("right", (NETWORK,)), Piece("text", (NETWORK - 1,))])
    assert [row.chain[:-1] for row in rows] == [(), (InputOf(0),), (InputOf(1),)]


def test_a_chain_of_ten_thousand_takes_no_recursion():
    assert len(arranged(chain(*map(str, range(10_000))))) == 10_000
