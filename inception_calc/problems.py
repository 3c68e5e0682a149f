"""What is wrong with an input, as plain values: what, where, why and how to mend it.

Rooms that know *what* is wrong (an operator, the graph, the expression grammar) raise a `Fault`, which
speaks of keys and offsets. The room that knows *where* things stand in a file (`spec_file`) turns faults
into `Problem`s. Text is made last, by `report.problems`.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

Path = tuple[str | int, ...]
"""Keys and list indices that lead from the top of a spec to a value."""


class Location(NamedTuple):
    """A place in a file: `line` and `column` count from 1, `width` is the number of characters meant.

    In a file without lines (a model) all three are 0, and the place is a node, or the file as a whole.
    """

    file: str
    line: int = 0
    column: int = 0
    width: int = 1
    text: str = ""
    node: str = ""

    @property
    def words(self) -> str:
        """`net.yaml:3:7`, `net.onnx: node '/conv1/Conv'`, or the file alone."""
        if self.line:
            return f"{self.file}:{self.line}:{self.column}"
        return f"{self.file}: node '{self.node}'" if self.node else self.file

    @property
    def by_line(self) -> str:
        """`net.yaml:3`; the file alone where it has no lines."""
        return f"{self.file}:{self.line}" if self.line else self.file


class Problem(NamedTuple):
    """One complaint: a stable `code`, what is wrong, where, and a `fix` that can be typed.

    `notes` name further places or reasons ("in 4a, line 49"), one line each. `about` is the symbol, variant or option
    that is meant, for callers who know where the user wrote it.
    """

    code: str
    what: str
    location: Location | None = None
    fix: str = ""
    notes: tuple[str, ...] = ()
    about: str = ""


MOST_FAULTS = 200
"""So many complaints are made in one run: hostile files must not make a million of them."""
MOST_SHOWN = 100
"""So many are shown; nobody reads more. The others are counted."""


ROWS_BEHIND = "rows-behind"
"""The code of what is told beside the fault in front of the first row that was not judged; it is no fault itself."""


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

    @property
    def faults(self) -> "tuple[Fault, ...]":
        """The fault alone, as `Faults` has several."""
        return (self,)


class Faults(ValueError):
    """Several faults found together."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.what for fault in self.faults))

    def under(self, *keys: str | int) -> "Faults":
        """The same faults, seen from further outside."""
        for fault in self.faults:
            fault.under(*keys)
        return self


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


class Suggestion(str):
    """A hint that names the word that was probably meant."""

    __slots__ = ("word",)
    word: str

    def __new__(cls, word: str, text: str = "") -> "Suggestion":
        """The hint that suggests `word`; `text` says it in other words."""
        hint = super().__new__(cls, text or f"did you mean '{word}'?")
        hint.word = word
        return hint


LONGEST_MISSPELT = 40
"""Nobody misspells a longer word; comparing costs the product of the lengths."""
MOST_COMPARED = 2000
SHORTEST_PREFIX = 4
FAR = 99
"""More slips of the finger than any hint bridges."""


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that names the known word of which `word` is a misspelling (a `Suggestion`), or an empty text.

    A misspelling is a few slips away, or a word broken off. Digits are no slips: `int4` is no `int8`, `conv9` no
    `conv5`. Nor is a word that the field knows (`prelu` is no `relu`); where words of the language are
    expected, `meant` says what that word is.
    """
    found = _nearest(word[:LONGEST_MISSPELT], tuple(known))
    return Suggestion(found) if found else ""


def meant(word: str, known: Iterable[str]) -> str:
    """The hint for a word where one of the language's own is expected: as `nearest`, and real words are answered.

    Another name for what there is gets the language's own word; what there is not gets what comes nearest
    and what that would miscount.
    """
    from inception_calc.vocabulary import answer, foreign, is_real, same_as

    own = tuple(known)
    flat = word[:-2] if word.casefold().endswith("2d") else word  # BatchNorm2d
    if hint := nearest(flat, own):
        return hint
    other = flat if is_real(flat) else getattr(nearest(flat, foreign()), "word", "")
    return Suggestion(same_as(other)) if same_as(other) in own else answer(other)


@lru_cache(maxsize=4096)
def _nearest(word: str, known: tuple[str, ...]) -> str:
    from inception_calc.vocabulary import answer, is_real  # only an input with a mistake in it pays for this import

    lower = word.casefold()
    by_case = _by_case(known)
    if answer(word):
        return ""
    if len(lower) >= SHORTEST_PREFIX and (longer := [name for name in by_case if name.startswith(lower)]):
        return by_case[min(longer, key=len)]
    if is_real(word):
        return ""
    letters, digits = set(lower), _digits(lower)
    best, least = "", FAR
    for name in by_case:
        most = min(_most_slips(max(len(name), len(lower))), least - 1)
        if abs(len(name) - len(lower)) > most or len(letters.symmetric_difference(name)) > 2 * most:
            continue
        if (slips := _slips(lower, name, most)) <= most and _digits(name) == digits:
            best, least = by_case[name], slips
    return best


@lru_cache(maxsize=64)
def _by_case(known: tuple[str, ...]) -> dict[str, str]:
    return {name.casefold(): name for name in reversed(known[:MOST_COMPARED])}


def _digits(word: str) -> str:
    return "".join(filter(str.isdigit, word))


def _most_slips(length: int) -> int:
    """How many slips a word of this length may hold: in a short one, each makes another word."""
    return 0 if length < 3 else 1 if length < 6 else 2


def _slips(one: str, other: str, most: int) -> int:
    """Letters left out, put in, mistaken, or swapped with the next one (Damerau); `FAR` for more than `most`."""
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    if not one or not other:
        return len(one) + len(other)
    if most < 1 or abs(len(one) - len(other)) > most:
        return FAR
    ways = [(one[1:], other[1:]), (one, other[1:]), (one[1:], other)]
    if one[:2] == other[1::-1]:
        ways.append((one[2:], other[2:]))
    return 1 + min(_slips(left, right, most - 1) for left, right in ways)


LONGEST_LIST = 13


def listed(words: Iterable[object], last: str = "and", all_in: str = "") -> str:
    """`a, b and c`, shortened at the end where there are very many; `all_in` is the command or place that has all."""
    texts = [str(word) for word in words]
    if len(texts) > LONGEST_LIST:
        more = f"{len(texts) - LONGEST_LIST + 4} more"
        texts = [*texts[: LONGEST_LIST - 4], f"{more} (all: {all_in})" if all_in else more]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} {last} {texts[-1]}" if texts else ""


def counted(number: int, what: str) -> str:
    """`1 column`, `2 columns`."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def are(number: int, what: str) -> str:
    """`is 1 value`, `are 2 values`."""
    return f"{'is' if number == 1 else 'are'} {counted(number, what)}"


def kind_of(value: object) -> str:
    """What stands where something else is expected."""
    if value == "":
        return "an empty value"
    return "a list" if isinstance(value, list) else "a mapping" if isinstance(value, dict) else "a text"
