"""The reader against the onnx package, on whole files, on cut ones and on damaged ones."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from pathlib import Path

import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper, parser

from inception_calc.files.reads import one_run
from inception_calc.files.whole import whole_file
from inception_calc.onnx_file import read_bytes, read_file, reader
from inception_calc.onnx_file.messages import Model
from inception_calc.problems import InputError
from tests.onnx_file import plain

SHIPPED = sorted((Path(onnx.__file__).parent / "backend" / "test" / "data").rglob("*.onnx"))


def same(ours: object, theirs: object) -> bool:
    """Equal, and not-a-number is itself."""
    return repr(ours) == repr(theirs)


def small_model() -> bytes:
    """A graph with every kind of attribute, a function, a branch, weights, and all kinds of types."""
    model = parser.parse_model("""
        <ir_version: 10, opset_import: ["" : 21, "own" : 1], metadata_props: ["author": "someone"]>
        agraph (float[N, 3, ?, 8] x, bool c) => (float[N, M] y)
        <int64[2] shape = {2, -1}, float[3] w = {1.5, -2, 3}, uint8[2] bytes = {7, 255},
         double[1] wide = {0.1}, bool[2] flags = {1, 0}, int32[1] one = {-5}>
        {
            a = own.twice <k = 3> (x)
            b = If (c) <then_branch = g1 () => (float[2] r) { r = Constant <value_floats = [1.0, 2.0]> () },
                        else_branch = g2 () => (float[2] r) { r = Identity (w) }>
            y = Reshape (a, shape)
        }
        <domain: "own", opset_import: ["" : 21]>
        twice <k> (p) => (q) { i = Constant <value_int: int = @k> ()
                               q = Add (p, p) }
    """)
    kinds = helper.make_tensor_value_info("s", TensorProto.FLOAT, None)
    kinds.type.CopyFrom(
        helper.make_optional_type_proto(
            helper.make_sequence_type_proto(
                helper.make_map_type_proto(7, helper.make_tensor_type_proto(1, ["a", None, 3]))
            )
        )
    )
    model.graph.value_info.append(kinds)
    node = helper.make_node("Custom", ["x"], ["z"], "named", domain="own", strings=["a", "b"], floats=[0.5] * 20)
    node.attribute.append(
        helper.make_attribute("tensors", [numpy_helper.from_array(half()), numpy_helper.from_array(half())])
    )
    node.attribute.append(helper.make_attribute("type", helper.make_tensor_type_proto(1, [2])))
    node.attribute.append(helper.make_attribute("ints", list(range(-3, 200))))
    node.attribute.append(helper.make_attribute("sparse", sparse()))
    node.metadata_props.add(key="pkg.torch.onnx.stack_trace", value="long")
    node.metadata_props.add(key="namespace", value="model/layer")
    model.graph.node.append(node)
    model.graph.sparse_initializer.append(sparse())
    data: bytes = model.SerializeToString()
    return data


def half():  # type: ignore[no-untyped-def]
    import numpy as np

    return np.array([[1.5, -2.25]], np.float16)


def sparse():  # type: ignore[no-untyped-def]
    import numpy as np

    values = numpy_helper.from_array(np.array([1.0, 2.0], np.float32), "few")
    return helper.make_sparse_tensor(values, numpy_helper.from_array(np.array([0, 5], np.int64)), [3, 3])


def test_every_file_that_onnx_ships_reads_as_onnx_reads_it():
    assert len(SHIPPED) > 100
    for path in SHIPPED:
        assert same(read_file(path), plain.model(onnx.load(path, load_external_data=False))), path


def test_every_kind_of_message_reads_as_onnx_reads_it():
    data = small_model()
    assert same(read_bytes(data, "m"), plain.model(onnx.load_from_string(data)))


@pytest.mark.parametrize("data_type", sorted(plain.INTEGERS | plain.FLOATS))
@pytest.mark.parametrize("raw", [False, True])
def test_values_of_every_type_stored_either_way(data_type, raw):
    import numpy as np

    array = np.array([0, 1, 5, 100], np.int64).astype(helper.tensor_dtype_to_np_dtype(data_type))
    if data_type in {3, 5, 6, 7} | plain.FLOATS:
        array = -array
    tensor = helper.make_tensor("t", data_type, [4], array.tobytes() if raw else array, raw)
    model = helper.make_model(helper.make_graph([], "g", [], [], [tensor]))
    ours = read_bytes(model.SerializeToString(), "m").graph.initializers[0]
    expected = [float(v) for v in array] if data_type in plain.FLOATS else [int(v) for v in array]
    assert list(ours.values or ()) == expected


def test_long_lists_are_counted_and_not_kept():
    node = helper.make_node("TreeEnsemble", ["x"], ["y"], domain="ai.onnx.ml", many=list(range(5000)), few=[1, 2])
    attributes = {a.name: a for a in read_bytes(wrap(node), "m").graph.nodes[0].attributes}
    assert attributes["many"][2:] == (None, 5000, "", 4999)
    assert attributes["few"][2:] == ((1, 2), 2, "", 2)


def wrap(*nodes: object) -> bytes:
    data: bytes = helper.make_model(helper.make_graph(list(nodes), "g", [], [])).SerializeToString()
    return data


def test_cut_at_every_byte_it_is_refused_or_reads_as_protobuf_reads_it():
    data = small_model()
    refused = 0
    for end in range(len(data)):
        try:
            ours = read_bytes(data[:end], "cut.onnx")
        except InputError as error:
            problem = error.problems[0]
            assert problem.what.startswith("cut.onnx: ")
            refused += 1
        else:
            assert same(ours, plain.model(onnx.load_from_string(data[:end])))
    assert refused > len(data) - 10  # only a cut between two messages of the model leaves one


def test_a_cut_is_told_with_its_place():
    data = small_model()
    with pytest.raises(InputError) as error:
        read_bytes(data[:-300], "cut.onnx")
    assert "field 7 of the model at byte" in str(error.value) or "truncated?" in str(error.value)
    assert error.value.problems[0].code == "truncated"


def test_mutants_end_in_a_model_or_a_typed_error():
    chance = random.Random(0)  # noqa: S311
    data = small_model()
    refused = 0
    for _ in range(4000):
        mutant = bytearray(data)
        for _ in range(chance.choice((1, 1, 2, 8))):
            place = chance.randrange(len(mutant))
            match chance.randrange(3):
                case 0:
                    mutant[place] = chance.randrange(256)
                case 1:
                    del mutant[place : place + chance.randrange(1, 9)]
                case _:
                    mutant[place:place] = chance.randbytes(chance.randrange(1, 9))
        try:
            read_bytes(bytes(mutant), "m")
        except InputError:
            refused += 1
    assert refused > 400


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def field(number: int, payload: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def reason(data: bytes) -> str:
    with pytest.raises(InputError) as error:
        read_bytes(data, "m.onnx")
    return f"{error.value.problems[0].code}: {error.value.problems[0].what}"


def test_hostile_messages_are_refused_at_once():
    graph = field(2, b"inner")
    for _ in range(20_000):  # attribute g of a node of a graph
        graph = field(1, field(5, field(6, graph)))
        if len(graph) > 200_000:
            break
    assert reason(field(7, graph)).startswith("too-deep: m.onnx: node 0: the graph at byte")
    assert "300,000 nodes" in reason(field(7, b"\x0a\x00" * 1_000_000))
    deep = b""
    for _ in range(100):
        deep = field(4, field(1, deep))
    assert reason(field(7, field(11, field(2, deep)))).startswith("too-deep: m.onnx: the type")
    assert reason(b"\x08" + b"\xff" * 11).startswith("damaged: m.onnx: a number of the model at byte 0")
    assert "has the number 0" in reason(b"\x02\x01x")
    assert "has no type (3)" in reason(b"\x3b" + b"x" * 30 + b"\xff")
    assert "axes" in reason(field(7, field(5, b"\x08\x01" * 100)))
    assert "dims [-5]" in reason(field(7, field(5, b"\x08" + varint((1 << 64) - 5))))
    assert "dims [-5]" in reason(field(7, field(15, b"\x18" + varint((1 << 64) - 5))))
    assert "is a text of 70,000 bytes" in reason(field(2, b"n" * 70_000))
    assert "it is no whole number" in reason(field(1, b"xx"))
    assert "no graph" in reason(b"\x08\x07")
    assert "a second graph" in reason(field(7, b"") * 2)
    assert "has room for 3 values and holds 1" in reason(field(7, field(5, b"\x08\x03\x10\x07\x38\x01")))
    assert "needs 24 bytes and holds 2" in reason(field(7, field(5, b"\x08\x03\x10\x07" + field(9, b"ab"))))


def test_folders_and_missing_files_are_told(tmp_path):
    (tmp_path / "saved_model.pb").write_bytes(b"x")
    for path, word in ((tmp_path, "SavedModel"), (tmp_path / "none.onnx", "name an ONNX file")):
        with pytest.raises(InputError) as error:
            read_file(path)
        assert word in error.value.problems[0].fix


def test_a_model_that_was_read_is_no_target(tmp_path):
    path = tmp_path / "m.onnx"
    path.write_bytes(wrap())
    with one_run():
        read_file(path)
        with pytest.raises(InputError, match="was read in this run"), whole_file(path):
            pass
    assert path.read_bytes() == wrap()


def piped(tmp_path: Path, data: bytes) -> Model:
    path = tmp_path / "pipe.onnx"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(data,), daemon=True)
    writer.start()
    try:
        return read_file(path)
    finally:
        writer.join(timeout=20)


def test_a_pipe_is_read_like_a_file(tmp_path):
    assert piped(tmp_path, small_model()) == read_bytes(small_model(), "m")


def test_what_comes_through_a_pipe_or_a_device_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(reader, "MOST_PIPED", 10)
    with pytest.raises(InputError, match="more than 10 bytes come through the pipe"):
        piped(tmp_path, b"x" * 11)
    with pytest.raises(InputError, match="it is no regular file"):
        read_file(Path("/dev/zero"))


PEAK = """
import sys
from pathlib import Path
from inception_calc.onnx_file import read_file
model = read_file(Path(sys.argv[1]))
assert len(model.graph.initializers) == 8 and len(model.graph.nodes) == 8
loaded = {name.partition(".")[0] for name in sys.modules}
heavy = {"onnx", "google", "numpy", "pydantic", "yaml", "sympy", "typer", "rich"} & loaded
assert not heavy, heavy
opened = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(opened[0].split()[1])
"""


def peak_kilobytes(path: Path) -> int:
    run = subprocess.run([sys.executable, "-c", PEAK, str(path)], capture_output=True, text=True, check=True)
    return int(run.stdout)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux to ask for the peak of memory")
def test_two_gigabytes_of_weights_take_no_memory(tmp_path):
    """Sparse files: the size is there, the blocks are not. Embedded and external against the same graph hollow."""
    each = 1 << 28  # bytes of one of eight weights
    dims = [1 << 13, 1 << 13]

    def graph_of(payload: bytes, embedded: int) -> tuple[bytes, list[bytes]]:
        tensors = [
            b"".join([b"\x08" + varint(d) for d in dims]) + b"\x10\x01" + field(8, b"w%d" % i) + payload
            for i in range(8)
        ]
        heads = [t + (varint(9 << 3 | 2) + varint(embedded) if embedded else b"") for t in tensors]
        nodes = [field(1, field(1, b"w%d" % i) + field(2, b"y%d" % i) + field(4, b"Relu")) for i in range(8)]
        return b"".join(nodes), heads

    def write(name: str, payload: bytes, embedded: int) -> Path:
        nodes, heads = graph_of(payload, embedded)
        wrapped = [varint(5 << 3 | 2) + varint(len(head) + embedded) + head for head in heads]
        size = len(nodes) + sum(len(head) + embedded for head in wrapped)
        path = tmp_path / name
        with path.open("wb") as file:
            file.write(b"\x08\x08" + field(8, b"\x10\x12") + varint(7 << 3 | 2) + varint(size) + nodes)
            for head in wrapped:
                file.write(head)
                file.seek(embedded, 1)
            file.truncate(file.tell())
        return path

    hollow = peak_kilobytes(write("hollow.onnx", b"", 0))
    location = field(13, field(1, b"location") + field(2, b"missing.bin")) + b"\x70\x01"
    embedded = write("embedded.onnx", b"", each)
    assert embedded.stat().st_size > 1 << 31
    assert peak_kilobytes(embedded) <= 1.3 * hollow
    assert peak_kilobytes(write("external.onnx", location, 0)) <= 1.3 * hollow
