"""Files of other programs, under the name of a model and under their own: each is said with what to do."""

from __future__ import annotations

import gzip
import io
import pickle
import zipfile
from pathlib import Path

import pytest

from tests.cli.program import called

BUFFER = io.BytesIO()
with zipfile.ZipFile(BUFFER, "w") as archive:
    archive.writestr("archive/data.pkl", b"weights")
ZIP = BUFFER.getvalue()

FILES = [
    ("lfs.yaml", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS pointer", "git lfs pull"),
    ("page.yaml", b"<!DOCTYPE html><html></html>", "page of HTML", "download the file again"),
    ("net.xml", b"<?xml version='1.0'?><net/>", "text in XML", "name the network's own file"),
    ("net.tflite", b"\x1c\x00\x00\x00TFL3" + bytes(40), "TensorFlow Lite", "tf2onnx.convert --tflite"),
    ("saved_model.pb", b"\x08\x01\x12\x05\x0a\x03abc", "SavedModel", "tf2onnx.convert --saved-model"),
    ("frozen.pb", b"\x0a\x20\x0a\x05input\x12\x0bPlaceholder", "frozen graph", "tf2onnx.convert --graphdef"),
    ("net.h5", b"\x89HDF\r\n\x1a\n" + bytes(40), "HDF5", "model.export(PATH, format='onnx')"),
    ("net.keras", ZIP, "model of Keras", "model.export(PATH, format='onnx')"),
    ("net.pt", ZIP, "zip archive, as PyTorch writes", "torch.onnx.export"),
    ("arrays.npz", ZIP, "arrays of numpy", "name the network's file"),
    ("net.pkl", pickle.dumps([1]), "Python pickle", "torch.onnx.export"),
    ("old.pth", pickle.dumps([1], 2), "Python pickle", "torch.onnx.export"),
    ("net.safetensors", (64).to_bytes(8, "little") + b'{"a": {}}', "safetensors", "export the model to ONNX"),
    ("net.gguf", b"GGUF\x03\x00\x00\x00", "GGUF", "export the model to ONNX"),
    ("net.ort", b"\x1c\x00\x00\x00ORTM" + bytes(40), "ONNX Runtime's own format", "name the .onnx file"),
    ("net.onnx.gz", gzip.compress(b"model"), "compressed by gzip", "unpack it"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "what", "fix"), FILES, ids=[name for name, *_ in FILES])
def test_each_is_said_under_its_own_name_and_under_that_of_a_model(
    name: str, data: bytes, what: str, fix: str, tmp_path: Path
):
    for path in (tmp_path / name, tmp_path / f"{name}.onnx"):
        path.write_bytes(data)
        if name.endswith(".pb") and path.suffix == ".onnx":
            continue  # TensorFlow's have no mark but their names
        result = called("table", str(path))
        assert result.returncode == 2
        assert what in result.stderr or name.endswith((".keras", ".npz"))  # they go by their names too
        assert fix in result.stderr or name.endswith((".keras", ".npz"))
        assert str(path) in result.stderr


def test_folders_empty_files_texts_and_models_without_their_suffix(tmp_path: Path):
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "saved_model.pb").write_bytes(b"\x08\x01")
    (tmp_path / "plain").mkdir()
    (tmp_path / "empty.onnx").write_bytes(b"")
    (tmp_path / "text.onnx").write_bytes(b"name: a text\n")
    (tmp_path / "model.bin").write_bytes(b"\x08\x0a\x12\x07pytorch")
    for name, said in (
        ("saved", "TensorFlow SavedModel"), ("plain", "name a file in it"), ("empty.onnx", "the file is empty"),
        ("text.onnx", "this is a text"), ("model.bin", "a name that ends in .onnx"),
    ):  # fmt: skip
        result = called("table", str(tmp_path / name))
        assert (result.returncode, said in result.stderr) == (2, True), result.stderr
