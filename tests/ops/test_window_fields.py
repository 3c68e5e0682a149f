"""How windows may be written, and what is said where they are written otherwise."""

from __future__ import annotations

import pytest

from tests.helpers import counted, names, row_problem, rows

SYMBOLS = "symbols: {k: 3, s: 2, kernel: 3, exp: 3, x2: 2}\n"


@pytest.mark.parametrize(
    ("window", "digits"),
    [
        ("kxk/s", "3x3/2"),
        ("kx1", "3x1"),
        ("1xk/1xs", "1x3/1x2"),
        ("(kernel)x(kernel)/s", "3x3/2"),
        ("(k + 2)x(max(1, k))/(s)", "5x3/2"),
        ("kxk/kernel - 1", "3x3/2"),
        ("kxk/(s + 1)xs", "3x3/3x2"),
        ("k", "3x3"),
        ("(exp)", "3x3"),
        ("x2", "2x2"),
        ("kernel // 2", "1x1"),
    ],
)
def test_sides_and_strides_may_be_names_and_formulas(window: str, digits: str):
    x = (2, 11, 9)
    step = "{{convolution: {}, filters: 4}}"
    assert counted(step.format(window), x, SYMBOLS) == counted(step.format(digits), x)


def test_a_blocks_columns_may_be_its_windows():
    analysis = rows(
        "blocks:\n"
        "  b: {columns: [k, s, 5x5], sequence: [{convolution: kxk/s, filters: '5x5'}]}\n"
        "  c: {columns: [5x5], sequence: [{convolution: 1x'5x5', filters: 2}]}\n"
        "rows: {r: {b: [3, 2, 8]}, q: {c: 5}}\n".replace("filters: '5x5'", "filters: 5x5"),
    )
    assert names(analysis) == ["r/5x5", "q/1x5"]
    assert [cost.layer.op.window.kernel_size for cost in analysis.layers] == [(3, 3), (1, 5)]


def test_a_column_that_a_window_alone_reads_is_read():
    block = "blocks: {b: {columns: [k], sequence: [{convolution: kx1, filters: 2}]}}\n"
    (cost,) = rows(f"{block}rows: {{r: {{b: 3}}}}").layers
    assert cost.layer.op.window.kernel_size == (3, 1)


@pytest.mark.parametrize(
    ("step", "fix"),
    [
        ("{convolution: exp, filters: 1}", "write (exp) for a square window of that side"),
        ("{convolution: kernelxkernel, filters: 1}", "write (kernel)x(kernel)"),
        ("{convolution: kernelx3, filters: 1}", "write (kernel)x3"),
        ("{convolution: k/s, filters: 1}", "write kxk/s"),
        ("{convolution: kernel/s, filters: 1}", "write (kernel)x(kernel)/s"),
        ("{convolution: (k + 1)/2, filters: 1}", "write (k + 1)x(k + 1)/2"),
        ("{convolution: 3X3, filters: 1}", "write 3x3"),
        ("{convolution: 3 x 3 / 2, filters: 1}", "write 3x3/2"),
        ("{convolution: 3x3/, filters: 1}", "write 3x3/1 or 3x3"),
        ("{upsampling: 2x}", "write 2x2"),
        ("{upsampling: x3}", "write 3x3"),
        ("{upsampling: ×2}", "write 2x2"),  # noqa: RUF001 - the sign itself is what people type
        ("{average pool: 7}", "write 7x7/1 or 7x7/2"),
        ("{average pool: kernel}", "write (kernel)x(kernel)/1 or (kernel)x(kernel)/2"),
        ("{max pool: kxk}", "write kxk/1 or kxk/2"),
        ("{subsampling: k}", "write kxk/2"),
    ],
)
def test_what_is_offered_can_be_typed_and_keeps_the_window(step: str, fix: str):
    assert row_problem(f"{SYMBOLS}rows: {{r: {step}}}").fix == fix
