"""The command: what it prints in every format, its exit codes, complaints, sweep files, checkpoints."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pyarrow.parquet
import pytest

from inception_calc import analyze
from inception_calc.cli.schema import schema_text
from tests.cli.program import ROOT, called, environment

CELLS = ("--vary", "3a.3x3 reduce=64:96:16", "--vary", "4*.5x5=32,64")
GOOGLENET = ("sweep", "googlenet", *CELLS, "--max", "multiply_adds=1.56G")


def document(*arguments: str) -> dict:
    result = called(*arguments, "-f", "json")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_json_has_the_keys_that_programs_rely_on():
    found = document(*GOOGLENET)
    assert (found["space"]["size"], found["space"]["fit"]) == (6, 5)
    symbols = {"3a.3x3 reduce": 64, **{f"4{row}.5x5": 32 for row in "abcde"}}
    totals = analyze("googlenet", symbols=symbols).totals
    assert found["networks"][0] == {
        "set": {"3a.3x3 reduce": 64, "4*.5x5": 32},
        "params": totals.params,
        "multiply_adds": totals.multiply_adds,
    }


def test_every_format_says_the_same_networks(tmp_path: Path):
    files = [tmp_path / f"found.{suffix}" for suffix in ("csv", "tsv", "jsonl", "parquet", "json", "md")]
    found = document(*GOOGLENET, *(word for file in files for word in ("-o", str(file))))["networks"]
    rows = [(*one["set"].values(), one["params"], one["multiply_adds"]) for one in found]
    lines = list(csv.reader(io.StringIO(files[0].read_text())))
    assert [tuple(map(int, line[2:6])) for line in lines[1:]] == rows
    assert [line.split("\t") for line in files[1].read_text().splitlines()] == lines
    assert [json.loads(line) for line in files[2].read_text().splitlines()] == found
    table = pyarrow.parquet.read_table(files[3])
    assert [tuple(row.values()) for row in table.to_pylist()] == rows
    metadata = json.loads(table.schema.metadata[b"inception_calc"])
    assert metadata["space"]["fit"] == 5
    assert metadata["question"]["limits"] == [{"metric": "multiply_adds", "max": 1560000000}]
    assert "one per multiply-add" in metadata["convention"]["multiply_adds"]
    assert json.loads(files[4].read_text())["networks"] == found
    assert f"{found[0]['params']:,}" in files[5].read_text()


def test_numbers_beyond_64_bits_are_exact_in_every_format(tmp_path: Path):
    file = tmp_path / "large.parquet"
    words = ("sweep", "googlenet", "--vary", "size=1000000000", "--vary", "batch=1000:1001")
    (one, other) = document(*words, "-o", str(file))["networks"]
    exact = analyze("googlenet", symbols={"size": 10**9, "batch": 1000}).totals.multiply_adds
    assert one["multiply_adds"] == exact > 2**63
    assert pyarrow.parquet.read_table(file).to_pylist()[1]["multiply_adds"] == str(other["multiply_adds"])


def test_a_folder_gets_a_spec_for_each_network(tmp_path: Path):
    folder = tmp_path / "nets"
    found = document(*GOOGLENET, "--sample", "2", "--seed", "3", "-o", f"{folder}/")["networks"]
    files = sorted(folder.iterdir())
    assert len(files) == 2
    for file, one in zip(files, found, strict=True):
        assert analyze(str(file)).totals.multiply_adds == one["multiply_adds"]


def test_the_front_is_drawn_over_the_networks_that_fit(tmp_path: Path):
    pytest.importorskip("vl_convert")
    file = tmp_path / "front.svg"
    assert called(*GOOGLENET, "--pareto", "-params,multiply_adds", "-o", str(file)).returncode == 0
    assert file.read_text().startswith("<svg")


def test_nothing_that_fits_is_exit_code_one_with_the_nearest_and_the_hard_limit():
    result = called("sweep", "googlenet", *CELLS, "--max", "multiply_adds=1.5G", "--max", "params=6.9M", "-f", "json")
    assert result.returncode == 1
    nearest = json.loads(result.stdout)["nearest"]
    assert nearest["set"] == {"3a.3x3 reduce": 64, "4*.5x5": 32}
    assert [breach["limit"] for breach in nearest["breaks"]] == ["multiply_adds <= 1.5G"]
    assert "the hard one is multiply_adds <= 1.5G" in called(*GOOGLENET[:-1], "multiply_adds=1.5G").stdout


def test_points_that_are_no_networks_are_counted_apart_and_named():
    result = called("sweep", "googlenet", "--vary", "size=12:60:16", "--columns", "depth")
    assert "1 of 4 points is networks" not in result.stdout
    assert "3 points are no network" in result.stdout
    assert "a window of 3x3 does not fit" in result.stdout
    assert "first at size = 12" in result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--vary", "3a.3x3 reduse=3"), "did you mean '3a.3x3 reduce'?"),
        (("--vary", "9*.1x1=3"), "no cell of the table matches"),
        (("--vary", "size=a"), "'a' is no number"),
        (("--vary", "size"), "no NAME=VALUES"),
        (("--vary", "variant=nave"), "did you mean 'naive'?"),
        (("--vary", "3*.1x1=3", "--vary", "3a.1x1=4"), "varies under"),
        (("--vary", "size=3", "--vary", "height=3"), "'size' is height and width"),
        (("--vary", "size=64", "--set", "size=32"), "has a value and varies too"),
        (("--vary", "size=64", "--max", "flop=3"), "there is no metric 'flop'"),
        (("--vary", "size=64", "--within", "params=6M"), "METRIC=VALUE±WIDTH"),
        (("--vary", "size=64", "--where", "'3x3' > > 2"), "a relation has one of"),
        (("--vary", "size=64", "--where", "'3x4' > 2"), "'3x4' is no column"),
        (("--vary", "size=64", "--pareto", "params,params"), "twice"),
        (("--vary", "size=64", "--executor", "ray"), "no executor"),
        (("--vary", "size=64", "--count", "--sample", "3"), "two questions"),
    ],
)
def test_complaints_say_what_to_type(words: tuple[str, ...], said: str):
    result = called("sweep", "googlenet", *words)
    assert result.returncode == 2
    assert said in result.stderr


def test_a_space_that_nobody_goes_through_is_refused_with_what_to_do():
    result = called("sweep", "googlenet", "--vary", "*=1:1000", "--each", "-f", "csv")
    assert result.returncode == 3
    assert "--sample 500" in result.stderr


def test_bounds_alone_answer_a_space_of_ten_to_the_thirty():
    space = ("sweep", "googlenet", "--vary", "*.3x3=1:1000", "--each", "--count")
    every = document(*space, "--max", "params=30M")["space"]
    assert every["fit"] == every["size"] == 10**30
    nothing = called(*space, "--min", "params=300M", "-f", "json")
    assert nothing.returncode == 1
    assert set(json.loads(nothing.stdout)["nearest"]["set"].values()) == {1000}


def test_settings_that_no_network_has_are_complaints_and_no_refused_points():
    for words in (("--set", "clases=3"), ("--set", "classes=x"), ("--set", "height=64"), ("--dtype", "int9")):
        assert called("sweep", "googlenet", "--vary", "size=64,96", *words).returncode == 2


def test_relations_know_symbols_too():
    found = document("sweep", "googlenet", "--vary", "batch=1:300:50", "--where", "size >= 2 * batch")
    assert [one["set"]["batch"] for one in found["networks"]] == [1, 51, 101]
    broken = called("sweep", "googlenet", "--vary", "batch=2:4", "--where", "size < batch")
    assert broken.returncode == 1
    assert "batch = 4; the hard one is size < batch: the sides differ by 220" in broken.stdout


@pytest.mark.parametrize(
    ("package", "words", "extra"),
    [
        ("numpy", (), "inception-calc[sweep]"),
        ("pyarrow", ("-f", "parquet"), "inception-calc[sweep]"),
        ("distributed", ("--executor", "dask"), "inception-calc[dask]"),
        ("vl_convert", ("-o", "front.svg"), "inception-calc[report]"),
    ],
)
def test_what_is_not_installed_is_said_with_the_line_to_type(
    monkeypatch, package: str, words: tuple[str, ...], extra: str
):
    monkeypatch.setitem(sys.modules, package, None)
    result = called("sweep", "googlenet", *CELLS, *words)
    assert result.returncode == 4
    assert f"pip install '{extra}'" in result.stderr


SWEEP = """\
spec: googlenet
vary:
  3a.3x3 reduce: 64:96:16
  4*.5x5: [32, 64]
