"""The audit's verdicts beside those of tests/zoo/judge_claims.py, which reads and counts the specs by itself.

The judge takes a written `why` for a contradiction, the audit wants evidence from the source's own table: that both
agree on every cell says that the evidence is there.
"""

import re
from collections import Counter

import pytest

from inception_calc.audit import audit
from tests.zoo import judge_claims
from tests.zoo.judge_read import raw
from tests.zoo.test_recount import ZOO

REPRODUCED = ("exact", "rounded", "about", "fewer", "more")


def in_our_words(verdict: str) -> str:
    if verdict.startswith(REPRODUCED):
        return "reproduced"
    return re.split(r"[ ,]", verdict, maxsplit=1)[0].lower()


def place_of(entry) -> str:
    if hasattr(entry, "id"):
        return f"claim {entry.id}"
    return f"{entry.row or 'total'}: {entry.what}"


@pytest.mark.parametrize("name", ZOO)
def test_every_verdict_is_that_of_the_judge(name):
    ours = {
        (each.variant, place_of(entry)): (entry.printed, entry.verdict)
        for each in audit([name])
        for entry in each.entries
    }
    judge = {
        (variant, place): (text, in_our_words(verdict))
        for variant in ["default", *raw(name).get("variants", {})]
        for place, text, verdict, _, _ in judge_claims.audit(name, variant)
    }
    assert ours == judge


@pytest.mark.parametrize("name", ["googlenet", "bn_inception", "spp_zf5", "inception_resnet_v2"])
def test_every_claim_comes_to_the_judges_number(name):
    (ours, *_) = audit([name])
    judge = {place: value for place, _, _, value, _ in judge_claims.audit(name) if place.startswith("claim")}
    assert {f"claim {entry.id}": entry.computed for entry in ours.claims} == judge


def test_the_verdicts_on_the_whole_zoo():
    """The counts of the zoo's notes, made by its authors before the audit was written, and the claims added since."""
    found = Counter(entry.verdict for each in audit(ZOO) for entry in each.entries)
    assert found.pop("truncated") == 11  # 8 cells and 3 claims, which the notes count among the reproduced
    found["reproduced"] += 11
    added = Counter(reproduced=14, contradicted=1, unexplained=1)
    assert found == Counter(reproduced=233 + 42 + 12 + 4 + 1, explained=10, contradicted=34, unexplained=22) + added
