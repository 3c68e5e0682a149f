"""`--op` and `--ops`: how operators that nobody declared are counted, from the command line and from a small file.

```yaml
com.acme::Foo: elementwise       # one operation for each element of the outputs
com.acme::Norm: elementwise=5    # five
com.acme::Copy: free             # it moves nothing
com.acme::Dense: matmul          # or conv; or a known operator:
com.acme::FastGelu: onnx::Gelu
```
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from inception_calc.cli import completion
from inception_calc.files.references import is_onnx
from inception_calc.problems import Fault, InputError, Problem

OpOption = Annotated[
    list[str] | None,
    typer.Option(
        "--op",
        metavar="OPERATOR=WAY",
        help="How to count a custom operator of an ONNX file: com.acme::Foo=elementwise, elementwise=4, free, matmul, "
        "conv, or as a known one, onnx::Gelu. Repeatable.",
        autocompletion=completion.operators,
    ),
]
OpsOption = Annotated[
    str | None, typer.Option("--ops", metavar="FILE", help="A YAML file of such lines, com.acme::Foo: elementwise.")
]


def read_operators(ops: Iterable[str] | None, file: str | None, specs: Sequence[str]) -> dict[str, str]:
    """Operator -> how it is counted; what --op says wins over the file. Raises `InputError` with every mistake."""
    texts = list(ops or ())
    if (texts or file is not None) and not any(map(is_onnx, specs)):
        what = "--op and --ops are about operators of ONNX files, and none is named"
        raise InputError(Problem("bad-usage", what, None, "leave them out, or name a model: model.onnx"))
    found = _read_file(file) if file is not None else {}
    problems: list[Problem] = []
    own: dict[str, str] = {}
    for text in texts:
        name, equals, way = text.partition("=")
        if not equals:
            fix = "write --op com.acme::Foo=elementwise"
            problems.append(Problem("bad-value", f"--op: '{text}' is no OPERATOR=WAY", None, fix))
        elif name in own:
            problems.append(Problem("twice", f"--op: '{name}' is told twice", None, "leave one out"))
        else:
            own[name] = way
            problems += [Problem(f.code, f"--op: {f.what}", None, f.fix) for f in _faults(name, way)]
    if problems:
        raise InputError(*problems)
    return {**found, **own}


def _faults(name: str, way: str) -> list[Fault]:
    from inception_calc.onnx_ops.told import read_told  # the register of operators is needed by few

    try:
        read_told(name, way)
    except Fault as fault:
        return [fault]
    return []


def _read_file(name: str) -> Mapping[str, str]:
    """The lines of a file, each judged at its place."""
    from inception_calc.spec_file.load import in_file_order, read_bytes
    from inception_calc.spec_file.nodes import Scalar
    from inception_calc.spec_file.yaml_reader import FileKind, decode, read_yaml

    kind = FileKind(
        "files of operators",
        "write 'com.acme::Foo: elementwise'",
        "write the value out in each line",
        "write the lines out",
        "keep the operators that your models use",
        "keep all operators in one mapping",
    )
    data = read_bytes(Path(name), name, if_missing="write a file of lines such as com.acme::Foo: elementwise")
    root, problems = read_yaml(decode(data, name, kind), name, kind)
    found: dict[str, str] = {}
    for key, node in root.values.items():
        if not isinstance(node, Scalar):
            what = f"how '{key}' is counted must be a text"
            problems.append(Problem("wrong-type", what, root.keys[key].location(), "write elementwise, free, ..."))
            continue
        found[key] = node.text
        for fault in _faults(key, node.text):
            place = root.keys[key] if fault.code == "bad-operator" or not node.text else node
            problems.append(Problem(fault.code, fault.what, place.location(), fault.fix))
    if problems:
        raise InputError(*in_file_order(problems))
    return found
