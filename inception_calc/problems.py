"""What is wrong with an input, as plain values: what, where, why and how to mend it.

Rooms that know *what* is wrong (an operator, the graph, the expression grammar) raise a `Fault`, which
speaks of keys and offsets. The room that knows *where* things stand in a file (`spec_file`) turns faults
into `Problem`s. Text is made last, by `report.problems`.
"""

from collections.abc import Iterable
from typing import NamedTuple

Path = tuple[str | int, ...]
"""Keys and list indices that lead from the top of a spec to a value."""


class Location(NamedTuple):
    """A place in a file; `line` and `column` count from 1, `width` is the number of characters meant."""

    file: str
    line: int
    column: int
    width: int = 1
    text: str = ""


class Problem(NamedTuple):
    """One complaint: a stable `code`, what is wrong, where, and a `fix` that can be typed.

    `notes` name further places or reasons ("in 4a, line 49"), one line each.
    """

    code: str
    what: str
    location: Location | None = None
    fix: str = ""
    notes: tuple[str, ...] = ()


class Fault(ValueError):
    """Something is wrong with the value under `path`, seen from the step or value at hand.

    `span` is an offset and a length inside that value's text; `at_key` points at the last key of the path
    instead of its value. Whoever catches it on its way out may put more keys before `path` with `under`.
    A ValueError, so that pydantic gathers the faults of one model.
    """

    def __init__(
        self,
        code: str,
        what: str,
        *,
        fix: str = "",
        path: Path = (),
        span: tuple[int, int] | None = None,
        at_key: bool = False,
        notes: tuple[str, ...] = (),
    ) -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.fix = fix
        self.path = path
        self.span = span
        self.at_key = at_key
        self.notes = notes

    def under(self, *keys: str | int) -> "Fault":
        """The same fault, seen from further outside."""
        self.path = keys + self.path
        return self


class Faults(ValueError):
    """Several faults found together."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.what for fault in self.faults))


class Stop(Exception):
    """The question cannot be answered as asked; `exit_code` says how (design, section 5)."""

    exit_code = 70

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.what for problem in problems))
        self.problems = problems


class InputError(Stop):
    """A spec, budget, model or option is unreadable or invalid."""

    exit_code = 2


class Undecided(Stop):
    """The answer depends on something that is not known, a free symbol for example."""

    exit_code = 3


class MissingExtra(Stop):
    """An optional part of the program is not installed; the problem's fix says what to type."""

    exit_code = 4


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that names the known word nearest to `word`, or an empty text."""
    import difflib  # only an input with a mistake in it pays for this import

    candidates = list(known)
    match = difflib.get_close_matches(word[:80], candidates, n=1, cutoff=0.6)
    if not match:  # the cutoff misses words whose letters are only swapped around in a short word
        match = [name for name in candidates if sorted(name) == sorted(word)][:1]
    return f"did you mean '{match[0]}'?" if match else ""


def listed(words: Iterable[object], last: str = "and") -> str:
    """`a, b and c`, shortened in the middle when there are very many."""
    texts = [str(word) for word in words]
    if len(texts) > 12:
        texts = [*texts[:10], f"{len(texts) - 10} more"]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} {last} {texts[-1]}" if texts else ""
