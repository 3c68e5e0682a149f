"""Pictures are valid SVG, PNG and PDF, with their texts in them, and say what the counts say."""

from __future__ import annotations

import shutil
import subprocess
import sys
import xml.etree.ElementTree as Tree
from pathlib import Path

import pytest

from inception_calc.analysis import analyze
from inception_calc.pictures import cost, memory, vega
from inception_calc.pictures.register import PICTURES, SPECS
from inception_calc.report.text import short
from tests.cli.program import ROOT, called

pytest.importorskip("vl_convert")

TEXTS = {
    "cost": ["GoogLeNet, input 3x224x224: multiply-adds", "4e  170M (10.7%)"],
    "network": ["3a to 3b x2  27.3%", "conv1  7.5%", "convolution 7x7/2 + relu"],
    "memory": ["peak 4.82 MB at conv2/local response norm", "4MB", "3a"],
    "receptive-field": ["receptive field 907", "stride 32", "the input: 224"],
    "roofline": ["convolution", "15 flops per byte"],
    "size": ["224: 1.58G", "size"],
    "waterfall": ["4e", "-3.11G", "1.58G"],
}
MORE = {"roofline": ["--roof", "1.5T:100GB"]}


def drawn(path: Path, *arguments: str) -> bytes:
    result = called("report", *arguments, "-o", str(path))
    assert (result.returncode, result.stderr) == (0, "")
    return path.read_bytes()


def test_every_picture_is_judged_here():
    assert set(TEXTS) == set(PICTURES) == set(SPECS)


@pytest.mark.parametrize("picture", PICTURES)
def test_a_picture_has_its_texts(tmp_path, picture: str):
    specs = ("googlenet@naive", "googlenet") if picture == "waterfall" else ("googlenet",)
    root = Tree.fromstring(drawn(tmp_path / "p.svg", *specs, "--picture", picture, *MORE.get(picture, ())))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    texts = ["".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text")]
    squeezed = {" ".join(text.split()) for text in texts}
    for wanted in TEXTS[picture]:
        assert any(" ".join(wanted.split()) in text for text in squeezed), sorted(squeezed)


def test_a_curve_shows_where_a_budget_breaks(tmp_path):
    shutil.copy(ROOT / "specs" / "googlenet.yaml", tmp_path)
    budget = tmp_path / "inception-calc.yaml"
    budget.write_text("version: 1\nbudgets: [{id: whole, match: googlenet.yaml, max: {multiply_adds: 1.6G}}]\n")
    spec = str(tmp_path / "googlenet.yaml")
    svg = drawn(tmp_path / "p.svg", spec, "--picture", "size", "--budget", str(budget)).decode()
    first = next(s for s in range(224, 999) if analyze("googlenet", symbols={"size": s}).totals.multiply_adds > 1.6e9)
    assert "whole: 1.6G" in svg
    assert f"over from size {first}<" in svg


def test_a_pdf_has_texts_that_can_be_found(tmp_path):
    assert drawn(tmp_path / "p.pdf", "lenet5", "--picture", "cost").startswith(b"%PDF")
    if shutil.which("pdftotext"):
        found = subprocess.run(["pdftotext", tmp_path / "p.pdf", "-"], capture_output=True, text=True, check=True)
        assert "LeNet-5" in found.stdout


def test_a_png_is_one(tmp_path):
    assert drawn(tmp_path / "p.png", "lenet5", "--picture", "cost").startswith(b"\x89PNG\r\n\x1a\n")


def test_the_icicle_has_every_row_at_its_share():
    analysis = analyze("googlenet")
    nodes = {(node["level"], node["name"]): node for node in cost.tables(analysis, "multiply_adds")["nodes"]}
    whole = analysis.totals.multiply_adds
    at = 0
    for group in analysis.rows:
        count = group.totals.multiply_adds
        if count:
            node = nodes[2, group.name]
            assert (node["start"], node["stop"]) == (at / whole, (at + count) / whole)
            assert node["said"].startswith(f"{short(count)} (")
        at += count


def test_tensors_are_stacked_up_to_what_is_alive():
    tables = memory.tables(analyze("densenet121"))
    for one in tables["live"][:-1]:
        here = [piece for piece in tables["pieces"] if piece["start"] <= one["at"] < piece["stop"]]
        assert sum(piece["high"] - piece["low"] for piece in here) == one["bytes"]
        assert max(piece["high"] for piece in here) == one["bytes"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("googlenet", "--picture", "cost", "-o", "p.gif"), "end it in .svg, .png or .pdf"),
        (("googlenet", "-o", "p.svg"), "end it in .html, or ask for a --picture"),
        (("googlenet", "--picture", "pie", "-o", "p.svg"), "--picture"),
        (("googlenet", "--picture", "waterfall", "-o", "p.svg"), "name two SPECs"),
        (("googlenet", "--picture", "cost", "--metric", "depth", "-o", "p.svg"), "'depth'"),
        (("googlenet", "--picture", "cost", "--set", "size=", "-o", "p.svg"), "set it: --set size="),
        (("googlenet", "--picture", "cost", "--metric", "buffers", "-o", "p.svg"), "choose another --metric"),
        (("googlenet", "lenet5", "--picture", "cost", "-o", "p.svg"), "name one SPEC"),
        (("googlenet",), "write -o report.html"),
        (("googlenet", "--picture", "size", "--over", "classes", "-o", "p.svg"), "--over one of batch, size"),
        (("googlenet", "--picture", "roofline", "--roof", "fast", "-o", "p.svg"), "--roof 1.5T:100GB"),
        (("googlenet", "--budget", "no.yaml", "-o", "p.html"), "name the spec's file"),
    ],
)
def test_what_cannot_be_drawn_is_said(tmp_path, monkeypatch, arguments: tuple[str, ...], said: str):
    result = called("report", *arguments)
    assert result.returncode == 2
    assert said in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("report", "lenet5", "-o", "p.html"),
        ("report", "lenet5", "--picture", "cost", "-o", "p.svg"),
        ("validate", "lenet5", "--scatter", "p.svg"),
    ],
)
def test_without_the_extra_it_says_what_to_type(tmp_path, monkeypatch, arguments: tuple[str, ...]):
    if arguments[0] == "validate":
        pytest.importorskip("onnxruntime")
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    result = called(*arguments[:-1], str(tmp_path / arguments[-1]))
    assert result.returncode == 4
    assert "pip install 'inception-calc[report]'" in result.stderr
    assert not list(tmp_path.iterdir())


def test_the_bundle_is_made_once_and_a_broken_one_anew(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(vega.require_vega(), "javascript_bundle", lambda snippet: "let s = '</script>';")
    script = vega.bundle()
    (kept,) = (tmp_path / "inception-calc").iterdir()
    monkeypatch.setattr(vega.require_vega(), "javascript_bundle", lambda snippet: "anew")
    assert vega.bundle() == script
    kept.write_text(kept.read_text(encoding="utf-8")[1:], encoding="utf-8")
    assert vega.bundle() == "anew"
    assert "</script" not in script


def test_where_nothing_can_be_kept_the_bundle_is_made_all_the_same(tmp_path, monkeypatch):
    (tmp_path / "inception-calc").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(vega.require_vega(), "javascript_bundle", lambda snippet: "made")
    assert vega.bundle() == "made"
