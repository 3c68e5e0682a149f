"""Audits -> tables (printed numbers, then claims, then the verdicts counted), and the JSON document."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from inception_calc.audit import VERDICTS, Audit, ClaimEntry, PrintedEntry, Verdict
from inception_calc.audit.column_rules import ColumnRule
from inception_calc.dims import Shape
from inception_calc.files.references import DEFAULT
from inception_calc.problems import listed
from inception_calc.report.audit_words import (
    RECALLED,
    json_value,
    long_how,
    short_how,
    unit_text,
    value_text,
    why_of,
)
from inception_calc.report.json_values import listed_lines
from inception_calc.report.table import Cell, Column, Table
from inception_calc.report.text import with_variant

PRINTED_COLUMNS = (
    Column("row", "row", importance=9),
    Column("what", "what", importance=9),
    Column("printed", "printed", numeric=True, importance=9),
    Column("computed", "computed", numeric=True, importance=7),
    Column("verdict", "verdict", importance=9),
    Column("how", "how", importance=8, prose=True),
)
CLAIM_COLUMNS = (
    Column("claim", "claim", importance=9),
    Column("printed", "printed", numeric=True, importance=9),
    Column("computed", "computed", numeric=True, importance=7),
    Column("verdict", "verdict", importance=9),
    Column("how", "how", importance=4, prose=True),
    Column("text", "what it says", importance=8, prose=True),
)
NOTHING = "the spec has nothing that its source prints, and no claim"
NOTHING_OF_ITS_OWN = "nothing to judge: a variant is judged by what its own patch prints and claims"
WHOLE = "whole"
"""What people read in the row column for a number of the whole network."""

JSON = "-f json"
"""What has all of a list that a note shortens."""


def audit_tables(audits: Sequence[Audit], only: Sequence[Verdict] = VERDICTS) -> list[Table]:
    """For each spec its printed numbers and its claims, of some verdicts; after several specs the counts of all."""
    tables = []
    for audit in audits:
        shown = _only(audit, only)
        if shown.printed or (not shown.claims and len(audits) == 1):
            tables.append(_printed_table(shown, audit))
        if shown.claims:
            tables.append(_claims_table(shown, audit))
    return tables if len(audits) == 1 else [*tables, summary_table(audits)]


def title_of(audit: Audit) -> str:
    """`GoogLeNet (googlenet)`, `GoogLeNet (googlenet@torchvision)`."""
    name = with_variant(audit.spec, audit.variant, "")
    return f"{audit.title} ({name})"


def summary_table(audits: Sequence[Audit]) -> Table:
    """How many printed numbers and claims of each spec got which verdict."""
    columns = (
        Column("audited", "spec", importance=9),
        *(Column(verdict, verdict, numeric=True, importance=8) for verdict in VERDICTS),
        Column("all", "all", numeric=True, importance=7),
    )
    rows = []
    totals: Counter[Verdict] = Counter()
    for audit in audits:
        counts = Counter(entry.verdict for entry in audit.entries)
        totals.update(counts)
        name = with_variant(audit.spec, audit.variant, "")
        rows.append((Cell(name, name), *_counts(counts)))
    return Table(f"Verdicts on {len(rows)} specs", columns, tuple(rows), ((Cell("all", "all"), *_counts(totals)),))


def _counts(counts: Counter[Verdict]) -> list[Cell]:
    numbers = [*(counts[verdict] for verdict in VERDICTS), counts.total()]
    return [Cell(str(number) if number else "", number) for number in numbers]


def _only(audit: Audit, verdicts: Sequence[Verdict]) -> Audit:
    return replace(
        audit,
        printed=tuple(entry for entry in audit.printed if entry.verdict in verdicts),
        claims=tuple(entry for entry in audit.claims if entry.verdict in verdicts),
    )


def _left_out(shown: int, of: int) -> list[str]:
    return [f"{shown} of {of} shown"] if shown != of else []


def _printed_table(audit: Audit, whole: Audit) -> Table:
    rows = tuple(
        (
            Cell(entry.row or WHOLE, entry.row),
            Cell(entry.what, entry.what),
            Cell(entry.printed, entry.printed),
            _computed(entry),
            Cell(entry.verdict, entry.verdict),
            _how(entry),
        )
        for entry in audit.printed
    )
    of = whole.printed if audit.entries else whole.entries
    notes = [*_left_out(len(rows), len(of)), *map(rule_text, audit.rules)]
    if not whole.entries:
        notes.append(NOTHING if audit.variant == DEFAULT else NOTHING_OF_ITS_OWN)
    notes += _reasons((_cell_of(entry), why_of(entry.finding)) for entry in audit.printed)
    notes += _recalled(_cell_of(entry) for entry in audit.printed if entry.unverified)
    notes += _places(audit.printed)
    if audit.not_counted:
        notes.append(f"printed too, but no counts: {listed(audit.not_counted, all_in='printed of the spec')}")
    notes += [f"the reason in line {place.line} is for cells that follow without it" for place in audit.unneeded]
    return Table(
        f"{title_of(audit)}: printed numbers",
        PRINTED_COLUMNS,
        rows,
        (),
        tuple(notes),
        (("spec", audit.spec), ("variant", audit.variant)),
    )


def _claims_table(audit: Audit, whole: Audit) -> Table:
    rows = tuple(
        (
            Cell(entry.id, entry.id),
            Cell(entry.printed, entry.printed),
            _computed(entry),
            Cell(entry.verdict, entry.verdict),
            _how(entry),
            _said(entry),
        )
        for entry in audit.claims
    )
    notes = _left_out(len(rows), len(whole.claims))
    notes += _reasons((entry.id, why_of(entry.finding)) for entry in audit.claims)
    notes += _recalled(entry.id for entry in audit.claims if entry.unverified)
    return Table(
        f"{title_of(audit)}: claims",
        CLAIM_COLUMNS,
        rows,
        (),
        tuple(notes),
        (("spec", audit.spec), ("variant", audit.variant)),
    )


def _cell_of(entry: PrintedEntry) -> str:
    return f"{entry.row or WHOLE} {entry.what}"


def _computed(entry: PrintedEntry | ClaimEntry) -> Cell:
    text = value_text(entry.computed)
    return Cell(text, text if isinstance(entry.computed, Shape) else entry.computed)


def _said(entry: ClaimEntry) -> Cell:
    text = f"{entry.text} ({entry.place})" if entry.place else entry.text
    return Cell(text, text)


def _how(entry: PrintedEntry | ClaimEntry) -> Cell:
    text = short_how(entry.finding, entry.printed, entry.computed)
    return Cell(text, text)


def _reasons(whys: Iterable[tuple[str, str]]) -> list[str]:
    """Each reason once, after the cells that it is for."""
    cells: dict[str, list[str]] = {}
    for cell, why in whys:
        if why:
            cells.setdefault(why, []).append(cell)
    return [f"{listed(names, all_in=JSON)}: {why}" for why, names in cells.items()]


def _recalled(cells: Iterable[str]) -> list[str]:
    """The printed numbers that nobody has looked up again."""
    names = list(cells)
    return [f"unverified ({RECALLED}): {listed(names, all_in=JSON)}"] if names else []


def _places(entries: Sequence[PrintedEntry]) -> list[str]:
    """`printed in section 1: whole ops; in Table 2: whole params`."""
    places: dict[str, list[str]] = {}
    for entry in entries:
        if entry.place:
            places.setdefault(entry.place, []).append(_cell_of(entry))
    parts = [f"in {place}: {listed(cells, all_in=JSON)}" for place, cells in places.items()]
    return [f"printed {'; '.join(parts)}"] if parts else []


def rule_text(rule: ColumnRule) -> str:
    """`params: K = 1024, truncated, gives 3 of 12 cells; another rounding 1 more; ...`."""
    units = _units(rule, rule.units)
    if not rule.by_unit:
        return f"{rule.what}: no unit and no rounding gives any of {rule.cells} cells"
    roundings = sorted({way.rounding for way in rule.ways})
    quantities = sorted({way.quantity for way in rule.ways})
    text = f"{rule.what}: {units}, {listed(roundings, 'or')}, gives {rule.by_rule} of {rule.cells} cells"
    text += ", more than any other rule"
    ties = [listed(tied, "or") for tied in (roundings, quantities) if len(tied) > 1]
    if rule.rivals:
        ties.append(listed([units, *(_units(rule, other) for other in rule.rivals)], "or"))
    if ties:
        text += f" ({'; '.join(ties)}: {'both' if len(ties) == 1 else 'all'} fit equally, "
        text += f"{'neither' if len(ties) == 1 else 'none'} is proven)"
    if rule.by_unit > rule.by_rule:
        text += f"; other roundings give {rule.by_unit - rule.by_rule} more"
    if rule.declared is False:
        text += "; the spec's source.units says another unit"
    return text


def _units(rule: ColumnRule, units: Mapping[str, int]) -> str:
    """`K = 1024, M = 2^20`, of the suffixes that the column has."""
    return ", ".join(unit_text(suffix, units[suffix]) for suffix in rule.suffixes)


def audit_document(audits: Sequence[Audit], only: Sequence[Verdict] = VERDICTS) -> str:
    """`{"printed": [...], "claims": [...], "counts": {...}}`, one line for each entry; the counts are of all."""
    found = Counter(entry.verdict for audit in audits for entry in audit.entries)
    audits = [_only(audit, only) for audit in audits]
    printed = [
        {
            "spec": entry.spec,
            "variant": entry.variant,
            "row": entry.row,
            "what": entry.what,
            "printed": entry.printed,
            "computed": json_value(entry.computed),
            "verdict": entry.verdict,
            "how": long_how(entry.finding, entry.printed, entry.computed, entry.unverified),
        }
        for audit in audits
        for entry in audit.printed
    ]
    claims = [
        {
            "id": entry.id,
            "spec": entry.spec,
            "text": entry.text,
            "printed": entry.printed,
            "computed": json_value(entry.computed),
            "verdict": entry.verdict,
            "how": long_how(entry.finding, entry.printed, entry.computed, entry.unverified),
        }
        for audit in audits
        for entry in audit.claims
    ]
    counts = {verdict: found[verdict] for verdict in VERDICTS}
    lists = f'"printed": {listed_lines(printed, 1)},\n "claims": {listed_lines(claims, 1)}'
    return f'{{{lists},\n "counts": {json.dumps(counts)}}}\n'
