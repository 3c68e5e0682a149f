"""What a file is that is no ONNX model but stands where one is expected."""

from __future__ import annotations

from pathlib import Path

MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"version https://git-lfs", "this is a Git LFS pointer, not the model: run 'git lfs pull'"),
    (4, b"TFL3", "this is a TensorFlow Lite model: convert it with tf2onnx (--tflite)"),
    (4, b"ORTM", "this is ONNX Runtime's own format: name the .onnx file that it was made from"),
    (0, b"PK\x03\x04", "this is a zip archive (a PyTorch or Keras file?): export the model to ONNX"),
    (0, b"\x89HDF", "this is an HDF5 file (of Keras?): convert it with tf2onnx"),
    (0, b"\x1f\x8b", "this is compressed by gzip: unpack it"),
    (0, b"GGUF", "this is a GGUF file: it has no graph"),
    (0, b"\x80\x02", "this is a Python pickle (of PyTorch?): export the model to ONNX"),
)


def folder(path: Path) -> str:
    """What a folder is that stands where a file is expected; empty where it is none."""
    if not path.is_dir():
        return ""
    if (path / "saved_model.pb").exists():
        return "this is the folder of a TensorFlow SavedModel: convert it with tf2onnx"
    return "this is a folder: name a file in it"


def foreign(head: bytes, name: str) -> str:
    """What the file with these first bytes is, in words; empty where it may be a model."""
    if not head:
        return "the file is empty"
    for offset, magic, what in MAGIC:
        if head[offset : offset + len(magic)] == magic:
            return what
    start = head.lstrip().lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "this is a page of HTML, not the model: the download went to a page of errors or of sign-in"
    if name.endswith("saved_model.pb"):
        return "this is a TensorFlow SavedModel: convert its folder with tf2onnx"
    if head[0] == 0x0A and head[1:2] not in {b"", b"\n"} and name.endswith(".pb"):
        return "this looks like a frozen graph of TensorFlow: convert it with tf2onnx"
    if all(32 <= byte < 127 or byte in b"\t\r\n" for byte in head):
        return "this is a text, not an ONNX model"
    return ""
