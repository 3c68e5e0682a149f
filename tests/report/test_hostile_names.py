r"""Names that would do something if an output obeyed them are shown as text, in every format (design, section 5).

Each format is read back by a reader of its own kind: a Markdown parser, an HTML parser, the csv module, TeX. What it
sees must be the name as text, control characters written out (`\x1b`), and nothing but text.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import unicodedata
from fractions import Fraction
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from inception_calc.analysis import analyze
from inception_calc.report import csv as csv_format
from inception_calc.report import html, latex, markdown, plain, rich_table, tsv
from inception_calc.report.output import FORMATS
from inception_calc.report.screen import Screen
from inception_calc.report.table import Cell, Column, Table
from inception_calc.report.table_json import table_document
from inception_calc.report.view import View
from tests.helpers import loaded

NAMES = {
    "rich markup": "[bold red]x[/] [link=file:///]y[/link]",
    "terminal escapes": "\x1b[31mred\x1b[0m \x1b]0;title\x07",
    "c1 escape": "\x9b31m",
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "entity": "&amp; &#60;b&#62;",
    "attribute": '" onmouseover="alert(1)',
    "formula": "=HYPERLINK(A1)",
    "plus": "+1+cmd|' /C calc'!A0",
    "minus": "-2+3",
    "at": "@SUM(A1:A9)",
    "wide formula": "\uff1d1+1",
    "quoted": "\"quoted\" 'single'",
    "pipe": "a|b||c",
    "tex": r"\input{/etc/passwd} \write18{id} $x_1^2$ 100% #1 a&b~c \\[9cm]",
    "tex row": "[9cm] *",
    "ligatures": "-- --- `` '' ?` !` x--y",
    "markdown": "**b** _i_ `c` [t](http://x) ![i](y) <http://z>",
    "markdown block": "# h\n- l\n\n1. n",
    "links": "https://example.org www.example.org a@example.org ~~s~~",
    "mathematics": "$x^2$ and $$y$$ for $5 or $`z`$",
    "people and issues": "@octocat, @org/team, a@b.org, #12, o/r#3, GH-4",
    "emoji": ":cat: :+1: :100: a:b:c f:1:2",
    "ticks": "`` ` ``` |a\\|b` ~~~",
    "line breaks": "two\nlines\r\nand\u2028more\x0b",
    "tab": "a\tb",
    "bidi": "abc\u202edef\u2066ghi",
    "invisible": "a\u200bb\u00adc\ufeff",
    "combining": "e\u0301 n\u0303",
    "wide": "\u5377\u7a4d\u5c42 \ud55c\uae00",
    "backslash": "\\x1b[0m \\u202e \\",
    "format": "%s %(x)s {0} {x!r} $HOME `id` $(id)",
}
HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def as_text(name: str) -> str:
    """The name with its control and format characters written out, one by one."""
    return "".join(
        character
        if character == " " or unicodedata.category(character)[0] not in "CZ"
        else f"\\x{ord(character):02x}"
        if ord(character) < 256
        else f"\\u{ord(character):04x}"
        for character in name
    )


def table_with(name: str) -> Table:
    """A table with the name wherever a format gets a text: title, heading, key, cells, notes and facts."""
    return Table(
        name,
        (Column(name, name), Column("size", name, numeric=True), Column("share", "share", numeric=True)),
        (
            (Cell(name, name), Cell(name, name), Cell("50.0%", "0.5", Fraction(1, 2))),
            (Cell("7x7", "7x7"), Cell("1.00K", 1000), Cell("50.0%", "0.5", Fraction(1, 2))),
        ),
        ((Cell(name, name), Cell("2.00K", 2000), Cell()),),
        (name, f"a note on {name}"),
        (("name", name), ("convention", name)),
    )


named = pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())


def test_every_format_is_judged_here():
    judged = {plain, markdown, csv_format, tsv, latex, html}
    assert set(FORMATS.values()) == {module.__name__ for module in judged}


@named
@pytest.mark.parametrize("kind", [plain, markdown, csv_format, tsv, latex, html])
def test_no_control_character_gets_through(kind, name: str):
    text = kind.draw_all([table_with(name), table_with(name)])
    assert not HARMFUL.search(text.replace("\t", "")) if kind is tsv else not HARMFUL.search(text)


# -- plain and rich ----------------------------------------------------------------------------------------------------


@named
def test_plain_shows_the_name_on_one_line_in_line_with_the_others(name: str):
    lines = plain.draw(table_with(name)).splitlines()
    assert lines[0] == as_text(name)
    assert sum(as_text(name) in line for line in lines) == 6  # title, heading, row, total and both notes
    rules = [index for index, line in enumerate(lines) if line.startswith("--") and set(line) == {"-"}]
    assert len(rules) >= 4


@named
@pytest.mark.parametrize("colour", [False, True])
def test_rich_obeys_no_markup_and_no_escape(name: str, colour: bool):
    text = rich_table.draw_on(Screen(colour, colour), [table_with(name)])
    ours = re.compile(r"\x1b\[(?:0|1|2|36)m")  # reset, bold, dim, the bars' cyan
    assert ("\x1b" in text) is colour
    shown = ours.sub("", text)
    assert not HARMFUL.search(shown)
    assert as_text(name) in shown


# -- markup ------------------------------------------------------------------------------------------------------------


AFTER_MARKDOWN = re.compile(
    r"\$.*\$|\$`|(?<![\w`])@[A-Za-z0-9][\w-]*|[\w.+-]+@[\w-]+\.\w|#[0-9]+\b|\bGH-[0-9]"
    r"|:(?:[\w+-]*[A-Za-z+-][\w+-]*|100|1234):",
    re.DOTALL,
)
"""What GitHub looks for in the texts of the page that Markdown became, one text between two tags at a time:
mathematics, people and teams, addresses, issues, emoji. Backslashes and entities are gone by then."""


def texts_of_page(source: str) -> list[str]:
    """The texts between the tags of the page, those in `code` left out."""
    found: list[str] = []

    class Texts(HTMLParser):
        code = 0

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.code += tag == "code"

        def handle_endtag(self, tag: str) -> None:
            self.code -= tag == "code"

        def handle_data(self, data: str) -> None:
            if not self.code:
                found.append(data)

    Texts().feed(MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(source))
    return found


@pytest.mark.parametrize(
    ("source", "meant"),
    [
        (r"\@octocat", "@octocat"),
        ("&#64;octocat", "@octocat"),
        (r"\#12", "#12"),
        (r"\$a\$", "$a$"),
        (r"\:cat\:", ":cat:"),
    ],
)
def test_a_backslash_is_not_enough(source: str, meant: str):
    """The judge can say no."""
    assert any(found[0] == meant for text in texts_of_page(source) if (found := AFTER_MARKDOWN.search(text)))


@named
@pytest.mark.parametrize("in_cell", [False, True])
def test_a_code_span_shows_exactly_the_name(name: str, in_cell: bool):
    """In a cell, a name with a backslash in front of a bar is text: no code span of a cell can hold it."""
    shown = as_text(name)
    is_text = in_cell and "\\|" in shown
    span = markdown.code(name, in_cell)
    source = f"| a | b |\n| --- | --- |\n| {span} | end |\n" if in_cell else f"- {span}\n"
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(source)
    leaves = [leaf for token in tokens if token.content not in ("a", "b", "end") for leaf in token.children or ()]
    found = "".join(leaf.content for leaf in leaves if leaf.type != "html_inline")
    assert {leaf.type for leaf in leaves} <= ({"text", "text_special", "html_inline"} if is_text else {"code_inline"})
    assert found == (shown.strip() if shown.strip() == shown else shown)


@named
def test_a_fence_is_ended_by_nothing_in_it(name: str):
    (token,) = MarkdownIt("gfm-like", {"linkify": False}).parse(markdown.fenced(as_text(name), "text"))
    assert (token.type, token.content) == ("fence", as_text(name) + "\n")


@named
def test_markdown_is_read_as_nothing_but_text(name: str):
    tokens = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(markdown.draw(table_with(name)))
    leaves = [leaf for token in tokens if token.type == "inline" for leaf in token.children or ()]
    assert {leaf.type for leaf in leaves} <= {"text", "text_special", "strong_open", "strong_close", "html_inline"}
    assert {leaf.content for leaf in leaves if leaf.type == "html_inline"} <= {"<span>", "</span>"}
    assert not list(filter(AFTER_MARKDOWN.search, texts_of_page(markdown.draw(table_with(name)))))
    assert [token.tag for token in tokens if token.type in ("heading_open", "table_open", "bullet_list_open")] == [
        "h3",
        "table",
        "ul",
    ]
    inlines = [
        "".join(leaf.content for leaf in token.children if leaf.type != "html_inline")
        for token in tokens
        if token.type == "inline"
    ]
    title, first, *_ = inlines
    assert title == first == as_text(name).strip()
    assert inlines.count(as_text(name).strip()) == 7  # title, two headings, two cells, the total, one note


class Page(HTMLParser):
    """The elements of a page, its attributes, and the texts in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@named
