"""Costs on demand as they are printed: JSON keys (issue 3), columns, and the notes that stand below."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import called, output


def table(*arguments: str) -> dict[str, Any]:
    (found,) = json.loads(output("table", *arguments, "-f", "json"))["tables"]
    return found


def test_the_keys_of_totals_rows_and_layers():
    found = table("vgg_d")
    assert found["totals"]["peak_activation_bytes"] == 25_690_112
    assert found["totals"]["peak_activation"] == {
        "layer": "conv1_2", "alive": {"conv1_1": 64 * 224 * 224, "conv1_2": 64 * 224 * 224}
    }  # fmt: skip
    assert found["totals"]["param_bytes"] == 4 * 138_357_544
    rows = {row["name"]: row for row in found["rows"]}
    assert (rows["pool5"]["receptive_field"], rows["pool5"]["receptive_stride"]) == ([212, 212], [32, 32])
    layers = {layer["name"]: layer for layer in found["layers"]}
    assert layers["conv5_3"]["receptive_field"] == [196, 196]
    assert layers["conv5_3"]["receptive_stride"] == [16, 16]
    assert layers["conv1_1"]["effective_multiply_adds"] == 3 * 64 * (3 * 224 - 2) ** 2
    assert "backward" not in layers["conv1_1"]
    assert "test_time" not in found["totals"]


def test_gradients_come_with_training_and_test_time_with_models_or_crops():
    found = table("googlenet", "--training", "--models", "7", "--crops", "144")
    first = found["layers"][0]
    assert first["backward"] == {"inputs": 0, "weights": first["multiply_adds"]}
    assert set(found["totals"]["backward"]) == {"inputs", "weights"}
    assert found["totals"]["test_time"] == {
        "models": 7, "crops": 144, "passes": 1008, "multiply_adds": 1008 * 1_582_671_872
    }  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_formats_without_notes_have_test_time_and_sliding_too(form):
    """Table 3 of GoogLeNet: 7 models look at 144 crops each; VGG at 448 slides over 64 crops."""
    done = output("table", "googlenet", "--models", "7", "--crops", "144", "--columns", "row,params", "-f", form)
    lines = list(csv.DictReader(io.StringIO(done), delimiter="," if form == "csv" else "\t"))
    assert {(line["test_time_models"], line["test_time_crops"], line["test_time_multiply_adds"]) for line in lines} == {
        ("7", "144", str(1008 * 1_582_671_872))
    }
    done = output("table", "vgg_d", "--input", "3x448x448", "--fully-convolutional", "-f", form)
    lines = list(csv.DictReader(io.StringIO(done), delimiter="," if form == "csv" else "\t"))
    assert {(line["sliding_crops"], line["sliding_multiply_adds"]) for line in lines} == {
        ("64", str(64 * 15_470_264_320))
    }
    assert "test_time_crops" not in output("table", "vgg_d", "-f", form)


def test_one_is_one():
    assert "test time: 1 model x 10 crops = 10 passes" in output("table", "lenet5", "--crops", "10")
    assert "test time: 10 models x 1 crop = 10 passes" in output("table", "lenet5", "--models", "10")


SUMS = ("param_bytes", "effective_multiply_adds", "traffic_bytes", "activation_bytes", "biases", "flops")


def test_rows_layers_and_totals_have_the_same_keys_and_add_up():
    """Issue 3: costs per layer, row and total."""
    found = table("googlenet", "--training", "--columns", "arithmetic_intensity")
    rows, layers, totals = found["rows"], found["layers"], found["totals"]
    for key in SUMS:
        assert totals[key] == sum(row[key] for row in rows) == sum(layer[key] for layer in layers), key
    for part in ("inputs", "weights"):
        sums = [sum(entry["backward"][part] for entry in entries) for entries in (rows, layers)]
        assert sums == [totals["backward"][part]] * 2
    for entry in (*rows, totals):
        if entry["traffic_bytes"]:
            assert Fraction(entry["arithmetic_intensity"]) == Fraction(entry["flops"], entry["traffic_bytes"])


def test_the_backward_pass_has_its_own_columns_in_training_or_a_note_where_columns_are_chosen():
    drawn = output("table", "googlenet", "--training", "-f", "csv").splitlines()
    heading, first, *_, total = [line.split(",") for line in drawn]
    places = [heading.index(name) for name in ("multiply_adds", "backward_inputs", "backward_weights")]
    assert [first[place] for place in places] == ["118013952", "0", "118013952"]
    assert [total[place] for place in places] == ["1591044096", "1473030144", "1591044096"]
    note = "backward pass: 1.47G multiply-adds for inputs and 1.59G for weights"
    assert note not in output("table", "googlenet", "--training")
    assert note in output("table", "googlenet", "--training", "--columns", "row,params")
    assert "backward" not in output("table", "googlenet")


def test_training_is_said_in_the_title_and_heads_where_there_are_some():
    assert output("table", "googlenet", "--training").startswith("GoogLeNet, input 3x224x224, training heads counted\n")
    assert output("table", "vgg_d", "--training").startswith("VGG D, input 3x224x224, training\n")


def test_the_peak_of_a_row_is_that_of_its_worst_layer_and_heads_have_none():
    found = table("googlenet", "--training")
    alive: dict[str, list[int]] = {}
    for layer in found["layers"]:
        alive.setdefault(layer["row"], []).append(layer["peak_activation_bytes"])
    peaks = {row["name"]: row["peak_activation_bytes"] for row in found["rows"]}
    assert peaks == {row: max(bytes_) for row, bytes_ in alive.items()}
    assert max(peaks.values()) == found["totals"]["peak_activation_bytes"]
    assert (peaks["loss1"], peaks["loss2"]) == (0, 0)
    drawn = output("table", "googlenet", "--training", "--columns", "row,peak_activation_bytes")
    assert "at inference live activations peak at conv2" in drawn
    assert "loss2\n" in drawn


def test_a_peak_that_a_free_size_decides_is_null_for_every_row_and_layer():
    found = table("vgg_d", "--set", "size=")
    assert {entry["peak_activation_bytes"] for entry in (*found["rows"], *found["layers"])} == {None}


def test_where_there_is_no_one_field_the_keys_are_null(tmp_path):
    spec = tmp_path / "strides.yaml"
    branches = "{a: {convolution: 8x8, filters: 1}, b: {convolution: 1x1/2, filters: 1}}"
    spec.write_text(f"name: t\ninput: 1x15x15\nrows: {{s: identity, j: {{concat: {branches}}}}}\n")
    found = table(str(spec), "--by", "layer", "--top", "3")
    for join in (found["rows"][-1], found["layers"][-1], found["view"]["groups"][-1]):
        assert [join[f"receptive_{what}"] for what in ("field", "stride", "offset")] == [None] * 3
    assert found["layers"][0]["receptive_field"] == [8, 8]
    assert "receptive_field" not in table("vgg_d", "--by", "kind")["view"]["groups"][0]


def test_columns_of_a_receptive_field_and_exact_ratios_in_csv():
    """Araujo et al. 2019: 196 with stride 16 at conv5_3; the first element's field starts 90 before the image."""
    columns = "row,receptive_field,receptive_stride,receptive_offset,arithmetic_intensity,share"
    lines = list(csv.DictReader(output("table", "vgg_d", "--columns", columns, "-f", "csv").splitlines()))
    (line,) = [line for line in lines if line["row"] == "conv5_3"]
    assert [line[f"receptive_{what}"] for what in ("field", "stride", "offset")] == ["196x196", "16x16", "(-90, -90)"]
    (row,) = [row for row in table("vgg_d", "--columns", columns)["rows"] if row["name"] == "conv5_3"]
    assert float(line["arithmetic_intensity"]) == row["flops"] / row["traffic_bytes"]
    assert float(line["share"]) == row["multiply_adds"] / 15_470_264_320


