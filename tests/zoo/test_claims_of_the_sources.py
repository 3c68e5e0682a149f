"""Every claim of the source documents has its place in a spec, with the verdict of the zoo's notes, section 0.

The notes call reproduced what truncation alone gives; here that is a verdict of its own.
"""

import pytest

from inception_calc.audit import audit

REPRODUCED, TRUNCATED, CONTRADICTED, UNEXPLAINED = "reproduced", "truncated", "contradicted", "unexplained"

# number in the notes: (spec, claim's id, or `what` of a number of the whole, verdict)
SECTION_0 = {
    "1": [
        ("googlenet", "alexnet-params", TRUNCATED), ("googlenet", "alexnet-ops", CONTRADICTED),
        ("googlenet", "alexnet-flops", REPRODUCED), ("googlenet", "googlenet-params", TRUNCATED),
        ("googlenet", "googlenet-ops", TRUNCATED), ("googlenet", "fewer-operations", CONTRADICTED),
    ],
    "2": [("googlenet", "twelve-times", CONTRADICTED), ("googlenet", "twelve-times-rounded", REPRODUCED)],
    "3": [
        ("googlenet", "layers", REPRODUCED), ("googlenet", "layers-with-pools", REPRODUCED),
        ("googlenet", "building-blocks", REPRODUCED),
    ],
    "4": [("googlenet", "parallel-layers", CONTRADICTED)],
    "5": [("inception_module", "naive-terms", REPRODUCED)],
    "6": [("inception_module", "bottleneck-terms", CONTRADICTED), ("inception_module", "ops", "explained")],
    "7": [("inception_module", "naive-depth", REPRODUCED), ("inception_module", "bottleneck-depth", REPRODUCED)],
    "8": [("googlenet", "no-fc-layers", CONTRADICTED)],
    "10": [("googlenet", "top-5-error", REPRODUCED), ("googlenet", "msra-error", UNEXPLAINED)],
    "11": [
        *(("googlenet", f"cost-{row}", REPRODUCED) for row in ("1x1", "1x10", "1x144", "7x1", "7x10", "7x144")),
        *(("googlenet", f"base-{row}", REPRODUCED) for row in ("1x10", "1x144", "7x1", "7x10")),
        ("googlenet", "base-7x144", CONTRADICTED),
    ],
    "12": [("googlenet", "crops", REPRODUCED)],
    "13": [("googlenet", "budget", REPRODUCED)],
    "14": [("googlenet", "quadratic-inside", REPRODUCED), ("googlenet", "quadratic-whole", REPRODUCED)],
    "15": [("googlenet", "c-squared", CONTRADICTED)],
    "16": [("googlenet", "pointwise-as-linear", REPRODUCED)],
    "17": [("googlenet", "global-average-pool", REPRODUCED)],
    "18": [("inception_module", "pointwise-weights", REPRODUCED)],
    "19": [("bn_inception", "depth-4c", CONTRADICTED), ("bn_inception", "depth-4d", CONTRADICTED)],
    "20": [
        ("inception_v2_rethinking", "called-v3", CONTRADICTED), ("inception_v2_rethinking", "no-padding", CONTRADICTED),
    ],
    "21": [
        ("inception_v3", "input", REPRODUCED), ("inception_v3", "grid-35", REPRODUCED),
        ("inception_v3", "grid-17", REPRODUCED), ("inception_v3", "grid-8", REPRODUCED),
        ("inception_v3", "seven-as-1x7", REPRODUCED), ("inception_v3", "three-as-1x3", REPRODUCED),
    ],
    "22": [
        ("cnn_f", "as-krizhevsky", REPRODUCED), ("cnn_m", "smaller-field", REPRODUCED),
        ("cnn_m", "smaller-stride", REPRODUCED), ("cnn_s", "as-overfeat", REPRODUCED),
    ],
    "23": [("cnn_m", "faster-than-s", UNEXPLAINED)],
    "24": [("spp_zf5", "bins-21", REPRODUCED), ("spp_zf5", "vector-21", REPRODUCED)],
    "25": [
        ("spp_zf5", claim, UNEXPLAINED)
        for claim in ("rcnn-alexnet", "rcnn-alexnet-5-scales", "rcnn-zf5", "rcnn-zf5-5-scales")
    ],
    "26": [(f"vgg_{name}", "depth", REPRODUCED) for name in ("a", "a_lrn", "b", "c", "d", "e")],
    "28": [("vgg_b", "five-by-five", REPRODUCED)],
    "29": [
        ("googlenet", "third-module", REPRODUCED), ("googlenet", "sixth-module", REPRODUCED),
        ("googlenet", "heads-dropped", REPRODUCED),
    ],
    "30": [("googlenet", "head-layers", REPRODUCED)],
}  # fmt: skip
ELSEWHERE = {
    "9": "the cells of Table 1: test_audit.py",
    "27": "error rates",
    "31": "a rate, in the label of a row",
    "32": "the files themselves",
}


def test_no_claim_is_left_out():
    assert sorted(map(int, [*SECTION_0, *ELSEWHERE])) == list(range(1, 33))


@pytest.fixture(scope="module")
def verdicts():
    wanted = dict.fromkeys(spec for claims in SECTION_0.values() for spec, _, _ in claims)
    found = {}
    for each in audit(f"{spec}@default" for spec in wanted):
        found |= {(each.spec, claim.id): claim.verdict for claim in each.claims}
        found |= {(each.spec, cell.what): cell.verdict for cell in each.printed if not cell.row}
    return found


@pytest.mark.parametrize("number", SECTION_0)
def test_a_claim_of_the_sources(number, verdicts):
    assert {(spec, name): verdicts[spec, name] for spec, name, _ in SECTION_0[number]} == {
        (spec, name): verdict for spec, name, verdict in SECTION_0[number]
    }
