"""What a file is that is no spec and no ONNX model but stands where one is expected, and what to do with it."""

from __future__ import annotations

from pathlib import Path

EXPORT = "export the model to ONNX"
SAVED_MODEL = "convert the folder: python -m tf2onnx.convert --saved-model FOLDER --output model.onnx"
MAGIC: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"version https://git-lfs", "this is a Git LFS pointer, not the file", "run 'git lfs pull'"),
    (4, b"TFL3", "this is a TensorFlow Lite model", "python -m tf2onnx.convert --tflite FILE --output model.onnx"),
    (4, b"ORTM", "this is ONNX Runtime's own format", "name the .onnx file that it was made from"),
    (0, b"\x89HDF", "this is an HDF5 file, as Keras writes them", f"{EXPORT}: model.export(PATH, format='onnx')"),
    (0, b"\x1f\x8b", "this is compressed by gzip", "unpack it"),
    (0, b"GGUF", "this is a GGUF file, which has weights and no graph", f"{EXPORT} from where it was trained"),
)
"""Place of the first bytes, the bytes, what the file is, what to do."""
ZIPS = {
    ".keras": ("this is a model of Keras", f"{EXPORT}: model.export(PATH, format='onnx')"),
    ".npz": ("these are arrays of numpy, which are no network", "name the network's file"),
}
ZIP = ("this is a zip archive, as PyTorch writes them", f"{EXPORT}: torch.onnx.export(...)")
PICKLE = ("this is a Python pickle, as PyTorch writes them", f"{EXPORT}: torch.onnx.export(...)")
PAGE = ("this is a page of HTML: the download went to a page of errors or of sign-in", "download the file again")
XML = ("this is a text in XML", "name the network's own file")
ONNX_AGAIN = ("this looks like an ONNX model", "give it a name that ends in .onnx")
PROTOCOLS = range(2, 6)
"""Of pickles that begin by saying theirs."""
IR_VERSIONS = range(3, 32)
BEHIND_IR_VERSION = (0x12, 0x1A, 0x3A, 0x42)
"""Keys of what stands behind it: the producer's name and version, the graph, an operator set."""


def folder(path: Path) -> str:
    """What to do with a folder that stands where a file is expected; empty where it is none."""
    if not path.is_dir():
        return ""
    if (path / "saved_model.pb").exists():
        return f"this is a TensorFlow SavedModel: {SAVED_MODEL}"
    return "name a file in it"


def foreign(head: bytes, name: str) -> tuple[str, str] | None:
    """What the file with these first bytes is, and what to do; None where it may be a spec or a model."""
    for offset, magic, what, fix in MAGIC:
        if head[offset : offset + len(magic)] == magic:
            return what, fix
    if head.startswith(b"PK\x03\x04"):
        return next((said for suffix, said in ZIPS.items() if name.endswith(suffix)), ZIP)
    if head[:1] == b"\x80" and head[1:2] and head[1] in PROTOCOLS:
        return PICKLE
    if int.from_bytes(head[:8], "little") < 1 << 32 and head[8:9] == b"{":
        return "this is a safetensors file, which has weights and no graph", f"{EXPORT} from where it was trained"
    start = head.lstrip().lower()
    if start.startswith((b"<!doctype", b"<html")):
        return PAGE
    if start.startswith(b"<?xml"):
        return XML
    return _tensorflow(head, name)


def _tensorflow(head: bytes, name: str) -> tuple[str, str] | None:
    """Its files have no mark of their own: they go by their names."""
    if name.endswith("saved_model.pb"):
        return "this is a TensorFlow SavedModel", SAVED_MODEL
    if name.endswith(".pb") and head[:1] == b"\x0a" and head[1:2] not in {b"", b"\n"}:
        return "this looks like a frozen graph of TensorFlow", "python -m tf2onnx.convert --graphdef FILE ..."
    return None


def unnamed_onnx(head: bytes) -> tuple[str, str] | None:
    """Whether bytes may be those of an ONNX model whose name does not say so."""
    is_model = len(head) > 2 and head[0] == 0x08 and head[1] in IR_VERSIONS and head[2] in BEHIND_IR_VERSION
    return ONNX_AGAIN if is_model else None


def is_text(head: bytes) -> bool:
    """Whether all bytes are those of a text."""
    return all(32 <= byte < 127 or byte in b"\t\r\n" for byte in head)
