"""The values by name that a node can see: those of its graph, and behind them those of the graphs around it."""

from __future__ import annotations

from inception_calc.onnx_ops.value import Value


class Env(dict[str, Value]):
    """Names of one graph; what is not there is looked for outside."""

    __slots__ = ("outside",)

    def __init__(self, outside: Env | None = None) -> None:
        super().__init__()
        self.outside = outside

    def __missing__(self, name: str) -> Value:
        if self.outside is None:
            raise KeyError(name)
        return self.outside[name]

    def __contains__(self, name: object) -> bool:
        env: Env | None = self
        while env is not None:
            if dict.__contains__(env, name):
                return True
            env = env.outside
        return False
