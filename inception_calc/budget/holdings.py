"""What selectors hold, said and counted: what a budget met at the base and does not meet now, and pinned numbers."""

from collections.abc import Iterator, Sequence

from inception_calc.budget.judgement import FAIL, PASS, WARN, Judgement
from inception_calc.budget.models import Budget
from inception_calc.budget.read import Budgets
from inception_calc.budget.selection import Held
from inception_calc.budget.selector import COUNT
from inception_calc.problems import counted, listed

MOST_SAID = 12
"""Differences that one note tells; JSON has all."""


def notes_on(held: Held) -> Iterator[str]:
    """What is different at the base; without a base, all that the selector holds."""
    if not held.base:
        names = listed(held.names, all_in="-f json")
        what = f"{held.id} holds {counted(len(held.names), held.kind)} of {held.spec}: {names}"
        yield f"{what} (nothing to compare it with: {held.no_base})"
        return
    said = [f"{now if old == now else f'{old}, now {now},'} fits no longer and is judged all the same"
            for old, now in held.found]  # fmt: skip
    said += [f"{old} fits no longer, and is {listed(now, 'or', '-f json')} now" for old, now in held.unclear]
    said += [f"{name} is gone" for name in held.gone]
    said += [f"{name} is new to it" for name in held.joined]
    if said:
        yield (
            f"{held.id} meets other {held.kind}s of {held.spec} than at {held.base}: {'; '.join(said[:MOST_SAID])}"
            + (f"; and {len(said) - MOST_SAID} more (all: -f json)" if len(said) > MOST_SAID else "")
        )


def count_judged(budget: Budget, index: int, helds: Sequence[Held], budgets: Budgets) -> Judgement | None:
    """The number that a budget pins against what it holds in all its specs; None where it pins none."""
    if budget.selector is None or budget.selector.pinned is None or not helds:
        return None
    kind, pinned = helds[0].kind, budget.selector.pinned
    names = [name for held in helds for name in held.names]
    place = budgets.location("budgets", index, f"{kind}s", COUNT)
    fits = len(names) == pinned
    return Judgement(
        budget.id,
        PASS if fits else WARN if budget.level == "warn" else FAIL,
        "within" if fits else "other count",
        listed(held.spec for held in helds),
        COUNT,
        f"{kind}s_held",
        value=len(names),
        limit=pinned,
        limit_text=str(pinned),
        message=budget.message,
        how=listed(names, all_in="-f json"),
        location=place,
        limit_location=place,
    )