def test_heights_come_first_in_fields():
    found = table("inception_v3")
    by_name = {layer["name"]: layer["receptive_field"] for layer in found["layers"]}
    assert any(height != width for height, width in by_name.values())  # behind 1x7 and before 7x1


def test_a_data_type_and_a_dense_pass():
    assert table("vgg_d", "--dtype", "int8")["totals"]["param_bytes"] == 138_357_544
    dense = table("vgg_d", "--input", "3x448x448", "--fully-convolutional")["totals"]
    assert dense["fully_convolutional"]["positions"] == [8, 8]
    assert dense["fully_convolutional"]["crops"] == 64
    assert dense["fully_convolutional"]["sliding_multiply_adds"] == 64 * 15_470_264_320
    assert dense["fully_convolutional"]["multiply_adds"] == dense["multiply_adds"]


def test_a_peak_that_a_free_size_decides_is_null():
    assert table("vgg_d", "--set", "size=")["totals"]["peak_activation_bytes"] is None
    assert table("vgg_d", "--set", "batch=")["totals"]["peak_activation_bytes"] == "25690112*batch"


def test_a_quotient_of_formulas_is_undecided():
    result = called("table", "vgg_d", "--set", "batch=", "--columns", "row,arithmetic_intensity")
    assert (result.returncode, result.stdout) == (3, "")
    assert "flops per byte" in result.stderr
    found = table("vgg_d", "--set", "batch=", "--columns", "arithmetic_intensity")
    assert found["totals"]["arithmetic_intensity"] is None
    assert "batch" in found["totals"]["flops"]


def test_a_free_kernel_leaves_its_effective_count_open_and_no_other(tmp_path):
    spec = tmp_path / "kernel.yaml"
    spec.write_text(
        "name: t\ninput: 3x32x32\nsymbols: {k: 3}\n"
        "rows: {a: {convolution: 3x3, filters: 4, padding: 1}, b: {convolution: k, filters: 4}}\n"
    )
    found = table(str(spec), "--set", "k=")
    assert [row["effective_multiply_adds"] for row in found["rows"]] == [3 * 4 * (3 * 32 - 2) ** 2, None]
    assert found["totals"]["effective_multiply_adds"] is None


def test_notes_say_where_the_peak_stands_and_which_convention_holds():
    columns = "row,peak_activation_bytes,flops,receptive_field"
    written = output("table", "vgg_d", "--columns", columns, "--dtype", "fp16")
    assert "live activations peak at conv1_2, where conv1_1 (3.21M) and conv1_2 (3.21M) elements are alive" in written
    assert "flops: 2 x multiply-adds + element ops" in written
    assert "bytes of fp16" in written
    assert "212x212" in written
    plain = output("table", "vgg_d")
    assert "alive" not in plain
    assert "flops" not in plain


def test_exact_units_show_every_digit():
    written = output("table", "vgg_d", "--columns", "row,peak_activation_bytes", "--units", "exact")
    assert "25690112" in written.replace(",", "")


def test_a_vector_is_told_to_have_no_positions(tmp_path: Path):
    (tmp_path / "mlp.yaml").write_text("name: mlp\ninput: 784\nrows:\n  a: {linear: 10}\n")
    said = output("table", str(tmp_path / "mlp.yaml"), "--fully-convolutional").splitlines()[-1]
    assert said == "fully convolutional: a vector has no positions, its linear layers stay what they are"
    assert table(str(tmp_path / "mlp.yaml"), "--fully-convolutional")["totals"]["params"] == 7850
