"""How the networks of a page differ from the first: which row is which, and what each edit costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inception_calc.comparison import Account
from inception_calc.comparison.compare import account_between
from inception_calc.comparison.model import Subject
from inception_calc.page.forms import exact
from inception_calc.pictures.waterfall import pairs_of_rows
from inception_calc.report.cause_words import cause_text
from inception_calc.report.text import visible


def difference_entries(subjects: Sequence[Subject]) -> list[dict[str, Any]]:
    """For each network after the first: its rows beside those of the first, in that one's order, and the causes."""
    reference = subjects[0]
    found = []
    for other in subjects[1:]:
        account = account_between(reference, other)
        found.append(
            {
                "rows": pairs_of_rows(reference.analysis, other.analysis),
                "causes": _causes(account),
                "shared": {name: exact(value) for name, value in account.shared.items() if isinstance(value, int)},
                "unknown": visible(account.unknown),
            }
        )
    return found


def _causes(account: Account) -> list[dict[str, Any]]:
    return [
        {
            "name": visible(cause.edit.name),
            "what": visible(cause_text(cause)),
            "costs": {metric: exact(value) for metric, value in cause.costs.items() if isinstance(value, int)},
        }
        for cause in account.causes
    ]
