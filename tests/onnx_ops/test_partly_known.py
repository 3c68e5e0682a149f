"""Shapes that an input gives and of which only some elements are known, or not even how many there are."""

from __future__ import annotations

import pytest

from inception_calc.dims import formula_text
from inception_calc.onnx_ops.kind import Call, Unresolved
from inception_calc.onnx_ops.register import find
from inception_calc.onnx_ops.value import INT64, Outputs, Sequence, Tensor

PARTLY = Tensor((2,), INT64, (6, None))
NONE = Tensor((2,), INT64)
PLANE = Tensor((3, 5))


def outputs(name: str, *inputs: Tensor | None, **settings: object) -> Outputs:
    kind = find("", name, 24)
    assert kind is not None
    defaults = {key: setting.default for key, setting in kind.settings.items()}
    return kind.rule(Call("new", defaults | settings, inputs, 1))


@pytest.mark.parametrize(
    ("name", "inputs", "partly", "nothing"),
    [
        ("Expand", (Tensor((1,)),), "6 new", "new new_2"),
        ("ConstantOfShape", (), "6 new", "new new_2"),
        ("Reshape", (Tensor((3, 4)),), "6 2", "(12//new) new"),
        ("Tile", (PLANE,), "18 new", "new new_2"),
        ("CenterCropPad", (PLANE,), "6 new", "new new_2"),
        ("Col2Im", (Tensor((1, 12, 20)),), "1 3 6 new", "1 3 new new_2"),
        ("MaxUnpool", (PLANE, PLANE), "6 new", "new new_2"),
        ("Resize", (PLANE, None), "18 new", "new new_2"),
        ("Resize", (PLANE, None, None), "6 new", "new new_2"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_known_stays_and_the_rest_is_new(name: str, inputs: tuple, partly: str, nothing: str):
    behind = (Tensor((2,), INT64, (2, 2)),) if name == "Col2Im" else ()
    settings = {"kernel_shape": (2,)} if name == "MaxUnpool" else {}
    for given, expected in ((PARTLY, partly), (NONE, nothing)):
        (y, *_) = outputs(name, *inputs, given, *behind, **settings)
        assert isinstance(y, Tensor)
        assert " ".join(map(formula_text, y.shape)) == expected


def test_a_running_sum_keeps_its_shape_where_an_element_is_not_known():
    (y,) = outputs("CumSum", Tensor((4,), INT64, (1, 2, None, 4)), Tensor((), INT64, (0,)))
    assert y == Tensor((4,), INT64, (1, 3, None, None))


@pytest.mark.parametrize("name", ["Expand", "Reshape", "ConstantOfShape"])
def test_a_shape_of_a_quintillion_axes_is_not_written_out(name: str):
    inputs = () if name == "ConstantOfShape" else (PLANE,)
    with pytest.raises(Unresolved):
        outputs(name, *inputs, Tensor((1 << 60,), INT64))


def test_a_quintillion_pieces_are_counted_and_not_held():
    (pieces,) = outputs("SplitToSequence", Tensor((1 << 60, 2)))
    assert pieces == Sequence(None, Tensor((1, 2)), 1 << 60)
