"""Waivers: a budget may be broken in one place until a day. An expired one is an error, an unneeded one a warning."""

import datetime
from dataclasses import replace
from fnmatch import fnmatchcase

from inception_calc.budget.judge import LOST
from inception_calc.budget.judgement import FAIL, WARN, Judgement
from inception_calc.budget.models import Waiver
from inception_calc.budget.read import Budgets
from inception_calc.problems import InputError, Problem, nearest

YEAR = datetime.timedelta(days=366)
"""How long a waiver may last from the day it is judged on, where it does not say that it lasts longer."""


def with_waivers(judgements: list[Judgement], budgets: Budgets, today: datetime.date, partial: bool) -> list[Judgement]:
    """The judgements with waivers worked in, and one more for each waiver that is expired or not needed.

    In a `partial` check, of some specs only, nothing is said of waivers that were not used. Raises `InputError` for
    a waiver of something that its budget never judges.
    """
    waivers = budgets.file.waivers
    if not partial:
        _check(judgements, budgets)
    used: set[int] = set()
    found = []
    for judgement in judgements:
        fitting = [index for index, waiver in enumerate(waivers) if _covers(waiver, judgement)]
        if not fitting or not (judgement.verdict == FAIL or _is_lost(judgement)):
            found.append(judgement)
            continue
        used.update(fitting)
        valid = next((waivers[index] for index in fitting if _holds(waivers[index], today)), None)
        if valid is None:
            first = waivers[fitting[0]]
            why = f"ended on {first.until}" if first.until < today else f"is too long: until {first.until}"
            found.append(replace(judgement, how=f"the waiver {why}"))
        else:
            found.append(
                replace(
                    judgement, verdict=WARN, status="waived", how=f"until {valid.until}: {valid.reason}", problem=None
                )
            )
    for index, waiver in enumerate(waivers):
        if waiver.until < today:
            how = f"ended on {waiver.until}: remove it, or renew it with a new date ({waiver.reason})"
            found.append(_judgement(budgets, index, FAIL, "waiver expired", how))
        elif not _holds(waiver, today):
            last = today + YEAR
            how = f"ends on {waiver.until}, in more than a year: write until: {last}, or longer than a year: true"
            found.append(_judgement(budgets, index, FAIL, "waiver too long", how))
        elif waiver.longer_than_a_year:
            how = f"until {waiver.until}, longer than a year: {waiver.reason}"
            found.append(_judgement(budgets, index, WARN, "long waiver", how))
        elif index not in used and not partial:
            found.append(_judgement(budgets, index, WARN, "waiver not needed", "nothing is over the limit: remove it"))
    return found


def _holds(waiver: Waiver, today: datetime.date) -> bool:
    """Whether a waiver is neither over nor, without the word for it, one for ever."""
    return waiver.until >= today and (waiver.longer_than_a_year or waiver.until - today <= YEAR)


def _judgement(budgets: Budgets, index: int, verdict: str, status: str, how: str) -> Judgement:
    waiver = budgets.file.waivers[index]
    place = budgets.location("waivers", index, "until" if verdict == FAIL else "budget")
    part = "row" if waiver.row is not None else "layer" if waiver.layer is not None else "total"
    return Judgement(
        waiver.budget,
        verdict,
        status,
        waiver.spec or "",
        part=part,
        name=waiver.row or waiver.layer or "",
        how=how,
        location=place,
        limit_location=place,
    )


def _is_lost(judgement: Judgement) -> bool:
    """True for a part of the base that a selector lost: undecided, but a waiver may answer for it."""
    return judgement.problem is not None and judgement.problem.code == LOST


def _covers(waiver: Waiver, judgement: Judgement) -> bool:
    if waiver.budget != judgement.id:
        return False
    if waiver.spec is not None and not (waiver.spec == judgement.spec or fnmatchcase(judgement.spec, waiver.spec)):
        return False
    if waiver.row is not None and (judgement.part, judgement.name) != ("row", waiver.row):
        return False
    return waiver.layer is None or (judgement.part, judgement.name) == ("layer", waiver.layer)


def _check(judgements: list[Judgement], budgets: Budgets) -> None:
    problems = []
    for index, waiver in enumerate(budgets.file.waivers):
        own = [judgement for judgement in judgements if judgement.id == waiver.budget and judgement.section]
        if own and not any(_covers(waiver, judgement) for judgement in own):
            key = next(key for key in ("row", "layer", "spec") if getattr(waiver, key) is not None)
            known = dict.fromkeys(j.spec if key == "spec" else j.name for j in own if key in ("spec", j.part))
            text = getattr(waiver, key)
            what = f"the budget '{waiver.budget}' judges no {key} '{text}' that this waiver could mean"
            place = budgets.location("waivers", index, key)
            problems.append(Problem("unknown-part", what, place, nearest(text, known) or "remove the waiver"))
    if problems:
        raise InputError(*problems)
