"""Read specs/*.yaml and make variants of them: text in, plain dictionaries out. The first half of judge.py."""

from functools import lru_cache
from pathlib import Path

import yaml

SPECS = Path(__file__).parents[2] / "specs"
COMMON = {"then", "repeat", "printed", "label", "patch", "after", "before", "loss weight"}
SETTINGS = {
    "filters",
    "stride",
    "padding",
    "dilation",
    "groups",
    "connections",
    "bias",
    "batch norm",
    "activation",
    "multiplier",
    "rounding",
}
CONVOLUTIONS = {"convolution", "depthwise convolution", "separable convolution"}
POOLS = {"max pool", "average pool"}
PLAIN = {
    "local response norm",
    "dropout",
    "scale",
    "relu",
    "relu6",
    "tanh",
    "sigmoid",
    "softmax",
    "flatten",
    "identity",
}
OPERATORS = (
    CONVOLUTIONS
    | POOLS
    | PLAIN
    | {"subsampling", "spatial pyramid pool", "linear", "rbf", "batch norm", "sequence", "concat", "sum"}
)


# ---------------------------------------------------------------- reading: everything is text, bare words are steps


class Reader(yaml.BaseLoader):
    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"duplicate key at {node.start_mark}: {keys}"
        return super().construct_mapping(node, deep)


def step(value):
    if isinstance(value, str):
        return value if value == "remove" else {value: ""}
    value = dict(value)
    for key in ("sequence", "concat", "sum", "then"):
        if key in value:
            inner = value[key]
            value[key] = inner if inner == "remove" else branches(inner, single=key == "then")
    return value


def branches(value, single=False):
    if isinstance(value, dict) and not single:
        return {name: branch(inner) for name, inner in value.items()}
    return [branch(inner) for inner in (value if isinstance(value, list) else [value])]


def branch(value):
    return [step(item) for item in value] if isinstance(value, list) else step(value)


def normal(spec):
    spec = dict(spec)
    for key, read in (("rows", step), ("heads", step), ("blocks", lambda b: b if b == "remove" else step(b))):
        if key in spec:
            spec[key] = {name: read(value) for name, value in spec[key].items()}
    return spec


@lru_cache
def raw(name):
    spec = normal(yaml.load((SPECS / f"{name}.yaml").read_text(), Reader))  # noqa: S506 - all texts
    assert set(spec) <= {
        "name",
        "source",
        "use",
        "input",
        "symbols",
        "defaults",
        "blocks",
        "rows",
        "heads",
        "variants",
        "printed",
        "reasons",
        "claims",
    }, f"{name}: {list(spec)}"
    for file, names in spec.get("use", {}).items():
        taken = {block: raw(file)["blocks"][block] for block in names}
        assert not set(taken) & set(spec.get("blocks", {})), f"{name}: own block hides a used one"
        spec["blocks"] = taken | spec.get("blocks", {})
    return spec


# ---------------------------------------------------------------- changing: one merge for variants and `like`


def operator(a_step):
    keys = (
        [key for key in a_step if key in OPERATORS - {"batch norm"}]
        or [key for key in a_step if key not in COMMON | SETTINGS | {"columns", "defaults", "like"}]
        or [key for key in a_step if key == "batch norm"]
    )
    assert len(keys) <= 1, f"more than one operator: {keys}"
    return keys[0] if keys else None


def merge(base, patch, columns_of=None, is_step=False):
    if not (isinstance(base, dict) and isinstance(patch, dict)):
        return patch
    new = operator(patch) if is_step else None
    if new and new != operator(base):
        return {key: value for key, value in base.items() if key in COMMON} | patch
    result = dict(base)
    for key, value in patch.items():
        if value == "remove":
            assert key in result, f"remove finds no {key}"
            del result[key]
        elif is_step and key == new and key not in OPERATORS and isinstance(value, dict):
            old = result[key]
            result[key] = (dict(zip(columns_of(key), old, strict=False)) if isinstance(old, list) else old) | value
        elif is_step and key in ("sequence", "concat", "sum"):
            result[key] = named(result.get(key), value, columns_of)
        else:
            result[key] = merge(result.get(key), value)
    return result


def named(base, patch, columns_of):
    if not (isinstance(base, dict) and isinstance(patch, dict)):
        return patch
    result = dict(base)
    for key, value in patch.items():
        place = isinstance(value, dict) and (value.get("after") or value.get("before"))
        if value == "remove":
            assert key in result, f"remove finds no {key}"
            del result[key]
        elif key not in result and place:
            items = list(result.items())
            where = [name for name, _ in items].index(place) + ("after" in value)
            result = dict([*items[:where], (key, value), *items[where:]])
        else:
            result[key] = merge(result.get(key), value, columns_of, is_step=True)
    return result


@lru_cache
def load(name, variant="default"):
    spec = raw(name)
    if variant == "default":
        return spec
    patch = normal(spec["variants"][variant] or {})
    for other in patch.get("combine", []):
        spec = apply(spec, normal(spec["variants"][other]))
    return apply(spec, patch)


def apply(spec, patch):
    result = dict(spec)
    if "blocks" in patch:
        result["blocks"] = named(spec.get("blocks", {}), patch["blocks"], None)
    for key in ("rows", "heads"):
        if key in patch:
            result[key] = named(spec.get(key, {}), patch[key], lambda name: block(result, name)["columns"])
    for key in ("defaults", "symbols", "input"):
        if key in patch:
            result[key] = merge(spec.get(key, {}), patch[key])
    for key in ("printed", "reasons", "claims"):  # a variant is judged by what its own patch prints
        result[key] = patch.get(key, {} if key == "printed" else [])
    return result


def block(spec, name):
    found = spec["blocks"][name]
    if "like" in found:
        found = merge(block(spec, found["like"]), {k: v for k, v in found.items() if k != "like"}, None, is_step=True)
    return found