max: {multiply_adds: 1.56G}
"""


def test_a_sweep_file_asks_the_same(tmp_path: Path):
    file = tmp_path / "widths.yaml"
    file.write_text(SWEEP)
    assert document("sweep", "--file", str(file)) == document(*GOOGLENET)
    assert document("sweep", "--file", str(file), "--top", "1", "--sort", "-params") == document(
        *GOOGLENET, "--top", "1", "--sort", "-params"
    )
    import yaml

    jsonschema.validate(yaml.safe_load(SWEEP.replace("64:96:16", "'64:96:16'")), json.loads(schema_text("sweep")))


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        (SWEEP.replace("vary", "varry"), "2:1", "did you mean 'vary'?"),
        (SWEEP.replace("1.56G", "1.56X"), "5:22", "no unit of a count"),
        (SWEEP.replace("3a.3x3 reduce", "3a.3x3 reduse"), "3:3", "did you mean '3a.3x3 reduce'?"),
        (SWEEP + "top: 0\n", "6:6", "no integer from 1 on"),
        (SWEEP + "spec: vgg_a\n", "6:1", "second time"),
        (SWEEP + "where: '3x3 >'\n", "6:8", ""),
        (SWEEP + f"columns: {'[' * 200}{']' * 200}\n", "6:", "deep"),
    ],
)
def test_complaints_about_a_sweep_file_name_the_place(tmp_path: Path, text: str, place: str, said: str):
    file = tmp_path / "widths.yaml"
    file.write_text(text)
    result = called("sweep", "--file", str(file))
    assert result.returncode == 2
    assert f"widths.yaml:{place}" in result.stderr
    assert said in result.stderr


def test_a_run_that_was_killed_goes_on_from_its_checkpoint_and_ends_as_if_it_had_not_been(tmp_path: Path):
    words = ("sweep", "googlenet", "--vary", "3?.3x3=1:200", "--vary", "4[ab].3x3=1:120", "--each")
    words += ("--within", "multiply_adds=1.5G±0.000002%", "-f", "csv")
    expected = called(*words).stdout
    checkpoint = tmp_path / "sweep.checkpoint"
    run = [sys.executable, "-c", SLOW, *words, "--resume", str(checkpoint)]
    process = subprocess.Popen(run, stdout=subprocess.DEVNULL, env=environment(), cwd=ROOT)
    deadline = time.monotonic() + 60
    while not checkpoint.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert 0 < json.loads(checkpoint.read_text())["position"] < 200**2 * 120**2
    other = called("sweep", "googlenet", *CELLS, "--resume", str(checkpoint))
    assert other.returncode == 2
    assert "another question" in other.stderr
    assert called(*words, "--resume", str(checkpoint)).stdout == expected
    assert not checkpoint.exists()


SLOW = """
import sys, time
from inception_calc.sweep import checkpoint, run
checkpoint.EVERY = 0.0
advance = checkpoint.Checkpoint.advance
checkpoint.Checkpoint.advance = lambda self, *state: (advance(self, *state), time.sleep(0.5))
from inception_calc.cli import app
app(sys.argv[1:], prog_name="inception-calc")
"""


def test_a_file_that_is_no_checkpoint_is_left_alone(tmp_path: Path):
    file = tmp_path / "net.yaml"
    file.write_text("name: net\n")
    assert called(*GOOGLENET, "--resume", str(file)).returncode == 2
    assert file.read_text() == "name: net\n"


def test_who_interrupts_is_told_how_it_goes_on(tmp_path: Path):
    words = ("sweep", "googlenet", "--vary", "*.3x3=1:100", "--each", "--max", "multiply_adds=1.5G", "--top", "3")
    run = [sys.executable, "-c", INTERRUPTED, *words[:4], *words[4:]]
    environ = environment()
    result = subprocess.run(run, capture_output=True, text=True, env=environ, cwd=tmp_path, check=False)
    assert result.returncode == 130
    (kept,) = tmp_path.glob("*.checkpoint")
    assert f"--resume {kept.name}" in result.stderr
    assert json.loads(kept.read_text())["position"] > 0


INTERRUPTED = """
import os, signal, sys
from inception_calc.sweep import checkpoint, run
run.MOST_POINTS = 10**30
advance = checkpoint.Checkpoint.advance
def stopped(self, *state):
    advance(self, *state)
    os.kill(os.getpid(), signal.SIGINT)
checkpoint.Checkpoint.advance = stopped
from inception_calc.__main__ import main
main()
"""
