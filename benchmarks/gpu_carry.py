r"""Packs what a GPU machine without a package index lacks, for one GPU architecture: a site-packages folder as .tar.xz.

    there="--only-binary=:all: --python-version 3.12 --platform manylinux_2_28_x86_64 --platform manylinux2014_x86_64"
    python -m pip download $there -d wheels --no-deps onnxruntime-gpu==1.31.1
    python -m pip download $there -d wheels pydantic typer PyYAML
    python benchmarks/gpu_carry.py wheels site.tar.xz [--arch 90]

NumPy, onnx and SymPy must be on that machine. Nobody with a GPU and a package index needs it. ONNX Runtime's CUDA
library holds its kernels for six architectures; of each fat binary the images of ARCH stay. TensorRT's library and the
C library, which Python does not load, go.
"""

from __future__ import annotations

import argparse
import lzma
import struct
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

CUDA_LIBRARY = "libonnxruntime_providers_cuda.so"
LEFT_OUT = (
    "libonnxruntime_providers_tensorrt.so",
    "libonnxruntime.so",
    "onnxruntime/transformers/",
    "onnxruntime/tools/",
)
SECTION = ".nv_fatbin"
MAGIC, ELF_IMAGE = 0xBA55ED50, 2
ALIGNED = 8


def pruned(library: bytes, arch: int) -> bytes:
    """The library with the images of one architecture; a fat binary that has none of it stays whole.

    A fat binary is a header (magic, version, length of header, length of the rest) and images, each a header (kind,
    version, its length, length of the rest, ..., architecture at byte 28) and code. What is cut becomes zeros at its
    end, so nothing moves.
    """
    data = bytearray(library)
    place, end = section_of(library)
    while place < end:
        magic, _, header, length = struct.unpack_from("<IHHQ", data, place)
        if magic != MAGIC:
            place += ALIGNED
            continue
        start, stop = place + header, place + header + length
        kept = b"".join(
            image for kind, its_arch, image in images(library, start, stop) if (kind, its_arch) == (ELF_IMAGE, arch)
        )
        if kept:
            data[start:stop] = kept.ljust(length, b"\0")
            struct.pack_into("<Q", data, place + 8, len(kept))
        place = stop
    return bytes(data)


def images(library: bytes, start: int, stop: int) -> Iterator[tuple[int, int, bytes]]:
    """Kind, architecture and bytes of each image of a fat binary."""
    while start < stop:
        kind, _, header, length = struct.unpack_from("<HHIQ", library, start)
        (arch,) = struct.unpack_from("<I", library, start + 28)
        yield kind, arch, library[start : start + header + length]
        start += header + length


def section_of(library: bytes) -> tuple[int, int]:
    """Where the fat binaries of an ELF file begin and end; raises `ValueError` where it has none."""
    (headers,) = struct.unpack_from("<Q", library, 40)
    size, count, names = struct.unpack_from("<HHH", library, 58)
    sections = [struct.unpack_from("<IIQQQQ", library, headers + number * size) for number in range(count)]
    for name, _, _, _, place, length in sections:
        start = sections[names][4] + name
        if library[start : library.index(b"\0", start)].decode() == SECTION:
            return place, place + length
    raise ValueError(f"no {SECTION}: this library holds no GPU code")


def pack(wheels: Path, target: Path, arch: int) -> None:
    """Unpacks the wheels, prunes, packs; raises `ValueError` where no wheel holds the CUDA library."""
    with tempfile.TemporaryDirectory() as name:
        site = Path(name)
        for wheel in sorted(wheels.glob("*.whl")):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(  # noqa: S202 - zipfile keeps names inside the folder
                    site, [each for each in archive.namelist() if not any(word in each for word in LEFT_OUT)]
                )
        libraries = list(site.rglob(CUDA_LIBRARY))
        if not libraries:
            raise ValueError(f"no wheel in {wheels} holds {CUDA_LIBRARY}: pip download them first, as --help shows")
        for library in libraries:
            library.write_bytes(pruned(library.read_bytes(), arch))
        filters = [{"id": lzma.FILTER_X86}, {"id": lzma.FILTER_LZMA2, "preset": 9}]
        with lzma.open(target, "wb", filters=filters) as packed, tarfile.open(fileobj=packed, mode="w|") as archive:
            archive.add(site, ".")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheels", type=Path, help="a folder of .whl files")
    parser.add_argument("target", type=Path, help="the .tar.xz to write")
    parser.add_argument("--arch", type=int, default=90, help="compute capability times ten; default: 90 (H100, H200)")
    asked = parser.parse_args()
    try:
        pack(asked.wheels, asked.target, asked.arch)
    except ValueError as error:
        parser.error(str(error))
