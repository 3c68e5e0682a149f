"""Networks of attention and recurrence: their totals are those that authors and reference code publish."""

from __future__ import annotations

import pytest

from inception_calc.analysis import analyze
from tests.helpers import shipped, shipped_analysis

PUBLISHED = {
    "vit_b_16": (86_567_656, "torchvision"),
    "vit_b_16@tokens_of_32": (88_224_232, "torchvision, vit_b_32"),
    "vit_l_16": (304_326_632, "torchvision"),
    "vit_l_16@huge": (632_045_800, "torchvision, vit_h_14"),
    "deit_s_16": (22_050_664, "timm"),
    "deit_s_16@tiny": (5_717_416, "timm"),
    "swin_t": (28_288_354, "torchvision"),
    "swin_t@small": (49_606_258, "torchvision, swin_s"),
    "mixer_b_16": (59_880_472, "timm"),
    "bert_base": (109_482_240, "transformers, BertModel"),
    "bert_base@large": (335_141_888, "transformers, BertModel"),
    "gpt2": (124_439_808, "transformers"),
    "gpt2@medium": (354_823_168, "transformers"),
    "gpt2@large": (774_030_080, "transformers"),
    "gpt2@xl": (1_557_611_200, "transformers"),
    "llama2_7b": (6_738_415_616, "Meta"),
    "llama2_7b@13b": (13_015_864_320, "Meta"),
    "llama2_7b@70b": (68_976_648_192, "Meta"),
    "t5_small": (60_506_624, "transformers"),
}
BILLIONS = {
    "vit_b_16": 17.56,
    "vit_b_16@tokens_of_32": 4.41,
    "vit_l_16": 61.55,
    "swin_t": 4.49,
    "swin_t@small": 8.74,
}
"""What torchvision documents as GFLOPS of its weights, which are billions of multiply-adds."""


@pytest.mark.parametrize("reference", PUBLISHED)
def test_params_are_the_published_ones(reference: str):
    assert shipped_analysis(reference).totals.params == PUBLISHED[reference][0]


@pytest.mark.parametrize("reference", BILLIONS)
def test_multiply_adds_are_those_that_torchvision_documents(reference: str):
    assert round(shipped_analysis(reference).totals.multiply_adds / 1e9, 2) == BILLIONS[reference]


def gpt2(length: int, cached: int) -> int:
    """Radford et al. 2019 on fingers: 12 layers of 12 * 768^2 weights, scores and their use, the tied classifier."""
    layer = 12 * 768**2 * length + 2 * 768 * length * (length + cached)
    return 12 * layer + length * 768 * 50257


@pytest.mark.parametrize(("length", "cached"), [(1024, 0), (1, 1023), (16, 100)])
def test_prefill_and_decoding_of_gpt2(length: int, cached: int):
    counted = analyze(shipped("gpt2"), symbols={"length": length, "cache": cached})
    assert counted.totals.multiply_adds == gpt2(length, cached)
    assert counted.totals.cache_bytes == 12 * 2 * 768 * cached * 4


def test_the_cache_of_grouped_heads_is_as_many_times_smaller():
    """Llama-2-70B: 64 heads share 8 of keys and values of 128 channels each, 80 layers, 2 bytes."""
    counted = analyze(shipped("llama2_7b@70b"), symbols={"length": 1, "cache": 4095}, dtype="fp16")
    assert counted.totals.cache_bytes == 80 * 2 * 8 * 128 * 4095 * 2


def test_the_transformer_of_its_paper():
    """Table 3's base model, with the biases and norms of section 3: 37000 shared words."""
    attention, mlp, norm = 4 * (512**2 + 512), 2 * 512 * 2048 + 2048 + 512, 2 * 512
    layers = 6 * (attention + mlp + 2 * norm) + 6 * (2 * attention + mlp + 3 * norm)
    assert shipped_analysis("transformer_base").totals.params == 37000 * 512 + layers


@pytest.mark.parametrize(("variant", "biases"), [("", 2), ("@keras", 1)])
def test_an_lstm_with_either_librarys_biases(variant: str, biases: int):
    lstm = 2 * 4 * 650 * (650 + 650 + biases)
    assert shipped_analysis(f"lstm_medium{variant}").totals.params == 10000 * 650 + lstm + 10000 * 651
