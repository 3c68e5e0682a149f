"""Every shipped spec and variant, counted twice: by the program, and by tests/zoo/judge.py, which shares no code."""

import pytest

from inception_calc.analysis import analyze
from inception_calc.spec_file import shipped
from tests.helpers import shipped_analysis
from tests.zoo.judge import checks, count, metric, shows
from tests.zoo.judge_read import raw

# The files and variants that are relied on (issue 4), `default` everywhere. Specs that came later, with operators
# that the judge does not know, have judges of their own.
ZOO = {
    "lenet5": "", "lenet_caffe": "", "alexnet": "ungrouped", "alexnet_owt": "", "zfnet": "512_1024_512",
    "overfeat_fast": "", "overfeat_accurate": "", "cnn_f": "", "cnn_m": "2048 1024 128", "cnn_s": "paper_pad1",
    "nin_cifar10": "", "nin_imagenet": "", "vgg_a": "", "vgg_a_lrn": "", "vgg_b": "shallow_5x5", "vgg_c": "",
    "vgg_d": "", "vgg_e": "", "spp_zf5": "bins30 nospp pad1 pad1_bins30 pad1_nospp", "spp_convnet5": "bins30 nospp",
    "spp_overfeat5": "bins30 nospp", "spp_overfeat7": "bins30 nospp", "googlenet": "naive separable_conv1 torchvision",
    "inception_module": "bottleneck naive", "bn_inception": "depths_as_printed slim",
    "inception_v2_rethinking": "four_b", "inception_v3": "", "inception_v4": "", "inception_resnet_v1": "",
    "inception_resnet_v2": "paper", "xception": "", "resnet50": "", "mobilenet_v2": "", "densenet121": "",
}  # fmt: skip

SPECS = [f"{name}@{variant}" for name in ZOO for variant in ["default", *raw(name).get("variants", {})]]


def test_the_zoo_is_whole():
    relied_on = {f"{name}@{variant}" for name, variants in ZOO.items() for variant in ["default", *variants.split()]}
    assert relied_on <= set(SPECS)
    assert set(ZOO) <= set(shipped.names())


@pytest.mark.parametrize("spec", SPECS)
def test_totals_and_rows_are_those_of_the_judge(spec):
    ours, judge = shipped_analysis(spec), count(*spec.split("@"))
    for name in ("params", "weights", "multiply_adds", "depth", "depth_with_pools"):
        assert getattr(ours.totals, name) == metric(judge, None, [name]), name
    assert [group.name for group in ours.rows] == list(judge.rows)
    for group in ours.rows:
        assert tuple(group.output) == judge.rows[group.name][1], group.name
        assert group.totals.depth == metric(judge, group.name, ["depth"]), group.name
        for name in ("params", "weights", "multiply_adds"):
            assert getattr(group.totals, name) == metric(judge, group.name, [name]), (group.name, name)


@pytest.mark.parametrize("spec", [spec for spec in SPECS if "heads" in raw(spec.split("@")[0])])
def test_training_heads_are_those_of_the_judge(spec):
    ours = shipped_analysis(spec, training=True)
    judge = count(*spec.split("@"), symbols=(("training", True),))
    assert ours.totals.params == metric(judge, None, ["params"])
    assert ours.totals.multiply_adds == metric(judge, None, ["multiply_adds"])
    for group in ours.rows:
        if group.row.is_head:
            assert group.totals.params == metric(judge, group.name, ["params"])


@pytest.mark.parametrize("multiplier", [2, 4])
def test_the_width_multiplier_grows_googlenet_as_the_judge_says(multiplier):
    ours = analyze("googlenet", symbols={"width_multiplier": multiplier})
    judge = count("googlenet", symbols=(("width_multiplier", multiplier),))
    assert ours.totals.multiply_adds == metric(judge, None, ["ops"])
    assert ours.totals.params == metric(judge, None, ["params"])


def test_the_judge_gives_the_numbers_that_others_published():
    done = list(checks())
    assert len(done) > 300
    wrong = [
        (what, got, expected)
        for what, got, expected in done
        if (got != expected if isinstance(expected, int) else not shows(expected, got))
    ]
    assert not wrong
