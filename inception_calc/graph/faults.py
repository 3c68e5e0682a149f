"""The faults that a walk through a spec meets: each once, with the rows that meet it."""

from collections.abc import Callable

from inception_calc.ops.step import LOST
from inception_calc.problems import MOST_FAULTS, ROWS_BEHIND, Fault, Faults, Path, counted
from inception_calc.spec import Spec

Key = tuple[Path, str, tuple[int, int] | None]
"""Place, code, and the part of the text: a block that nine rows call has its fault once."""


class FaultLog:
    """Collects the faults of a spec. `place` says in words where a path stands."""

    def __init__(self, spec: Spec, place: Callable[[Path], str]) -> None:
        self.spec = spec
        self.place = place
        self._faults: dict[Key, Fault] = {}
        self._rows: dict[Key, list[str]] = {}
        self.complete = True
        """Whether no step was lost or left a guess behind."""
        self._behind: list[Path] = []

    def add(self, fault: Fault, row: str, certain: bool) -> None:
        """Takes down a fault met in a row; what follows from a guess (not `certain`) only where it is known already."""
        self.complete = False
        key = (fault.path, fault.code, fault.span)
        if fault.code == LOST or len(self._faults) >= MOST_FAULTS:
            return
        if key in self._faults or certain:
            self._faults.setdefault(key, fault)
            rows = self._rows.setdefault(key, [])
            if row not in rows:
                rows.append(row)

    def row_behind(self, path: Path) -> None:
        """Takes down a row that a guess enters: its sizes are not judged."""
        self.complete = False
        self._behind.append(path)

    def raise_all(self) -> None:
        """Raises `Faults` where there are any, or where a step was lost."""
        if self.complete:
            return
        faults = [self._described(key) for key in self._faults]
        if self._behind:
            what = f"the sizes of {counted(len(self._behind), 'row')} behind it are not judged yet"
            faults.append(Fault(ROWS_BEHIND, what, path=self._behind[0], at_key=True))
        raise Faults(faults)

    def _described(self, key: Key) -> Fault:
        """The fault with the first row that meets it and the number of others."""
        fault, rows = self._faults[key], self._rows[key]
        if fault.path[:1] in (("blocks",), ("defaults",)):
            kind = "rows" if rows[0] in self.spec.rows else "heads"
            more = f" and {counted(len(rows) - 1, 'more row')}" if len(rows) > 1 else ""
            fault.notes = (*fault.notes, f"in {rows[0]}, {self.place((kind, rows[0]))}{more}")
        return fault
