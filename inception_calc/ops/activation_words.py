"""The words of activations, for whoever reads or lists them; what they compute stands in `activations`."""

PLAIN = (
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "log sigmoid",
    "tanh",
    "softsign",
    "softplus",
    "exponential",
    "silu",
    "hard swish",
    "mish",
    "gelu",
    "gelu tanh",
    "quick gelu",
    "tanh shrink",
    "relu squared",
    "sparse sigmoid",
    "sparse plus",
)
NUMBERED = (
    "leaky relu",
    "rrelu",
    "elu",
    "celu",
    "hard sigmoid",
    "hard tanh",
    "hard shrink",
    "soft shrink",
    "threshold",
    "square plus",
)
"""Those that take a number: a slope, an alpha, a bound."""
FUNCTIONS = (*PLAIN, *NUMBERED)
"""Functions of one element without params."""
PRELU = "prelu"
SLOPES = ("one", "channels")
"""How many of them a PReLU has."""
ACTIVATIONS = (*FUNCTIONS, PRELU, "none")
"""What may stand as `activation`: whatever leaves the size of a map alone."""
