"""The rule of a column, found: Table 1 of GoogLeNet typed in from the zoo's notes, without the program's counts."""

from inception_calc.audit.column_rules import Way, find_rule
from inception_calc.audit.numbers import read_number

# printed, weights, biases: "The zoo", section 2.2 (conv1 as the full 7x7 that Table 1 names)
PARAMS = {
    "conv1": ("2.7K", 9_408, 64), "conv2": ("112K", 114_688, 256), "3a": ("159K", 163_328, 368),
    "3b": ("380K", 388_096, 640), "4a": ("364K", 375_552, 624), "4b": ("437K", 448_512, 648),
    "4c": ("463K", 509_440, 664), "4d": ("580K", 604_672, 704), "4e": ("840K", 867_328, 1024),
    "5a": ("1072K", 1_042_432, 1024), "5b": ("1388K", 1_442_816, 1264), "linear": ("1000K", 1_024_000, 1000),
}  # fmt: skip
OPS = {
    "conv1": ("34M", 118_013_952), "conv2": ("360M", 359_661_568), "3a": ("128M", 128_049_152),
    "3b": ("304M", 304_267_264), "4a": ("73M", 73_608_192), "4b": ("88M", 87_908_352), "4c": ("100M", 99_850_240),
    "4d": ("119M", 118_515_712), "4e": ("170M", 169_996_288), "5a": ("54M", 51_079_168), "5b": ("71M", 70_697_984),
    "linear": ("1M", 1_024_000),
}  # fmt: skip


def params_rule(declared=None):
    cells = [(read_number(text), {"params": w + b, "weights": w}) for text, w, b in PARAMS.values()]
    return find_rule("params", cells, declared or {})


def test_k_is_1024_and_truncation_gives_most_params_cells():
    rule = params_rule()
    assert rule.units["K"] == 1024
    assert rule.ways == {Way("params", "truncated"), Way("weights", "truncated")}  # both fit: neither is proven
    assert (rule.by_rule, rule.by_unit, rule.cells) == (3, 4, 12)  # conv2, 3a, linear; and 3b rounded
    assert rule.declared is None


def test_m_is_a_million_and_rounding_gives_most_ops_cells():
    rule = find_rule("ops", [(read_number(text), {"ops": ops}) for text, ops in OPS.values()], {})
    assert rule.units["M"] == 10**6
    assert rule.ways == {Way("ops", "rounded")}
    assert (rule.by_rule, rule.by_unit, rule.cells) == (9, 10, 12)  # 73M is truncated; conv1 and 5a follow from nothing


def test_what_a_spec_declares_is_checked():
    assert params_rule({"K": 1024}).declared is True
    wrong = params_rule({"K": 1000})
    assert wrong.units["K"] == 1024
    assert wrong.declared is False


def test_where_units_tie_the_declared_one_wins():
    cells = [(read_number("1K"), {"ops": 1030})]
    assert find_rule("ops", cells, {}).units["K"] == 1000
    assert find_rule("ops", cells, {"K": 1024}).units["K"] == 1024
    for declared in ({}, {"K": 1024}):  # but none is proven by that
        rule = find_rule("ops", cells, declared)
        assert {rule.units["K"], *[other["K"] for other in rule.rivals]} == {1000, 1024}


def test_units_that_mean_the_same_are_no_rivals():
    assert find_rule("ops", [(read_number("7"), {"ops": 7})], {}).rivals == ()
    assert find_rule("ops", [(read_number("7M"), {"ops": 3})], {}).rivals == ()  # nothing gives it with any unit
    assert params_rule().rivals == ()


def test_a_column_that_follows_from_nothing():
    rule = find_rule("ops", [(read_number("7M"), {"ops": 3})], {})
    assert (rule.by_rule, rule.by_unit, rule.ways) == (0, 0, frozenset())
