"""Names of dimensions: which are symbols, which are nobody's, and what stands for them in formulas."""

from __future__ import annotations

import re

from inception_calc.dims import Dim, symbol
from inception_calc.onnx_file.messages import Dimension

NAMELESS = frozenset({"", "?", "-1", "None", "none", "unk", "unknown"})
ODD = re.compile(r"[^A-Za-z0-9_]+")


class Names:
    """Symbols for the free dimensions of one model. Equal names are one size; nameless ones are all different."""

    def __init__(self, bound: dict[str, int]) -> None:
        self._bound = bound
        self._known: dict[tuple[str, bool], str] = {}
        self.originals: dict[str, str] = {}
        """Symbol -> what the file says, where that is another text."""

    def size(self, value: str, axis: int, dimension: Dimension) -> Dim:
        """The size of an axis of the value called `value`: a number, or a symbol."""
        if isinstance(dimension, int) and dimension >= 0:
            return dimension
        if not isinstance(dimension, str) or dimension.strip() in NAMELESS:
            return self._symbol(f"{value}_{axis}", None)
        name = dimension.strip()
        if name.isdigit():
            return int(name)
        return self._symbol(name, dimension)

    def _symbol(self, name: str, original: str | None) -> Dim:
        """The symbol for a name in the file, or for a place (`original` None) that has none."""
        if original is not None and original in self._bound:
            return self._bound[original]
        key = name, original is None
        plain = self._known.get(key)
        if plain is None:
            plain = self._known[key] = self._plain(name)
            if plain != original:
                self.originals[plain] = original or ""
        return self._bound[plain] if plain in self._bound else symbol(plain)

    def _plain(self, name: str) -> str:
        """The name in letters, digits and underscores, unlike all others."""
        plain = ODD.sub("_", name).strip("_") or "size"
        plain = f"n_{plain}" if plain[0].isdigit() else plain
        plain = "width_multiplier_" if plain == "width_multiplier" else plain  # it may be a fraction, no size may
        taken = set(self._known.values())
        unlike = plain
        number = 2
        while unlike in taken:
            unlike, number = f"{plain}_{number}", number + 1
        return unlike
