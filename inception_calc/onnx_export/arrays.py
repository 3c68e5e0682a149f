"""Seeded numbers for a plan's arrays. Needs numpy."""

from __future__ import annotations

import zlib
from typing import Any, TypeAlias

from inception_calc.onnx_export.plan import PlannedArray

Floats: TypeAlias = Any
"""A numpy array of float32; numpy is an extra, so types do not depend on it."""


def random_array(planned: PlannedArray, seed: int) -> Floats:
    """He-scaled weights; biases zero, scales one. The same name and seed give the same numbers in any order.

    Standard deviation sqrt(2 / fan_in) keeps activations of a deep net away from subnormals, which a CPU computes
    more slowly (He et al. 2015, equation 10).
    """
    import numpy as np

    array = planned.array
    if array.start == "he":
        generator = np.random.default_rng([seed, zlib.crc32(planned.name.encode("utf-8", "surrogatepass"))])
        values = generator.standard_normal(array.shape, dtype=np.float32)
        values *= np.float32((2 / array.fan_in) ** 0.5)
        return values
    return filled(planned, 1.0 if array.start == "ones" else 0.0)


def filled(planned: PlannedArray, value: float) -> Floats:
    """The array with one number in every place; zeros take no memory before they are read."""
    import numpy as np

    shape = planned.array.shape
    return np.zeros(shape, np.float32) if value == 0 else np.full(shape, value, np.float32)


def constant_value(planned: PlannedArray) -> float:
    """The one number of `--weights constant`: 1 / fan_in makes a kernel an average, so activations stay in range."""
    start = planned.array.start
    return 1 / planned.array.fan_in if start == "he" else 1.0 if start == "ones" else 0.0
