"""Classical machine learning (`ai.onnx.ml`): trees, linear models, encoders, as far as files have them.

Coefficients and intercepts of linear models, offsets and scales stand in attributes: params of the node. Of trees and
support vectors the file does not tell how many are compared, nor are their numbers params: that is said.
"""

from __future__ import annotations

from inception_calc.dims import Dim, product
from inception_calc.onnx_ops.elementwise import each
from inception_calc.onnx_ops.kind import (
    Call,
    Kind,
    Rule,
    Setting,
    Unresolved,
    free,
    integer,
    integers,
    length,
    reals,
    tensor,
    text,
    texts,
)
from inception_calc.onnx_ops.value import FLOAT, INT64, STRING, Map, Outputs, Sequence, Tensor, Unknown
from inception_calc.primitives.matrix import MatrixProduct
from inception_calc.primitives.primitive import Primitives

DOMAIN = "ai.onnx.ml"
TREES, VECTORS = "trees", "support vectors"
LINEAR = {"coefficients": "weights", "intercepts": "biases"}
HELD = {"LinearClassifier": LINEAR, "LinearRegressor": LINEAR, "Scaler": {"offset": "affine", "scale": "affine"}}
"""Operator -> its attributes that are trained numbers, and what these are."""


def _rows(call: Call) -> Dim:
    shape = call.shape(0)
    return shape[0] if len(shape) > 1 else 1


def _labels(call: Call) -> tuple[int, int]:
    """The number of classes and the type of their names."""
    settings = call.settings
    words = length(settings["classlabels_strings"])
    whole = length(settings.get("classlabels_ints")) or length(settings.get("classlabels_int64s"))
    return words or whole, STRING if words else INT64


def _classified(call: Call, classes: int, kind: int) -> Outputs:
    rows = _rows(call)
    return Tensor((rows,), kind), Tensor((rows, classes), FLOAT)


def _tree_classifier(call: Call) -> Outputs:
    return _classified(call, *_labels(call))


def _linear_classifier(call: Call) -> Outputs:
    classes, kind = _labels(call)
    rows = length(call.settings["intercepts"]) or classes
    return _classified(call, 2 if rows == 1 and classes == 2 else classes, kind)


