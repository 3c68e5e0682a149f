"""`inception-calc table`: its options, its JSON contract (design, section 5), its exit codes.

The numbers are those of the papers, of Caffe's model files and of hand counts (zoo.md); none is our own output.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.program import ROOT, called, run

CONVENTION = "conv + linear, one per multiply-add, bias additions not counted"

# row: params, multiply-adds (zoo.md 2.1), depth (Table 1)
GOOGLENET_ROWS = {
    "conv1": (9_472, 118_013_952, 1),
    "pool1": (0, 0, 0),
    "conv2": (114_944, 359_661_568, 2),
    "pool2": (0, 0, 0),
    "3a": (163_696, 128_049_152, 2),
    "3b": (388_736, 304_267_264, 2),
    "pool3": (0, 0, 0),
    "4a": (376_176, 73_608_192, 2),
    "4b": (449_160, 87_908_352, 2),
    "4c": (510_104, 99_850_240, 2),
    "4d": (605_376, 118_515_712, 2),
    "4e": (868_352, 169_996_288, 2),
    "pool4": (0, 0, 0),
    "5a": (1_043_456, 51_079_168, 2),
    "5b": (1_444_080, 70_697_984, 2),
    "pool5": (0, 0, 0),
    "dropout": (0, 0, 0),
    "linear": (1_025_000, 1_024_000, 1),
    "softmax": (0, 0, 0),
}


def output(*arguments: str) -> str:
    """What a call that must succeed writes."""
    result = called(*arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout


def document(*arguments: str) -> dict:
    """The one table of a call's JSON."""
    (table,) = json.loads(output("table", *arguments, "-f", "json"))["tables"]
    return table


def records(*arguments: str) -> list[dict[str, str]]:
    """The lines of a call's CSV."""
    return list(csv.DictReader(io.StringIO(output("table", *arguments, "-f", "csv"))))


@pytest.fixture(scope="module")
def googlenet() -> dict:
    return document("specs/googlenet.yaml")


# -- the JSON contract -------------------------------------------------------------------------------------------------


def test_json_has_the_keys_of_the_contract(googlenet):
    assert {"name", "source", "variant", "training", "convention", "input", "rows", "layers", "totals"} <= set(
        googlenet
    )
    assert googlenet["name"] == "GoogLeNet"
    assert googlenet["source"] == "specs/googlenet.yaml"
    assert googlenet["variant"] == "default"
    assert googlenet["training"] is False
    assert googlenet["convention"]["multiply_adds"] == CONVENTION
    assert googlenet["input"] == {"batch": 1, "channels": 3, "height": 224, "width": 224}


def test_json_row_and_layer_are_those_of_the_contract(googlenet):
    row = googlenet["rows"][0]
    assert {
        "name": "conv1", "label": "convolution", "type": "convolution", "patch": "7x7/2", "output": [64, 112, 112],
        "depth": 1, "params": 9_472, "weights": 9_408, "multiply_adds": 118_013_952,
    }.items() <= row.items()  # fmt: skip
    (layer,) = [layer for layer in googlenet["layers"] if layer["name"] == "3a/5x5 reduce"]
    assert {
        "op": "convolution", "row": "3a", "output": [16, 28, 28], "params": 3_088, "weights": 3_072,
        "multiply_adds": 2_408_448, "element_ops": 0,
    }.items() <= layer.items()  # fmt: skip
    names = ["input", *(layer["name"] for layer in googlenet["layers"])]
    assert len(names) == len(set(names))
    for place, layer in enumerate(googlenet["layers"]):
        assert layer["inputs"]
        assert all(names.index(source) <= place for source in layer["inputs"])  # execution order


def test_json_labels_are_the_papers_and_names_are_short(googlenet):
    labels = {row["name"]: row["label"] for row in googlenet["rows"]}
    assert labels["3a"] == "inception (3a)"
    assert labels["dropout"] == "dropout (40%)"
    assert labels["pool5"] == "avg pool"


def test_json_rows_have_the_known_numbers(googlenet):
    rows = {row["name"]: (row["params"], row["multiply_adds"], row["depth"]) for row in googlenet["rows"]}
    assert rows == GOOGLENET_ROWS
    assert list(rows) == list(GOOGLENET_ROWS)


