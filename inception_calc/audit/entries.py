"""What an audit holds: printed cells and claims with their findings."""

from dataclasses import dataclass

from inception_calc.audit.column_rules import ColumnRule
from inception_calc.audit.verdicts import Contradicted, Finding, Reproduced, Unexplained, Value, Verdict, verdict_of
from inception_calc.problems import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A number that a source prints, with what the audit found."""

    spec: str
    variant: str
    printed: str
    computed: Value | None
    finding: Finding
    location: Location
    unverified: bool = False
    """The spec says that the printed number itself is recalled, not read again."""
    place: str = ""
    """Where the source prints a number of the whole; the cells of rows stand in its table."""

    @property
    def verdict(self) -> Verdict:
        """The finding in one word."""
        return verdict_of(self.finding)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedEntry(Entry):
    """A printed cell; `row` is empty for a number of the whole."""

    row: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimEntry(Entry):
    """A claim of the source; `computed` is None where it has no formula."""

    id: str
    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Audit:
    """One spec under one variant. `rules` are what its columns follow; `not_counted` is printed, but no count."""

    spec: str
    variant: str
    title: str
    printed: tuple[PrintedEntry, ...]
    claims: tuple[ClaimEntry, ...]
    rules: tuple[ColumnRule, ...]
    not_counted: tuple[str, ...]
    unneeded: tuple[Location, ...]
    """Reasons for cells that follow without them."""

    @property
    def entries(self) -> tuple[PrintedEntry | ClaimEntry, ...]:
        """Cells, then claims."""
        return self.printed + self.claims

    @property
    def unmarked(self) -> tuple[PrintedEntry | ClaimEntry, ...]:
        """What is unexplained without being marked so in the spec."""
        return tuple(e for e in self.entries if isinstance(e.finding, Unexplained) and not e.finding.is_marked)

    @property
    def barely_confirmed(self) -> tuple[PrintedEntry | ClaimEntry, ...]:
        """What one truncated digit alone confirms, and the spec says nothing about it."""
        found = ((entry, entry.finding) for entry in self.entries)
        return tuple(e for e, how in found if isinstance(how, Reproduced) and how.says_little and not how.why)

    @property
    def unreasoned(self) -> tuple[PrintedEntry | ClaimEntry, ...]:
        """What its own table contradicts without any reason in the spec: the paper's mistake, or the spec's."""
        return tuple(e for e in self.entries if isinstance(e.finding, Contradicted) and not e.finding.why)
