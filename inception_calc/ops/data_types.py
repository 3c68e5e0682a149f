"""Types of numbers: how many bits one takes, and how many bytes some take together."""

from inception_calc.dims import Dim, ceil_div

BITS = {"fp32": 32, "fp16": 16, "bf16": 16, "int8": 8, "int4": 4}
"""Data type -> bits of one number."""
DTYPE = "dtype"
"""The setting of steps and defaults that says a type."""


def bytes_of(count: Dim, dtype: str) -> Dim:
    """The bytes of so many numbers in one tensor, the last one filled up."""
    bits = BITS[dtype]
    return count * (bits // 8) if bits % 8 == 0 else ceil_div(count * bits, 8)
