"""The layers made so far on the walk through a spec: their names, what enters them, and whose weights they use."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from inception_calc.dims import Shape
from inception_calc.graph.model import IMAGE, Layer
from inception_calc.graph.sharing import Holder, Sharing, held, taken
from inception_calc.ops.layer import LayerOp
from inception_calc.problems import Fault, Faults, Path

MOST_NAME_CHARACTERS = 40_000_000
"""Of all layers' names together: names grow with the nesting, so that few steps can hold much text."""


class Layers:
    """Layers in the order of execution, for a network that these maps enter."""

    def __init__(self, entering: tuple[Shape, ...], place: Callable[[Path], str]) -> None:
        self.entering = entering
        self.place = place
        """Says in words where a path stands."""
        self.made: list[Layer] = []
        self._names: dict[str, int] = {}
        self._characters = 0

    def __len__(self) -> int:
        return len(self.made)

    def must_be_new(self, name: str) -> None:
        """A fault where a layer is called so already."""
        if name in self._names:
            raise Fault(
                "same-name",
                f"two layers are called '{name}'",
                fix="name the steps: {sequence: {name: step}}",
                notes=(f"the other one stands in {self.place(self.made[self._names[name]].path)}",),
            )

    def add(self, layer: Layer) -> int:
        """Takes a layer in, whose name is new; its index. Raises `Faults` where all names together are too long."""
        index = self._names[layer.name] = len(self.made)
        self._characters += len(layer.name)
        if self._characters > MOST_NAME_CHARACTERS:
            what = "the names of all layers are too long together"
            raise Faults([Fault("too-large", what, path=layer.path, fix="repeat less")])
        self.made.append(layer)
        return index

    def maps_into(self, layer: Layer) -> tuple[Shape, ...]:
        """The maps that enter a layer."""
        entering = self.entering
        return tuple([self.made[at].output if at >= 0 else entering[IMAGE - at] for at in layer.inputs])

    def patch(self, index: int) -> str:
        """The patch of the layer at an index, `7x7/2`; empty where there is none yet."""
        if index == len(self.made):
            return ""
        layer = self.made[index]
        return layer.op.patch(self.maps_into(layer)[0])

    def have_arrays(self, start: int) -> bool:
        """Whether a layer from `start` on has arrays that could be shared."""
        return any(any(held(layer.op, self.maps_into(layer))) for layer in self.made[start:])

    def borrowed(
        self, name: str, op: LayerOp, maps: tuple[Shape, ...], sharing: Sharing, own_bias: bool
    ) -> tuple[LayerOp, Mapping[str, int]]:
        """The next layer with the weights of another one: the operation, and for each array the layer that holds it.

        Raises a `Fault` at `sharing` where there is no such layer or its weights do not fit.
        """
        try:
            lender = sharing.lender(name, len(self.made), self._names)
            return taken(name, op, maps, lender, self._holder, own_bias)
        except Fault as fault:
            fault.path = sharing.path
            raise

    def _holder(self, index: int) -> Holder:
        """A layer's name, and the arrays that it uses with the layers that hold them."""
        layer = self.made[index]
        return Holder(layer.name, index, layer.holders, tuple(held(layer.op, self.maps_into(layer))))
