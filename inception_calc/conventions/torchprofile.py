"""torchprofile's `profile_macs`: one for each element of batch norm, average pools count their outputs.

Products of tensors count 1 for each element (a scale, a gate, and two of the three steps of a local response norm,
whose third is an average pool); bilinear upsampling 4 for each output; a transposed convolution is counted at its
output's places. Biases, max pools, activations, additions and softmax count nothing.
"""

from inception_calc.conventions.model import Convention, inputs, output_places, outputs, upsampled

CONVENTION = Convention(
    "torchprofile",
    "0.1.0",
    {
        "batch norm": {"batch norm": inputs()},
        "average pool": {"average pool": outputs()},
        "transposed convolution": {"transposed convolution": output_places},
        "upsampling": {"upsampling": upsampled(0, 4)},
        "local response norm": {"local response norm": outputs(3)},
        "scale": {"products": outputs()},
        "product": {"products": outputs()},
    },
)
