"""The JSON Schema is current, lets every shipped spec pass, and flags faults at their place, once each."""

import json
import re

import jsonschema
import pytest
import yaml

from inception_calc.cli.schema import schema_text
from inception_calc.spec_file import shipped
from tests.cli.program import ROOT

KEPT = ROOT / "specs" / "spec.schema.json"
VALIDATOR = jsonschema.Draft202012Validator(json.loads(KEPT.read_text(encoding="utf-8")))


class EditorLoader(yaml.CSafeLoader):
    """YAML as editors read it (1.2, core schema): numbers, flags and nothing else are no texts; keys are texts."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 - PyYAML's own form


EditorLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))
EditorLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("^(null|~|)$"), ["n", "~", ""])
EditorLoader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("^[0-9]+$"), list("0123456789"))
EditorLoader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^[0-9]+\.[0-9]+$"), list("0123456789"))
EditorLoader.add_constructor("tag:yaml.org,2002:int", lambda _, node: int(node.value))


def with_text_keys(value):
    if isinstance(value, dict):
        return {str(key): with_text_keys(item) for key, item in value.items()}
    return [with_text_keys(item) for item in value] if isinstance(value, list) else value


def faults(text: str) -> list[tuple[tuple, str]]:
    """The place and the rule of each fault that an editor shows."""
    value = with_text_keys(yaml.load(text, Loader=EditorLoader))  # noqa: S506 - its constructors are the safe ones
    return [(tuple(error.absolute_path), error.validator) for error in VALIDATOR.iter_errors(value)]


def row(step: str) -> str:
    return f"name: test\ninput: 3x16x16\nrows: {{a: {step}}}\n"


def spec(body: str) -> str:
    return f"name: test\ninput: 3x16x16\nrows: {{a: relu}}\n{body}\n"


def test_it_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(VALIDATOR.schema)


def test_it_is_current():
    assert KEPT.read_text(encoding="utf-8") == schema_text("spec")


@pytest.mark.parametrize("name", shipped.names())
def test_a_shipped_spec_passes(name):
    assert faults(shipped.path(name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", shipped.names())
def test_a_shipped_spec_names_the_schema_in_its_first_line(name):
    first = shipped.path(name).read_text(encoding="utf-8").split("\n")[0]
    assert first == f"# yaml-language-server: $schema={KEPT.name}"


@pytest.mark.parametrize(
    ("step", "place", "rule"),
    [
        ("{convolution: 3x3, filters: 2, kernal: 3x3}", ("rows", "a"), "additionalProperties"),
        ("{convolution: 3x3, filters: 2, padding: smae}", ("rows", "a", "padding"), "anyOf"),
        ("{convolution: 3x3}", ("rows", "a"), "required"),
        ("{convolutoin: 7x7/2}", ("rows", "a", "convolutoin"), "anyOf"),
        ("{max pol: 3x3/2}", ("rows", "a", "max pol"), "anyOf"),
        ("{convolution: 3x3, filters: 2, bias: 'no'}", ("rows", "a", "bias"), "type"),
        ("{convolution: 3x3, filters: 2, bias: 1}", ("rows", "a", "bias"), "type"),
        ("{convolution: 3x3, filters: [2]}", ("rows", "a", "filters"), "type"),
        ("{convolution: 3x3, filters: 2.5}", ("rows", "a", "filters"), "type"),
        ("{convolution: 3x3, filters: 2, activation: rleu}", ("rows", "a", "activation"), "enum"),
        ("{max pool: 3x3/2, rounding: up}", ("rows", "a", "rounding"), "enum"),
        ("{linear: 3, biass: true}", ("rows", "a"), "additionalProperties"),
        ("{relu: 3}", ("rows", "a", "relu"), "type"),
        ("{dropout: true}", ("rows", "a", "dropout"), "type"),
        ("{spatial pyramid pool: 4}", ("rows", "a", "spatial pyramid pool"), "type"),
        ("{batch norm: {sclae: true}}", ("rows", "a", "batch norm"), "additionalProperties"),
        ("{inception: [1, 2], padding: same}", ("rows", "a"), "not"),
        ("{repeat: [1], relu: }", ("rows", "a", "repeat"), "type"),
        ("{printed: 3, relu: }", ("rows", "a", "printed"), "type"),
        ("[relu]", ("rows", "a"), "type"),
        ("3", ("rows", "a"), "type"),
        ("{sequence: [{convolution: 3x3}]}", ("rows", "a", "sequence", 0), "required"),
        ("{sequence: {x: {relu: 3}}}", ("rows", "a", "sequence", "x", "relu"), "type"),
        ("{concat: {x: {linear: 3, bais: true}}}", ("rows", "a", "concat", "x"), "additionalProperties"),
        (
            "{concat: {x: [relu, {max pool: 3x3/2, paddin: 1}]}}",
            ("rows", "a", "concat", "x", 1),
            "additionalProperties",
        ),
        ("{concat: [[relu], {relu: 3}]}", ("rows", "a", "concat", 1, "relu"), "type"),
        ("{sum: {x: []}}", ("rows", "a", "sum", "x"), "minItems"),
        ("{relu: , then: [{dropuot: 0.4x3}, {relu: 3}]}", ("rows", "a", "then", 1, "relu"), "type"),
        ("{relu: , then: {relu: 3}}", ("rows", "a", "then", "relu"), "type"),
    ],
)
def test_a_fault_of_a_step_is_flagged_once_at_its_place(step, place, rule):
    assert faults(row(step)) == [(place, rule)]


@pytest.mark.parametrize(
    ("body", "place", "rule"),
    [
        ("bloks: {}", (), "additionalProperties"),
        ("symbols: {classes: -1}", ("symbols", "classes"), "type"),
        ("symbols: {classes: many}", ("symbols", "classes"), "type"),
        ("defaults: {convlution: {}}", ("defaults",), "additionalProperties"),
        ("defaults: {convolution: {paddin: same}}", ("defaults", "convolution"), "additionalProperties"),
        ("defaults: {convolution: {filters: 3}}", ("defaults", "convolution"), "additionalProperties"),
        ("defaults: {relu: {}}", ("defaults",), "additionalProperties"),
        ("blocks: {b: {columns: [x]}}", ("blocks", "b"), "anyOf"),
        ("blocks: {b: {colums: [x], sequence: [relu]}}", ("blocks", "b"), "additionalProperties"),
        ("blocks: {b: {sequence: [{relu: 3}]}}", ("blocks", "b", "sequence", 0, "relu"), "type"),
        ("heads: {h: {softmax: }}", ("heads", "h"), "required"),
        ("variants: {v: {rws: {}}}", ("variants", "v"), "additionalProperties"),
        ("variants: {v: {use: {}}}", ("variants", "v"), "additionalProperties"),
        ("reasons: [{cells: {a: b}}]", ("reasons", 0), "required"),
        ("claims: [{say: x, formla: 1}]", ("claims", 0), "additionalProperties"),
        ("source: {titel: x}", ("source",), "additionalProperties"),
        ("use: {inception_v3: block}", ("use", "inception_v3"), "type"),
        ("printed: {params: {txt: 3, text: 4}}", ("printed", "params"), "anyOf"),
    ],
)
def test_a_fault_of_a_section_is_flagged_once_at_its_place(body, place, rule):
    assert faults(spec(body)) == [(place, rule)]


@pytest.mark.parametrize("missing", ["name", "input", "rows"])
def test_a_spec_needs_name_input_and_rows(missing):
    lines = [line for line in row("relu").splitlines() if not line.startswith(missing)]
    assert faults("\n".join(lines)) == [((), "required")]


@pytest.mark.parametrize("size", ["224 x 224", "3x0x5", "3x", "x", "3x2x224x224x1"])
def test_a_wrong_input_is_flagged(size):
    assert faults(f"name: test\ninput: {size}\nrows: {{a: relu}}\n") == [(("input",), "pattern")]


def test_rule_2_texts_may_look_like_numbers_to_an_editor():
    text = spec("source: {year: 2014, arxiv: 1409.4842, title: 42}\nprinted: {params: 5, top-5: 6.67}")
    assert faults(text) == []


def test_rule_2_counts_may_be_integers_or_expressions_and_flags_are_booleans():
    assert faults(row("{convolution: 3x3, filters: 8, groups: 2 * 4, bias: true}")) == []


def test_rule_2_keys_that_an_editor_reads_as_numbers_pass():
    assert faults("name: test\ninput: 3x16x16\nrows: {5: relu, 1.5: softmax}\nblocks: {7: {sequence: [relu]}}\n") == []
    assert "patternProperties" not in KEPT.read_text(encoding="utf-8")
