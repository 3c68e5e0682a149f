"""The faults that a walk through a spec meets: each once, with the rows that meet it."""

from collections.abc import Callable

from inception_calc.ops.step import LOST
from inception_calc.problems import MOST_FAULTS, Fault, Faults, Path, counted
from inception_calc.spec import Spec

Key = tuple[Path, str]
"""Place and code: a block that nine rows call has its fault once."""


class FaultLog:
    """Collects the faults of a spec. `place` says in words where a path stands."""

    def __init__(self, spec: Spec, place: Callable[[Path], str]) -> None:
        self.spec = spec
        self.place = place
        self._faults: dict[Key, Fault] = {}
        self._rows: dict[Key, list[str]] = {}

    def add(self, fault: Fault, row: str, certain: bool) -> None:
        """Takes down a fault met in a row; what follows from a guess (not `certain`) only where it is known already."""
        key = (fault.path, fault.code)
        if fault.code == LOST or len(self._faults) >= MOST_FAULTS:
            return
        if key in self._faults or certain:
            self._faults.setdefault(key, fault)
            rows = self._rows.setdefault(key, [])
            if row not in rows:
                rows.append(row)

    def raise_all(self) -> None:
        """Raises `Faults` where there are any."""
        if self._faults:
            raise Faults(self._described(key) for key in self._faults)

    def _described(self, key: Key) -> Fault:
        """The fault with the first row that meets it and the number of others."""
        fault, rows = self._faults[key], self._rows[key]
        if fault.path[:1] == ("blocks",):
            kind = "rows" if rows[0] in self.spec.rows else "heads"
            more = f" and {counted(len(rows) - 1, 'more row')}" if len(rows) > 1 else ""
            fault.notes = (*fault.notes, f"in {rows[0]}, {self.place((kind, rows[0]))}{more}")
        return fault