def test_html_has_only_our_elements_and_the_name_as_text(name: str):
    harmless, page = Page(html.draw_all([table_with("name")])), Page(html.draw_all([table_with(name)]))
    assert page.tags == harmless.tags
    assert page.attributes == harmless.attributes
    assert page.texts.count(as_text(name)) == harmless.texts.count("name")
    assert html.draw_all([table_with(name)]).isascii()


# -- spreadsheets ------------------------------------------------------------------------------------------------------


@named
@pytest.mark.parametrize("separator", [",", "\t"])
def test_no_spreadsheet_sees_a_formula(name: str, separator: str):
    text = (csv_format if separator == "," else tsv).draw_all([table_with(name)])
    lines = list(csv.reader(io.StringIO(text), delimiter=separator))
    assert [len(line) for line in lines] == [5, 5, 5, 5]
    for field in (field for line in lines for field in line):
        assert not field.startswith(("=", "+", "-", "@", "\uff1d", "\t"))
    assert lines[1][0].removeprefix("'") == lines[1][1].removeprefix("'") == as_text(name)


# -- TeX ---------------------------------------------------------------------------------------------------------------

OUR_COMMANDS = {
    "begin", "end", "centering", "caption", "setlength", "tabcolsep", "resizebox", "ifdim", "width", "linewidth",
    "else", "fi", "toprule", "midrule", "bottomrule", "par", "medskip", "footnotesize", "textbf", "times", "symbol",
    "textbackslash", "textasciitilde", "textasciicircum", "textless", "textgreater", "textbar",
}  # fmt: skip


