"""Every shipped spec and every variant, and those whose linear layers make a full-size run slow."""

from __future__ import annotations

from inception_calc.spec_file import shipped
from tests.helpers import shipped as loaded

ALL = tuple(
    name if variant == "default" else f"{name}@{variant}"
    for name in shipped.names()
    for variant in ("default", *loaded(name).spec.variants)
)

SLOW = (
    "alexnet", "cnn_", "overfeat", "spp_", "unet", "vgg_", "zfnet", "googlenet@naive", "efficientnet_b0@",
    "llama2_7b", "r3d_18",
)  # fmt: skip
"""Run at an eighth of their width in tests; `validate --exact` proves them at full size in a second to four each."""


TOO_LARGE = ("gpt2@", "llama2_7b@")
"""Larger variants, of gigabytes even so; their defaults have the same layers."""


def is_slow(reference: str) -> bool:
    return reference.startswith(SLOW)


def sizes_at(name: str, at_home: int, largest: int) -> tuple[int, ...]:
    """Sizes from a network's own up to the largest, less those at which it cannot be built."""
    if name.startswith("gpt2"):  # its table has so many positions
        return tuple(range(at_home // 2, 1025))
    return tuple(range(at_home, largest + 1))
