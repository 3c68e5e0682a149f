"""`inception-calc list`: every shipped spec once, in every format, with what `table` counts for it."""

from __future__ import annotations

import csv
import io
import json

from inception_calc.spec_file import shipped
from tests.cli.program import ROOT, called

NAMES = sorted(path.stem for path in (ROOT / "specs").glob("*.yaml"))


def listed(kind: str) -> str:
    result = called("list", "-f", kind)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_json_has_every_spec_in_alphabetical_order_with_its_costs():
    specs = json.loads(listed("json"))["specs"]
    assert [spec["spec"] for spec in specs] == NAMES == shipped.names()
    (googlenet,) = [spec for spec in specs if spec["spec"] == "googlenet"]
    assert {
        "name": "GoogLeNet",
        "title": "Going deeper with convolutions",
        "variants": ["default", "naive", "separable_conv1", "torchvision"],
        "input": [3, 224, 224],
        "params": 6_998_552,
        "multiply_adds": 1_582_671_872,
        "depth": 22,
    }.items() <= googlenet.items()


def test_csv_holds_the_numbers_of_the_json():
    specs = {spec["spec"]: spec for spec in json.loads(listed("json"))["specs"]}
    lines = list(csv.DictReader(io.StringIO(listed("csv"))))
    assert [line["spec"] for line in lines] == NAMES
    for line in lines:
        assert int(line["params"]) == specs[line["spec"]]["params"]
        assert int(line["multiply_adds"]) == specs[line["spec"]]["multiply_adds"]


def test_every_format_names_every_spec():
    for kind, escaped in (
        ("plain", "_"),
        ("rich", "_"),
        ("markdown", r"\_"),
        ("tsv", "_"),
        ("latex", r"\_"),
        ("html", "_"),
    ):
        text = listed(kind)
        assert all(name.replace("_", escaped) in text for name in NAMES), kind
