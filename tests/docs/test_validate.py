"""docs/validate.md names every JSON key of `validate` and `predict`, and none that is not there."""

from __future__ import annotations

import importlib.util
import json
import re

from inception_calc.latency.fit import fit_units
from inception_calc.latency.predict import predict
from inception_calc.latency.ratio import ratio_of
from inception_calc.latency.reading import read
from inception_calc.onnx_run.made_inputs import MadeInput
from inception_calc.onnx_run.proof import Mismatch, ModelProof, Open, Proof
from inception_calc.report.validation_json import prediction_document, validation_document
from tests.cli.program import ROOT
from tests.latency.made import measurement, rounds, timed

TEXT = (ROOT / "docs" / "validate.md").read_text("utf-8").split("\n## JSON\n")[1]
HEAD = ("name", "source", "variant", "training", "provider", "environment")
"""Keys that the command itself puts in front; tests/cli/test_validate.py has them from a run."""
FREE_NAMES = ("inserted", "kinds", "environment", "sizes")
"""Keys whose values have names of the spec's or the machine's for keys."""


def keys_of(value: object, free: bool = False) -> set[str]:
    """Every key in a JSON value, names left out."""
    if isinstance(value, list):
        return set().union(*(keys_of(item) for item in value))
    if not isinstance(value, dict):
        return set()
    own = set() if free else set(value)
    return own.union(*(keys_of(item, key in FREE_NAMES) for key, item in value.items()))


def documents() -> list[dict[str, object]]:
    found = measurement(*(timed(n / 10, f"c{n}", multiply_adds=n * 10**6, size=10**5) for n in range(1, 8)))
    proof = Proof(3, 2, (Mismatch("c", "params", 1, 2),))
    pairs = list(zip(rounds(1.0, 1.1), rounds(2.0, 2.1), strict=True))
    head = dict.fromkeys(HEAD, "")
    whole = validation_document(head, proof, (found, read(found)), ratio_of(("a", 1), ("b", 2), pairs))
    made = (MadeInput("x", "int64", (2,), 1),)
    of_file = ModelProof(1, 2, 1, 1, 0, (), (Open("c", "node", "why"),), made, {"nonzero_0": 7})
    fit = fit_units(found.units)
    file = validation_document(head, of_file, None, None)
    head |= {"batch": 1, "calibrated_on": [], "calibrated_batches": []}
    prediction = prediction_document(head, predict([found.units[0].unit], fit), fit, 1.0)
    return [json.loads(whole), json.loads(file), json.loads(prediction)]


def test_every_json_key_is_named():
    words = set(re.findall(r"`([\w.]+)`", TEXT))
    missing = set().union(*map(keys_of, documents())) - words
    assert not missing


def test_the_page_has_the_parts_that_the_benchmark_writes():
    specification = importlib.util.spec_from_file_location("latency", ROOT / "benchmarks" / "latency.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    parts = dict.fromkeys(
        re.findall(r"^        \"(\w+)\": ", (ROOT / "benchmarks" / "latency.py").read_text(), re.M), "new"
    )
    assert len(parts) == 4
    text = module.replaced(module.PAGE.read_text(encoding="utf-8"), parts)
    assert text.count("-->\nnew\n<!-- end -->") == 4


def test_no_other_key_is_named():
    first = re.findall(r"^\| (`[^|]*`) \|", TEXT, re.MULTILINE)
    named = {word for cell in first for word in re.findall(r"`([^`]+)`", cell)}
    assert named - {"fit.kinds"} == documents()[0].keys()
    assert {"kinds", "convolutions"} <= documents()[0]["fit"].keys()
