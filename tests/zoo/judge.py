"""Count the zoo a second time, with nothing but PyYAML and integers.

It reads specs/*.yaml by the rules of the language, counts every spec@variant and its heads, and compares with the
numbers of judge_facts.py, which other people published or counted. It shares no code with the product, on purpose.
judge_read.py reads the files; judge_claims.py looks at what the sources print.

    python -m tests.zoo.judge                    a table of totals, and what is wrong
    python -m tests.zoo.judge googlenet@naive    one net, row by row
"""

import ast
import re
import sys
from fractions import Fraction
from functools import cache
from math import prod

from tests.zoo.judge_read import CONVOLUTIONS, PLAIN, POOLS, SPECS, block, load, operator, raw

BUILT_IN = {
    "bias": "true",
    "batch norm": "false",
    "activation": "none",
    "padding": "valid",
    "groups": "1",
    "dilation": "1",
    "stride": "1",
    "multiplier": "1",
    "rounding": "floor",
}


# ---------------------------------------------------------------- expressions: (scaled, already wide) pairs


class Net:
    """One spec counted: `layers` is a list of (row, kind, shape, params, weights, madds, connections)."""

    def __init__(self, name, variant="default", training=False, **symbols):
        self.spec, self.training = load(name, variant), training
        self.multiplier = Fraction(str(symbols.pop("width_multiplier", 1)))
        channels, height, width = (int(n) for n in self.spec["input"].split("x"))
        self.input = (channels, int(symbols.pop("height", height)), int(symbols.pop("width", width)))
        self.symbols = {n: (int(v), 0) for n, v in (self.spec.get("symbols", {}) | symbols).items()}
        self.layers, self.rows = [], {}
        shape, outer, at = self.input, dict(self.symbols), {}
        for row, a_step in self.spec["rows"].items():
            self.row, entered, first = row, shape, len(self.layers)
            shape, depth = self.walk(a_step, shape, outer, [], outside=True)
            self.rows[row] = (entered, at.setdefault(row, shape), depth, self.layers[first:])
        self.output, self.depth = shape, sum(r[2][0] for r in self.rows.values())
        self.depth_with_pools = sum(sum(r[2]) for r in self.rows.values())
        first, self.hung = len(self.layers), {}
        for head, a_step in self.spec.get("heads", {}).items():
            self.row, self.hung[head] = head, at[a_step["after"]]
            self.walk(a_step, at[a_step["after"]], outer, [])
        self.heads = self.layers[first:]
        if not training:
            self.layers = self.layers[:first]

    def value(self, text, env):
        if text in env:
            return env[text]
        quoted = {}
        text = re.sub(
            r"'([^']+)'", lambda m: quoted.setdefault(f"q{len(quoted)}", m[1]) and f"q{len(quoted) - 1}", text
        )

        def walk(node):
            match node:
                case ast.Expression(body=body):
                    return walk(body)
                case ast.Constant(value=int(n)):
                    return n, 0
                case ast.Name(id=n):
                    return env[quoted.get(n, n)]
                case ast.BinOp(left=a, op=o, right=b):
                    (a, wide), (b, wider) = walk(a), walk(b)
                    if isinstance(o, ast.Mult):
                        return (0, (a + wide) * (b + wider)) if wide or wider else (a * b, 0)
                    if isinstance(o, ast.FloorDiv):
                        return a // b, wide // b
                    sign = {ast.Add: 1, ast.Sub: -1}[type(o)]
                    return a + sign * b, wide + sign * wider
            raise ValueError(f"cannot read {text!r}")

        return walk(ast.parse(text, mode="eval"))

    def number(self, text, env):
        return sum(self.value(text, env))

    def width(self, text, env):
        scaled, wide = self.value(text, env)
        result = wide + scaled * (1 if "classes" in text else self.multiplier)
        assert result == int(result), f"{text} x {self.multiplier} is not whole"
        return int(result)

    # ------------------------------------------------------------ walking: shape in, shape and (depth, pools) out

    def setting(self, a_step, kind, name, levels):
        for level in [{kind: a_step}, *reversed(levels), self.spec.get("defaults", {})]:
            for family in (kind, "convolution" if kind in CONVOLUTIONS else kind):
                if name in level.get(family, {}):
                    return level[family][name]
        return BUILT_IN[name]

    def add(self, kind, shape, params=0, weights=0, madds=0, connections=None):
        self.layers.append(
            (self.row, kind, shape, params, weights, madds, madds if connections is None else connections)
        )
        return shape

    def activate(self, a_step, kind, levels, shape):
        activation = self.setting(a_step, kind, "activation", levels)
        return shape if activation == "none" else self.add(activation, shape)

    def walk(self, a_step, shape, env, levels, outside=False):
        depth = pools = 0
        for _ in range(self.number(a_step.get("repeat", "1"), env)):
            here = env | {"input_channels": (0, shape[0])} if "repeat" in a_step or outside else env
            shape, (d, p) = self.once(a_step, shape, here, levels, outside)
            depth, pools = depth + d, pools + p
        shape, (d, _) = self.series(a_step.get("then", []), shape, env, levels)
        return shape, (depth + d, pools)

    def series(self, steps, shape, env, levels):
        depth = 0
        for item in steps.values() if isinstance(steps, dict) else steps:
            shape, (d, _) = self.walk(item, shape, env, levels)
            depth += d
        return shape, (depth, 0)

    def once(self, a_step, shape, env, levels, outside):
        kind = operator(a_step)
        argument, (channels, height, width) = a_step[kind], shape
        if kind == "sequence":
            return self.series(argument, shape, env, levels)
        if kind in ("concat", "sum"):
            ends = [
                self.series(one if isinstance(one, list) else [one], shape, env, levels)
                for one in (argument.values() if isinstance(argument, dict) else argument)
            ]
            maps = [end for end, _ in ends]
            if kind == "sum":
                assert len(set(maps)) == 1, f"{self.row}: sum of {maps}"
                joined = self.activate(a_step, kind, levels, self.add(kind, maps[0]))
            else:
                assert len({m[1:] for m in maps}) == 1, f"{self.row}: concat of {maps}"
                joined = self.add(kind, (sum(m[0] for m in maps), *maps[0][1:]))
            return joined, (max(d for _, (d, _) in ends), 0)
        if kind in CONVOLUTIONS:
            return self.convolve(kind, a_step, shape, env, levels), (1, 0)
        if kind in POOLS or kind == "subsampling":
            if argument == "global":
                return self.add(kind, (channels, 1, 1)), (0, int(outside))
            window, stride = self.window(argument, a_step, kind, env, levels)
            padding = self.setting(a_step, kind, "padding", levels) if kind in POOLS else "valid"
            rounding = self.setting(a_step, kind, "rounding", levels)
            out = (
                channels,
                *(
                    self.extent(n, k, s, 1, padding, i, rounding)
                    for i, (n, k, s) in enumerate(zip(shape[1:], window, stride, strict=False))
                ),
            )
            if kind in POOLS:
                return self.add(kind, out), (0, int(outside))
            self.add(kind, out, params=2 * channels, connections=(prod(window) + 1) * prod(out))
            return self.activate(a_step, kind, levels, out), (0, int(outside))
        if kind == "spatial pyramid pool":
            assert max(int(n) for n in argument) <= min(height, width)
            return self.add(kind, (channels * sum(int(n) ** 2 for n in argument), 1, 1)), (0, int(outside))
        if kind in ("linear", "rbf"):
            out, weights = self.width(argument, env), prod(shape) * self.width(argument, env)
            if kind == "rbf":
                return self.add(kind, (out, 1, 1), connections=weights), (0, 0)
            bias = out * (self.setting(a_step, kind, "bias", levels) == "true")
            self.add(kind, (out, 1, 1), weights + bias, weights, weights, weights + bias)
            return self.activate(a_step, kind, levels, (out, 1, 1)), (1, 0)
        if kind == "batch norm":
            return self.add(kind, shape, params=2 * channels), (0, 0)
        if kind in PLAIN:
            return self.add(kind, (prod(shape), 1, 1) if kind == "flatten" else shape), (0, 0)
        called = block(self.spec, kind)
        columns, given = called.get("columns", []), argument
        if not isinstance(given, (list, dict)):
            given = [given] if given != "" else []
        given = given if isinstance(given, dict) else dict(zip(columns, given, strict=True))
        assert set(given) == set(columns), f"{self.row}: {kind} wants {columns}, gets {list(given)}"
        bound = {
            name: self.value(text, env) if not re.fullmatch(r"\d*\.\d+", text) else text for name, text in given.items()
        }
        inner = {**self.symbols, **bound, "input_channels": (0, channels)}
        body = {key: value for key, value in called.items() if key not in ("columns", "defaults", "label", "patch")}
        return self.walk(body, shape, inner, [*levels, called.get("defaults", {})])

    def window(self, text, a_step, kind, env, levels):
        found = re.fullmatch(r"(\d+)x(\d+)(?:/(.+))?", text)
        size = (int(found[1]), int(found[2])) if found else (self.number(text, env),) * 2
        stride = found and found[3]
        if not stride:
            assert kind not in POOLS | {"subsampling"}, f"{self.row}: a pool's stride must be written"
            stride = self.setting(a_step, kind, "stride", levels)
        pair = re.fullmatch(r"(\d+)x(\d+)", stride)
        return size, (int(pair[1]), int(pair[2])) if pair else (self.number(stride, env),) * 2

    def extent(self, n, k, s, d, padding, axis, rounding="floor"):
        reach = d * (k - 1) + 1
        if padding == "same":
            return -(-n // s)
        assert padding != "half" or k % 2, f"{self.row}: half needs an odd window"
        p = (
            {"half": d * (k - 1) // 2, "valid": 0}[padding]
            if padding in ("half", "valid")
            else int(padding[axis] if isinstance(padding, list) else padding)
        )
        assert n + 2 * p >= reach, f"{self.row}: window {reach} on {n}"
        if rounding == "floor":
            return (n + 2 * p - reach) // s + 1
        out = -(-(n + 2 * p - reach) // s) + 1
        return out - 1 if p and (out - 1) * s >= n + p else out

    def convolve(self, kind, a_step, shape, env, levels):
        def get(name):
            return self.setting(a_step, kind, name, levels)

        window, stride = self.window(a_step[kind], a_step, kind, env, levels)
        dilation = self.number(get("dilation"), env)
        channels = shape[0]
        area = [
            self.extent(n, k, s, dilation, get("padding"), i)
            for i, (n, k, s) in enumerate(zip(shape[1:], window, stride, strict=False))
        ]
        multiplied = channels * self.number(get("multiplier"), env)
        out = self.width(a_step["filters"], env) if "filters" in a_step else multiplied
        if kind == "convolution":
            groups = self.number(get("groups"), env)
            assert channels % groups == out % groups == 0
            links = channels // groups * out
            if "connections" in a_step:
                assert len(a_step["connections"]) == out
                links = sum(len(set(maps)) for maps in a_step["connections"])
            weights = links * prod(window)
        else:
            weights = multiplied * prod(window) + (multiplied * out if kind.startswith("separable") else 0)
        bias, norm = (out * (get(name) == "true") for name in ("bias", "batch norm"))
        positions = prod(area)
        shape = self.add(kind, (out, *area), weights + bias, weights, weights * positions, (weights + bias) * positions)
        if norm:
            self.add("batch norm", shape, 2 * norm)
        return self.activate(a_step, kind, levels, shape)


# ---------------------------------------------------------------- what one may ask of a net

COLUMN = {"params": 3, "weights": 4, "multiply_adds": 5, "ops": 5, "connections": 6}


def metric(net, row, path):
    layers = (
        net.rows[row][3]
        if row in net.rows
        else [layer for layer in net.heads if layer[0] == row]
        if row
        else net.layers
    )
    name = path[0]
    if name in COLUMN:
        return sum(layer[COLUMN[name]] for layer in layers)
    if name == "heads":
        return sum(layer[COLUMN[path[1]]] for layer in net.heads)
    if name == "layers":
        return sum(layer[1] == path[1].replace("_", " ") for layer in layers)
    if name == "neurons":
        return sum(prod(layer[2]) for layer in layers if layer[1] in CONVOLUTIONS | {"linear", "rbf"})
    if name in ("output", "input"):
        shape = net.hung[row] if row in net.hung else net.rows[row][name == "output"] if row else getattr(net, name)
        return shape[("channels", "height", "width").index(path[1])] if path[1:] else "{1}x{2}x{0}".format(*shape)
    return net.rows[row][2][0] if row else getattr(net, name.replace(" ", "_"))


@cache
def count(name, variant="default", symbols=()):
    return Net(name, variant, **dict(symbols))


def shows(text, number):
    """Whether a text such as 56.07M or 56x56x192 or 13x13 shows the number, rounded or truncated, or the shape."""
    if "x" in text:
        return number == text or number.rpartition("x")[0] == text
    unit = {"K": 10**3, "M": 10**6, "G": 10**9}[text[-1]]
    last = Fraction(unit, 10 ** len(text[:-1].partition(".")[2]))  # one unit in the last place that is shown
    return abs(number - Fraction(text[:-1]) * unit) < last


def report(net):
    for row in [*net.rows, *net.spec.get("heads", {}), None]:
        numbers = (metric(net, row, [what]) for what in ("params", "weights", "ops"))
        print(
            f"{row or 'total':16} {metric(net, row, ['output']) if row in net.rows else '':14}",
            *(f"{n:16,}" for n in numbers),
        )


def checks():
    """(what, got, expected) of each fact in judge_facts.py."""
    from tests.zoo.judge_facts import CHANGED, ROWS, TOTALS

    for full, facts in TOTALS.items():
        for what, (expected, _) in facts.items():
            net = count(*full.split("@"), symbols=(("training", True),) if what.startswith("training ") else ())
            yield f"{full}: {what}", metric(net, None, what.removeprefix("training ").split(".")), expected
    for full, rows in ROWS.items():
        for row, facts in rows.items():
            for what, expected in facts.items():
                yield f"{full}.{row}: {what}", metric(count(*full.split("@")), row, what.split(".")), expected
    for full, symbols, what, expected in CHANGED:
        yield f"{full} {symbols}: {what}", metric(count(full, symbols=tuple(symbols.items())), None, [what]), expected


def main():
    from tests.zoo.judge_facts import TOTALS

    if sys.argv[1:]:
        return report(count(*sys.argv[1].split("@")))
    print(
        "| spec@variant | params | weights | multiply-adds | depth | pools | heads: params | multiply-adds | checked |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|--:|---|")
    for path in sorted(SPECS.glob("*.yaml")):
        for variant in ["default", *raw(path.stem).get("variants", {})]:
            net, full = count(path.stem, variant), f"{path.stem}@{variant}".removesuffix("@default")
            numbers = [metric(net, None, [what]) for what in ("params", "weights", "ops", "depth", "depth_with_pools")]
            heads = [metric(net, None, ["heads", what]) for what in ("params", "ops")]
            sources = {}
            for what, (_, source) in TOTALS.get(full, {}).items():
                sources.setdefault(source, []).append(what)
            print(
                "|",
                " | ".join(
                    [
                        full,
                        *(f"{n:,}" for n in numbers),
                        *(f"{n:,}" if n else "" for n in heads),
                        "; ".join(f"{', '.join(whats)}: {source}" for source, whats in sources.items()),
                    ]
                ),
                "|",
            )
    done = list(checks())
    wrong = [
        f"{what} is {got}, expected {expected}"
        for what, got, expected in done
        if (got != expected if isinstance(expected, int) else not shows(expected, got))
    ]
    print(f"\n{len(done)} numbers checked; wrong:", *(wrong or ["none"]), sep="\n* ")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
