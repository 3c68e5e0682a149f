"""Identity: `identity`, a branch that passes its input through. No layer at all."""

from typing import ClassVar

from inception_calc.dims import Scope, Shape
from inception_calc.ops.fields import NothingField
from inception_calc.ops.operator import Operator, Part


class Identity(Operator):
    """The identity as a spec writes it."""

    key: ClassVar[str] = "identity"

    argument: NothingField

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        return []
