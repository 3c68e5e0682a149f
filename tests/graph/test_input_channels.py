"""`input_channels` is the depth that enters the innermost block call, repetition or row (language, rules 18 and 19)."""

from __future__ import annotations

from tests.helpers import rows


def depths(body: str, channels: int) -> list[int]:
    """The depth behind each convolution."""
    net = rows(body, channels)
    return [cost.layer.output.channels for cost in net.layers if cost.layer.op.op == "convolution"]


def test_in_a_row_it_is_the_depth_that_enters_the_row():
    body = """
        rows:
          a: {convolution: 1x1, filters: input_channels + 1}
          b: {convolution: 1x1, filters: 10 * input_channels}
    """
    assert depths(body, 3) == [4, 40]


def test_steps_of_a_sequence_do_not_rebind_it():
    body = "rows: {r: {sequence: [{convolution: 1x1, filters: 8}, {convolution: 3x3, filters: input_channels}]}}"
    assert depths(body, 3) == [8, 3]


def test_branches_do_not_rebind_it():
    """Inception-ResNet's linear 1x1 must see the block's input, not the concatenation before it."""
    body = """
        rows:
          r:
            sum:
              shortcut: identity
              residual:
                - concat: {a: {convolution: 1x1, filters: 2}, b: {convolution: 1x1, filters: 9}}
                - {convolution: 1x1, filters: input_channels}
    """
    assert depths(body, 5) == [2, 9, 5]


def test_a_block_call_binds_it_to_what_enters_the_block():
    body = """
        blocks: {b: {sequence: [{convolution: 1x1, filters: 7}, {convolution: 3x3, filters: 2 * input_channels}]}}
        rows: {r: {sequence: [{convolution: 5x5, filters: 4}, b]}}
    """
    assert depths(body, 3) == [4, 7, 2 * 4]


def test_each_repetition_binds_it_anew():
    assert depths("rows: {r: {repeat: 3, convolution: 1x1, filters: 2 * input_channels}}", 3) == [6, 12, 24]


def test_a_repetition_inside_a_block_binds_it_too():
    body = """
        blocks: {b: {sequence: {grow: {repeat: 2, convolution: 1x1, filters: input_channels + 1}}}}
        rows: {r: b}
    """
    assert depths(body, 3) == [4, 5]


def test_after_the_repetition_the_row_sees_its_own_input_again():
    body = """
        rows:
          r:
            sequence:
              grow: {repeat: 2, convolution: 1x1, filters: 2 * input_channels}
              back: {convolution: 1x1, filters: input_channels}
    """
    assert depths(body, 3) == [6, 12, 3]


def test_a_columns_value_is_bound_where_the_call_stands():
    """Rule 19: `[input_channels, 0.17]` means the caller's depth."""
    body = """
        blocks:
          linear 1x1: {columns: [depth], sequence: [{convolution: 1x1, filters: depth}]}
        rows:
          r: {sequence: [{convolution: 3x3, filters: 20}, {linear 1x1: input_channels}]}
    """
    assert depths(body, 3) == [20, 3]


def test_a_column_of_a_block_in_a_block_is_followed_to_its_call():
    body = """
        blocks:
          inner: {columns: [a], sequence: [{convolution: 1x1, filters: a + input_channels}]}
          outer: {columns: [a], sequence: [{convolution: 1x1, filters: 50}, {inner: 2 * a + input_channels}]}
        rows: {r: {outer: input_channels + 1}}
    """
    assert depths(body, 3) == [50, (2 * (3 + 1) + 3) + 50]


def test_densenets_dense_layer_grows_by_its_growth_rate():
    """DenseNet, section 3: layer l has k0 + k (l - 1) inputs."""
    body = """
        symbols: {growth: 12}
        blocks:
          dense: {concat: {carried: identity, new: [batch norm, relu, {convolution: 1x1, filters: growth}]}}
        rows: {r: {repeat: 4, dense: }}
    """
    net = rows(body, 16)
    assert [c.layer.output.channels for c in net.layers if c.layer.op.op == "concat"] == [28, 40, 52, 64]


def test_mobilenets_expansion_follows_what_enters_the_block():
    """MobileNetV2, Table 1: the 1x1 expands to t k maps."""
    body = """
        blocks: {expand: {columns: [t], sequence: [{convolution: 1x1, filters: t * input_channels}]}}
        rows: {r: {sequence: {a: {convolution: 1x1, filters: 24}, b: {expand: 6}}}}
    """
    assert depths(body, 3) == [24, 144]