@named
def test_latex_has_only_our_commands(name: str):
    text = latex.draw(table_with(name))
    commands = set(re.findall(r"\\([A-Za-z]+)", text.replace(r"\\", "")))
    assert commands <= OUR_COMMANDS
    assert text.count(r"\begin{tabular}{") == text.count(r"\begin{table}") == 1


@pytest.mark.skipif(not (shutil.which("pdflatex") and shutil.which("pdftotext")), reason="needs TeX and poppler")
def test_tex_sets_the_names_as_they_are(tmp_path):
    """pdflatex sets every name that Latin letters can write; what it set is read back from the PDF."""
    latin = [name for key, name in NAMES.items() if key not in ("wide", "wide formula", "combining")]
    rows = tuple((Cell(f"start{name}end"), Cell("1")) for name in latin)
    table = Table("names", (Column("name", "name"), Column("n", "n", True)), rows)
    document = (
        r"\documentclass[landscape]{article}\usepackage[T1]{fontenc}\usepackage{booktabs,graphicx}\begin{document}"
        + latex.draw(table)
        + r"\end{document}"
    )
    (tmp_path / "names.tex").write_text(document, encoding="utf-8")
    subprocess.run(
        ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "-no-shell-escape", "names.tex"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    read = subprocess.run(["pdftotext", "-layout", "names.pdf", "-"], cwd=tmp_path, check=True, capture_output=True)
    shown = re.findall(r"start(.*?)end", re.sub(r"\s+", "", read.stdout.decode()))
    # The PDF holds TeX's own forms of ' and `, and one character each for fi and ff, which pdftotext reads as nothing.
    read_as = str.maketrans({"\u2019": "'", "\u2018": "`", "\u201c": '"', "\u201d": '"', "\ufb01": "", "\x1b": ""})
    expected = [re.sub(" |fi|ff", "", as_text(name)) for name in latin]
    assert [text.translate(read_as) for text in shown] == expected


# -- JSON --------------------------------------------------------------------------------------------------------------


@named
def test_json_holds_the_name_itself_in_ascii(name: str):
    said = json.dumps(name)  # YAML reads JSON's texts
    analysis = analyze(
        loaded(f"name: {said}\ninput: 3x8x8\nrows: {{a: {{convolution: 3x3, filters: 4, label: {said}}}}}")
    )
    text = table_document([analysis], View())
    assert text.isascii()
    assert not HARMFUL.search(text)
    (document,) = json.loads(text)["tables"]
    assert document["name"] == document["rows"][0]["label"] == name