def test_json_totals_have_the_known_numbers(googlenet):
    totals = googlenet["totals"]
    assert (totals["params"], totals["weights"], totals["buffers"]) == (6_998_552, 6_990_272, 0)
    assert totals["multiply_adds"] == 1_582_671_872
    assert (totals["depth"], totals["depth_with_pools"]) == (22, 27)
    assert totals["element_ops"] == sum(layer["element_ops"] for layer in googlenet["layers"])
    assert sum(totals["element_ops_by_kind"].values()) == totals["element_ops"]


@pytest.mark.parametrize(
    ("arguments", "params", "multiply_adds"),
    [
        (("googlenet", "--training"), 13_378_280, 1_591_044_096),
        (("googlenet@separable_conv1",), 6_991_856, 1_498_677_248),
        (("googlenet@naive",), None, 12_568_061_056),
        (("googlenet", "--input", "3x448x448"), 6_998_552, 6_327_615_488),
        (("googlenet", "--set", "size=448"), 6_998_552, 6_327_615_488),
        (("inception_v3",), 23_834_568, 5_713_216_096),
        (("inception_resnet_v2",), 55_843_464, None),
        (("inception_module",), None, 271_351_808),
        (("inception_module@bottleneck",), None, 271_351_808),
        (("inception_module@default",), None, 271_351_808),
        (("inception_module@naive",), None, 854_196_224),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_the_numbers_that_must_come_out(arguments, params, multiply_adds):
    totals = document(*arguments)["totals"]
    assert totals["params"] == (params or totals["params"])
    assert totals["multiply_adds"] == (multiply_adds or totals["multiply_adds"])


# -- what is counted ---------------------------------------------------------------------------------------------------


def test_batch_multiplies_the_work_and_not_the_params():
    table = document("googlenet", "--batch", "8")
    assert table["input"]["batch"] == 8
    assert table["totals"]["multiply_adds"] == 8 * 1_582_671_872
    assert table["totals"]["params"] == 6_998_552
    assert table["rows"][0]["output"] == [64, 112, 112]


def test_training_counts_the_heads_as_rows_of_their_own():
    table = document("googlenet", "--training")
    heads = {row["name"]: row["params"] for row in table["rows"] if row.get("head")}
    assert heads == {"loss1": 3_188_840, "loss2": 3_190_888}
    assert table["training"] is True
    assert table["totals"]["depth"] == 22


def test_a_width_multiplier_scales_filters_and_round_rounds_them():
    """zoo.md 0, row 14: half the filters give 2.01M params and 425M multiply-adds."""
    table = document("googlenet", "--set", "width_multiplier=0.5")
    assert round(table["totals"]["params"], -4) == 2_010_000
    assert round(table["totals"]["multiply_adds"], -6) == 425_000_000
    (row,) = [row for row in table["rows"] if row["name"] == "3a"]
    assert list(row["cells"].values()) == [32, 48, 64, 8, 16, 16]  # Table 1: 64, 96, 128, 16, 32, 32
    rounded = document("googlenet", "--set", "width_multiplier=0.3", "--round", "8")
    assert {layer["output"][0] % 8 for layer in rounded["layers"] if layer["op"] == "convolution"} == {0}
    assert called("table", "googlenet", "--set", "width_multiplier=0.3").returncode == 2


def test_a_free_symbol_makes_formulas():
    table = document("googlenet", "--set", "classes=")
    assert table["free"] == ["classes"]
    assert table["totals"]["params"] == "1025*classes + 5973552"  # 6,998,552 less the classifier's 1,025,000
    assert table["rows"][-2]["multiply_adds"] == "1024*classes"
    assert table["rows"][0]["params"] == 9_472


def test_a_linear_layer_that_flattens_a_larger_map_is_said():
    """VGG's first linear layer: 512 x 14 x 14 x 4096 weights at 448."""
    table = document("vgg_a", "--input", "3x448x448")
    (row,) = [row for row in table["rows"] if row["weights"] == 512 * 14 * 14 * 4096]
    assert table["notes"][-1:] == [
        f"params of {row['name']} depend on the input's size: a linear layer flattens the map that arrives"
    ]
    assert "depend on the input's size" in output("table", "vgg_a", "--input", "3x448x448")
    assert "notes" not in document("googlenet", "--input", "3x448x448")  # its pool is global


# -- what is shown -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "count"),
    [("row", 19), ("stage", 6), ("kind", 9), ("layer", 57 + 57 + 1 + 14 + 9 + 2 + 1 + 1)],  # 6 sizes of maps: 112 ... 1
)
def test_by_groups_the_same_total(by: str, count: int):
    *groups, total = records("googlenet", "--by", by)
    assert len(groups) == count
    for column in ("params", "multiply_adds"):
        assert sum(int(group[column]) for group in groups) == int(total[column])
    assert int(total["params"]) == 6_998_552


def test_columns_are_chosen_and_ordered():
    lines = records("googlenet", "--columns", "multiply_adds, row,weights")
    assert list(lines[0]) == ["name", "variant", "multiply_adds", "row", "weights", "convention"]
    assert lines[-1]["weights"] == "6990272"
    assert {line["convention"] for line in lines} == {CONVENTION}


def test_sort_puts_the_largest_first_and_top_cuts_the_rows_but_not_the_total():
    lines = records("googlenet", "--sort", "multiply_adds", "--top", "3")
    assert [line["row"] for line in lines] == ["conv2", "3b", "4e", "total"]
    assert lines[-1]["multiply_adds"] == "1582671872"
    assert "3 of 19 rows shown; the total is of all" in output("table", "googlenet", "--top", "3")


def test_a_view_is_added_to_json_and_takes_nothing_away():
    table = document("googlenet", "--by", "kind", "--sort", "params", "--top", "1")
    assert (len(table["rows"]), table["view"]["by"]) == (19, "kind")
    assert [group["name"] for group in table["view"]["groups"]] == ["convolution"]
    assert "view" not in document("googlenet", "--columns", "row,params")


def test_shares_are_of_all_multiply_adds_and_add_up_to_one():
    lines = records("googlenet")
    shares = {line["row"]: float(line["share"] or 0) for line in lines[:-1]}
    assert shares["conv2"] == pytest.approx(359_661_568 / 1_582_671_872, abs=1e-6)
    assert sum(shares.values()) == pytest.approx(1, abs=1e-5)


def test_units_exact_and_auto():
    assert "1,582,671,872" in output("table", "googlenet", "--units", "exact")
    assert "1.58G" in output("table", "googlenet")


def test_printed_stands_beside_ours():
    lines = records("googlenet", "--printed")
    assert [lines[0][f"printed_{name}"] for name in ("output", "depth", "params", "ops")] == [
        "112x112x64", "1", "2.7K", "34M",
    ]  # fmt: skip
    assert (lines[-1]["printed_depth"], lines[-1]["printed_ops"]) == ("22", "1.5B")
    assert document("googlenet")["rows"][4]["printed"] == ["28x28x256", "2", "159K", "128M"]


def test_printed_numbers_of_the_whole_alone_stand_in_the_total():
    for spec in ("vgg_d", "inception_v3", "xception", "alexnet"):
        assert output("table", spec, "--printed") != output("table", spec)
    *rows, total = records("vgg_d", "--printed")
    assert (total["printed_depth"], total["printed_params"]) == ("16", "138M")  # Simonyan and Zisserman, tables 1 and 2
    assert {row["printed_params"] for row in rows} == {""}
    *_, total = records("xception", "--printed")
    assert (total["params"], total["printed_params"]) == ("22855952", "22,855,952")  # to the last digit
    assert "printed too: top-1 error (S 256, Q 256) 27.0%;" in output("table", "vgg_d", "--printed")
    assert "no numbers that its source prints" in output("table", "lenet_caffe", "--printed")
    printed = document("googlenet")["printed"]
    assert printed["rows"] == ["output", "depth", "params", "ops"]
    assert {"name": "top-5 error", "text": "6.67%"} in printed["whole"]
    assert "printed" not in document("lenet_caffe")


@pytest.mark.parametrize("by", ["row", "stage", "layer", "kind"])
@pytest.mark.parametrize("spec", ["googlenet", "vgg_d", "densenet121", "spp_zf5"])
def test_no_printed_column_is_empty_on_every_line(spec, by):
    lines = records(spec, "--by", by, "--printed")
    for key in (key for key in lines[0] if key.startswith("printed_")):
        assert any(line[key] for line in lines)
    text = output("table", spec, "--by", by, "--printed")
    assert ("--by row shows it" in text) == (by != "row" and spec != "vgg_d")


@pytest.mark.parametrize("by", ["row", "stage", "layer", "kind"])
def test_a_column_that_would_be_empty_whatever_the_network_is_an_error(by):
    """Each column, alone, is filled on a line of one of two networks, or refused."""
    from inception_calc.report.view import WORDS

    for name in WORDS:
        columns = "share" if name == "row" else name
        done = called("table", "googlenet", "--by", by, "--columns", f"row,{columns}", "-f", "csv")
        if done.returncode:
            assert done.returncode == 2
            assert f"a {by} has no '{columns}'" in done.stderr
            continue
        names = ("name", "variant", "row", "convention")
        lines = list(csv.DictReader(io.StringIO(done.stdout)))
        assert any(value for line in lines for key, value in line.items() if key not in names), (by, columns)


def test_columns_of_blocks_that_are_not_there_are_said():
    assert "no row here calls a block" in output("table", "vgg_d", "--columns", "row,cells,params")
    assert "no row here calls a block" not in output("table", "vgg_d")


def test_several_specs_are_several_tables_in_their_order():
    text = output("table", "inception_module@naive", "googlenet", "-f", "json")
    assert [table["name"] for table in json.loads(text)["tables"]] == ["the lecture's inception module", "GoogLeNet"]
    lines = records("inception_module@naive", "inception_module")
    assert [line["variant"] for line in lines] == ["naive", "naive", "default", "default"]


# -- where specs come from ---------------------------------------------------------------------------------------------


def test_a_spec_is_a_path_a_shipped_name_or_standard_input(tmp_path: Path):
    text = (ROOT / "specs" / "inception_module.yaml").read_text("utf-8")
    (tmp_path / "mine.yml").write_text(text, "utf-8")
    for name, stdin in (("mine.yml", ""), ("inception_module", ""), ("-", text), ("-@naive", text)):
        result = run("table", name, "-f", "json", cwd=tmp_path, stdin=stdin)
        assert result.returncode == 0, result.stderr
        (table,) = json.loads(result.stdout)["tables"]
        assert table["totals"]["multiply_adds"] == (854_196_224 if "naive" in name else 271_351_808)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("nosuch",), "'nosuch' does not exist"),
        (("googlnet",), "did you mean 'googlenet'?"),
        (("googlenet@nave",), "did you mean 'naive'?"),
        (("googlenet", "--by", "rows"), "--by: 'rows' is none of row, module, layer, stage and kind"),
        (("googlenet", "--columns", "parms"), "did you mean 'params'?"),
        (("googlenet", "--sort", "row"), "cannot sort by 'row'"),
        (("googlenet", "--units", "si"), "--units: 'si' is none of auto and exact"),
        (("googlenet", "--style", "papr"), "did you mean 'paper'?"),
        (("googlenet", "--style", "paper", "--by", "kind"), "--style paper has its own rows and columns"),
        (("googlenet", "--input", "224x224"), "write channels x height x width"),
        (("googlenet", "--input", "3x5x5"), "error["),
        (("googlenet", "--set", "clases=10"), "did you mean 'classes'?"),
        (("googlenet", "--set", "classes"), "is no NAME=VALUE"),
        (("googlenet", "--set", "classes=0"), "units 'classes' is 0, it must be at least 1"),
        (("googlenet", "--set", "size=9", "--input", "3x8x8"), "the input's size is given as an input and by a symbol"),
        (("googlenet", "--batch", "2", "--set", "batch=2"), "the batch is given twice, once by a symbol"),
        (("googlenet", "-f", "xml"), "there is no format 'xml'"),
        (("-", "-"), "standard input can be read once only"),
        (("googlenet", "--sort", "params", "--set", "classes="), "cannot sort by params: classes is free"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_wrong_usage_is_explained_with_exit_code_2(arguments, complaint):
    result = called("table", *arguments)
    assert result.returncode == 2
    assert complaint in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("by", ["row", "layer", "stage", "kind"])
def test_the_first_column_is_also_called_by_what_a_line_stands_for(by):
    named, plain = (called("table", "googlenet", "--by", by, "--columns", f"{word}, params") for word in (by, "row"))
    assert named.returncode == 0
    assert named.stdout == plain.stdout
