"""Names of dimensions: which are symbols, which are nobody's, and what stands for them in formulas."""

from __future__ import annotations

import re
from collections.abc import Mapping

from inception_calc.dims import Dim, symbol
from inception_calc.onnx_file.messages import Dimension

NAMELESS = frozenset({"", "?", "-1", "None", "none", "unk", "unknown"})
ODD = re.compile(r"[^A-Za-z0-9_]+")


class Names:
    """Symbols for the free sizes of one model. Equal names are one size; nameless ones are all different."""

    def __init__(self, bound: Mapping[str, Dim]) -> None:
        self._bound = bound
        self._used: set[str] = set()
        self._known: dict[tuple[str, str], str] = {}
        self.originals: dict[str, str] = {}
        """Symbol -> what the file says, where that is another text; empty for what has no name."""

    def size(self, value: str, axis: int, dimension: Dimension) -> Dim:
        """The size of an axis of the value called `value`: a number, or a symbol."""
        if isinstance(dimension, int) and dimension >= 0:
            return dimension
        if not isinstance(dimension, str) or dimension.strip() in NAMELESS:
            return self._symbol("place", f"{value}_{axis}", "")
        name = dimension.strip()
        if name.isascii() and name.isdigit():
            return int(name)
        return self._symbol("name", name, dimension)

    def unknown(self, label: str) -> Dim:
        """A size that only a run knows, called after its node; it may be bound like others."""
        return self._symbol("run", label, "")

    def unused(self) -> str:
        """The first name that was bound and is nowhere in the model; empty where all are."""
        return next((name for name in self._bound if name not in self._used), "")

    def known(self) -> list[str]:
        """All names that may be bound."""
        return [*self._known.values(), *(name for name in self.originals.values() if name)]

    def _symbol(self, kind: str, name: str, original: str) -> Dim:
        key = kind, name
        plain = self._known.get(key)
        if plain is None:
            plain = self._known[key] = self._plain(name)
            if plain != original:
                self.originals[plain] = original
        for written in (original, plain):
            if written and written in self._bound:
                self._used.add(written)
                return self._bound[written]
        return symbol(plain)

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
