"""Texts, images in files, boxes, losses and training steps: shapes that depend on data, or that follow at once."""

from __future__ import annotations

from inception_calc.dims import product
from inception_calc.onnx_ops.arithmetic import numeric
from inception_calc.onnx_ops.elementwise import each
from inception_calc.onnx_ops.kind import Call, Kind, Long, Rule, Setting, Unresolved, integer, integers, text
from inception_calc.onnx_ops.value import BOOL, FLOAT, INT64, STRING, UINT8, Outputs, Tensor
from inception_calc.primitives.elements import Softmax
from inception_calc.primitives.primitive import Primitives

TRAINING = "ai.onnx.preview.training"


def _concat_texts(call: Call) -> Outputs:
    return (Tensor(call.broadcast(call.shape(0), call.shape(1)), STRING),)


def _matches(call: Call) -> Outputs:
    return (Tensor(call.shape(0), BOOL),)


def _normalized(call: Call) -> Outputs:
    """Stop words are dropped: how many words remain only a run knows."""
    shape = call.shape(0)
    return (Tensor((*shape[:-1], call.fresh()), STRING),)


def _split(call: Call) -> Outputs:
    shape = call.shape(0)
    return Tensor((*shape, call.fresh()), STRING), Tensor(shape, INT64)


def _grams(call: Call) -> Outputs:
    shape = call.shape(0)
    places = call.settings["ngram_indexes"]
    largest = places.largest if isinstance(places, Long) else max(places, default=-1)
    if largest is None:
        raise Unresolved
    return (Tensor((*shape[:-1], largest + 1), FLOAT),)


def _image(call: Call) -> Outputs:
    channels = 1 if call.settings["pixel_format"] == "Grayscale" else 3
    return (Tensor((call.fresh(), call.fresh(), channels), UINT8),)


def _suppressed(call: Call) -> Outputs:
    most = call.scalar(2) if call.has(2) else 0
    return (Tensor((0 if numeric(most) and most == 0 else call.fresh(), 3), INT64),)


def _loss(call: Call) -> Outputs:
    x = call.tensor(0)
    shape = call.shape(1) if call.settings["reduction"] == "none" else ()
    return Tensor(shape, x.data_type), Tensor(x.shape, x.data_type)


def _loss_cost(call: Call, outputs: Outputs) -> Primitives:
    shape = call.shape(0)
    return (Softmax(shape[1], product((shape[0], *shape[2:]))),)


def _optimizer(kinds: int) -> Rule:
    """Inputs after rate and count: tensors, gradients, and `kinds` - 2 moments of each; all but gradients return."""

    def rule(call: Call) -> Outputs:
        tensors = [call.tensor(slot) for slot in range(2, len(call.inputs))]
        count = len(tensors) // kinds
        return tuple(Tensor(x.shape, x.data_type) for x in tensors[:count] + tensors[2 * count :])

    return rule


def _gradient(call: Call) -> Outputs:
    """A derivative for each of the inputs that are named."""
    return tuple(Tensor(x.shape, x.data_type) for x in map(call.tensor, range(len(call.settings["xs"] or ()))))


LOSS = {"reduction": text("mean"), "ignore_index": integer()}

KINDS: tuple[Kind, ...] = (
    Kind("StringConcat", 20, _concat_texts),
    Kind("RegexFullMatch", 20, _matches),
    Kind("StringNormalizer", 10, _normalized),
    Kind("StringSplit", 20, _split),
    Kind("TfIdfVectorizer", 9, _grams, settings={"ngram_indexes": integers(required=True)}),
    Kind("ImageDecoder", 20, _image, settings={"pixel_format": text("RGB")}),
    Kind("NonMaxSuppression", 10, _suppressed),
    Kind("NegativeLogLikelihoodLoss", 12, _loss, settings=LOSS),
    Kind("SoftmaxCrossEntropyLoss", 12, _loss, _loss_cost, LOSS),
    Kind("Adagrad", 1, _optimizer(3), each(5), domain=TRAINING),
    Kind("Momentum", 1, _optimizer(3), each(4), domain=TRAINING),
    Kind("Gradient", 1, _gradient, settings={"xs": Setting(8, required=True)}, domain=TRAINING),
    Kind("Adam", 1, _optimizer(4), each(8), domain=TRAINING),
)