def _linear_cost(call: Call, outputs: Outputs) -> Primitives:
    """Every coefficient once for each row: as many units as intercepts, where there are any."""
    shape = call.shape(0)
    features = shape[-1] if shape else 1
    weights = length(call.settings["coefficients"])
    units = length(call.settings["intercepts"]) or (weights // features if isinstance(features, int) else 1)
    return (MatrixProduct(1, _rows(call), weights // max(units, 1), units),)


def _targets(call: Call) -> Outputs:
    return (Tensor((_rows(call), call.settings["targets"]), FLOAT),)


def _trees(call: Call) -> Outputs:
    return (Tensor((_rows(call), call.settings["n_targets"]), call.tensor(0).data_type),)


def _tree_regressor(call: Call) -> Outputs:
    count = call.settings["n_targets"]
    if count is None:
        ids = call.settings["target_ids"]
        if not isinstance(ids, tuple):
            raise Unresolved
        count = max(ids, default=0) + 1
    return (Tensor((_rows(call), count), FLOAT),)


def _support_classifier(call: Call) -> Outputs:
    classes, kind = _labels(call)
    return _classified(call, classes or max(length(call.settings["vectors_per_class"]), 1), kind)


def _support_regressor(call: Call) -> Outputs:
    return (Tensor((_rows(call), 1), FLOAT),)


def _floats(call: Call) -> Outputs:
    return (Tensor(call.shape(0), FLOAT),)


def _same(call: Call) -> Outputs:
    return (Tensor(call.shape(0), call.tensor(0).data_type),)


def _label_encoder(call: Call) -> Outputs:
    settings = call.settings
    values = settings["values_tensor"]
    kind = INT64 if length(settings["values_int64s"]) else STRING if length(settings["values_strings"]) else FLOAT
    if settings["classes_strings"] is not None:  # the first version goes between texts and their numbers
        kind = INT64 if call.tensor(0).data_type == STRING else STRING
    return (Tensor(call.shape(0), values.data_type if values is not None else kind),)


def _category_mapper(call: Call) -> Outputs:
    x = call.tensor(0)
    return (Tensor(x.shape, INT64 if x.data_type == STRING else STRING),)


def _extract(call: Call) -> Outputs:
    x, chosen = call.tensor(0), call.tensor(1)
    shape = (*x.shape[:-1], chosen.elements)
    return (Tensor(shape if x.rank > 1 else (1, chosen.elements), x.data_type),)


def _vectorize(call: Call) -> Outputs:
    shapes = [call.shape(slot) for slot in range(len(call.inputs))]
    wide: Dim = 0
    for shape in shapes:
        wide = wide + product(shape[1:] if len(shape) > 1 else shape)
    return (Tensor((shapes[0][0] if len(shapes[0]) > 1 else 1, wide), FLOAT),)


def _one_hot(call: Call) -> Outputs:
    settings = call.settings
    return (Tensor((*call.shape(0), length(settings["cats_int64s"]) or length(settings["cats_strings"])), FLOAT),)


def _zip_map(call: Call) -> Outputs:
    return (Sequence(None, Map(), _rows(call)),)


def _dict_vectorizer(call: Call) -> Outputs:
    settings = call.settings
    return (Tensor((1, length(settings["string_vocabulary"]) or length(settings["int64_vocabulary"])), FLOAT),)


def _cast_map(call: Call) -> Outputs:
    return (Unknown(),)


def _uncounted(rule: Rule, what: str) -> Rule:
    """The rule, with a word that what the node compares and holds is in no number."""

    def told(call: Call) -> Outputs:
        call.assumed.append(f"{what} are not counted, neither what they compare nor what they hold")
        return rule(call)

    return told


CLASSES = {"classlabels_strings": texts(), "classlabels_int64s": integers()}
LABELS = {"classlabels_strings": texts(), "classlabels_ints": integers()}
ENCODER = {
    "classes_strings": texts(),
    "values_strings": texts(),
    "values_int64s": integers(),
    "values_floats": reals(),
    "values_tensor": tensor(),
}

KINDS: tuple[Kind, ...] = tuple(
    Kind(name, 1, rule, cost, settings, held=HELD.get(name, {}), domain=DOMAIN)
    for name, rule, cost, settings in (
        ("TreeEnsembleClassifier", _uncounted(_tree_classifier, TREES), free, CLASSES),
        (
            "TreeEnsembleRegressor",
            _uncounted(_tree_regressor, TREES),
            free,
            {"n_targets": integer(), "target_ids": integers()},
        ),
        ("TreeEnsemble", _uncounted(_trees, TREES), free, {"n_targets": integer(1)}),
        (
            "LinearClassifier",
            _linear_classifier,
            _linear_cost,
            {**LABELS, "coefficients": Setting(6, required=True), "intercepts": reals()},
        ),
        (
            "LinearRegressor",
            _targets,
            _linear_cost,
            {"targets": integer(1), "coefficients": reals(), "intercepts": reals()},
        ),
        ("SVMClassifier", _uncounted(_support_classifier, VECTORS), free, {**LABELS, "vectors_per_class": integers()}),
        ("SVMRegressor", _uncounted(_support_regressor, VECTORS), free, {}),
        ("Scaler", _floats, each(2), {"offset": reals(), "scale": reals()}),
        ("Imputer", _same, each(), {}),
        ("Normalizer", _floats, each(3), {"norm": text("MAX")}),
        ("Binarizer", _same, each(), {}),
        ("LabelEncoder", _label_encoder, each(), ENCODER),
        ("CategoryMapper", _category_mapper, each(), {}),
        ("ArrayFeatureExtractor", _extract, each(0), {}),
        ("FeatureVectorizer", _vectorize, each(0), {}),
        ("OneHotEncoder", _one_hot, each(0), {"cats_int64s": integers(), "cats_strings": texts()}),
        ("ZipMap", _zip_map, each(0), {}),
        (
            "DictVectorizer",
            _dict_vectorizer,
            each(0),
            {"string_vocabulary": texts(), "int64_vocabulary": integers()},
        ),
        ("CastMap", _cast_map, each(0), {}),
    )
)
