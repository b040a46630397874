"""Where the words that people read stand: in templates, in code, in scripts, in content."""

from __future__ import annotations

import ast
import html
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

import yaml
from jinja2 import Environment, nodes

from portal.core.settings import ROOT
from tests.support.vietnamese import listed

# Stands for a value that only a request knows.
VALUE = "□"
# Letters that only Vietnamese has. No IGNORECASE: it would let s and k in.
_VIETNAMESE = re.compile("[À-ÖØ-öø-ýĂăĐđĨĩŨũƠơƯưẠ-ỹ]")
# Words of a page though without marks, not the name of an option or a class.
_SENTENCE = re.compile(r"[A-Z][a-z]+(?: [a-z]+)*[.?]?")
_ENGINE = Environment(extensions=["jinja2.ext.loopcontrols"], autoescape=True)
_TOLD = ("title", "aria-label", "placeholder", "alt", "data-confirm", "content", "data-label")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# Tags between which a sentence goes on.
_INLINE = listed("a abbr b bdi br code em i mark q small span strong sub sup time u")


@dataclass(frozen=True)
class Text:
    """Words of one place. `role`: prose, heading, hint, message, name, source (quoted) or
    record (what a thing or person is called)."""

    place: str
    words: str
    role: str = "prose"


def templates() -> Iterator[Text]:
    """Text and spoken attributes of every template, and the strings given to macros."""
    for path in sorted((ROOT / "templates").rglob("*.html")):
        yield from template(path.read_text("utf-8"), str(path.relative_to(ROOT)))


def template(source: str, place: str) -> Iterator[Text]:
    """The words of one template."""
    reader = _Markup(place)
    reader.feed(_without_jinja(source))
    reader.close()
    yield from reader.found()
    yield from _strings_of_jinja(source, place)


def _without_jinja(source: str) -> str:
    """The markup with □ for what only a request knows and a break where the words part."""
    for pattern, instead in (
        (r"\{#.*?#\}", ""),
        (
            r"\{% block (?:body_class|meta|scripts|styles) %\}(?:(?!\{% block).)*?\{% endblock %\}",
            "",
        ),
        (r"\{% if not loop\.last %\}.*?\{% endif %\}", ""),
        (r"(</?)\{\{.*?\}\}", r"\1div"),
        (r"\{%-?\s*(?:else|elif|block|endblock)\b.*?%\}", "\x00"),
        (r"\{%.*?%\}", ""),
        (r"\{\{.*?\}\}", VALUE),
    ):
        source = re.sub(pattern, instead, source, flags=re.DOTALL)
    return source


class _Markup(HTMLParser):
    def __init__(self, place: str) -> None:
        super().__init__(convert_charrefs=True)
        self._place = place
        self._open: list[str] = []
        self._buffer: list[str] = []
        self._in_code = False
        self._line = 1
        self._found: list[Text] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "code":
            self._in_code = True
        if tag not in _INLINE:
            self._flush()
            self._open.append(tag)
        told = dict(attrs)
        for name in _TOLD:
            value = told.get(name)
            if value and (name != "content" or told.get("name") == "description"):
                role = "name" if name != "content" else "prose"
                self._found += _pieces(value, f"{self._place}:{self.getpos()[0]}", role)

    def handle_endtag(self, tag: str) -> None:
        if tag == "code":
            self._in_code = False
        if tag not in _INLINE:
            self._flush()
            while self._open and self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in ("script", "style"):
            return
        if not self._buffer:
            self._line = self.getpos()[0]
        self._buffer.append(VALUE if self._in_code else data)

    def _flush(self) -> None:
        tags = self._open[-1:]
        role = "heading" if tags and tags[0] in _HEADINGS else "prose"
        if tags and tags[0] in ("button", "label", "legend", "option", "th", "dt", "summary"):
            role = "name"
        words = "".join(self._buffer)
        self._buffer = []
        self._found += _pieces(words, f"{self._place}:{self._line}", role)

    def found(self) -> list[Text]:
        self._flush()
        return self._found


def _pieces(words: str, place: str, role: str) -> list[Text]:
    whole = re.sub(r"[ \t]*\n\s*", " ", words)
    return [
        Text(place, part.strip(), role) for part in whole.split("\x00") if part.strip(f" {VALUE}")
    ]


def _strings_of_jinja(source: str, place: str) -> Iterator[Text]:
    tree = _ENGINE.parse(source)
    hints = {id(_last(pair.value)) for pair in tree.find_all(nodes.Keyword) if pair.key == "hint"}
    for const in tree.find_all(nodes.Const):
        if isinstance(const.value, str) and (
            _VIETNAMESE.search(const.value) or _SENTENCE.fullmatch(const.value)
        ):
            role = "hint" if id(const) in hints else "name"
            yield Text(f"{place}:{const.lineno}", const.value, role)


def _last(value: nodes.Expr) -> nodes.Expr:
    """The operand that ends the words of `a ~ b ~ "."`."""
    return value.nodes[-1] if isinstance(value, nodes.Concat) else value


# Tables about the language itself and patterns for reading other people's files: no page
# shows them.
_MACHINE = (
    "portal/search/analysis.py",
    "portal/search/citations.py",
    "portal/search/spelling.py",
    "portal/procedures/codes.py",
    "portal/procedures/importing/fees.py",
    "portal/procedures/importing/parts.py",
    "portal/procedures/importing/tables.py",
    "portal/procedures/importing/values.py",
    "portal/procedures/importing/mapping.py",
    "portal/core/text.py",
    "portal/feedback/codes.py",
    "portal/feedback/redaction.py",
    "portal/articles/word/legacy.py",
    "portal/articles/word/looks.py",
)
# Who is called with a sentence for people.
_SPEAKERS = listed("required Invalid Conflict NotAllowed flash ValidationError")


def code() -> Iterator[Text]:
    """Vietnamese strings of the program; `message` when they are told as a sentence."""
    for path in sorted((ROOT / "portal").rglob("*.py")):
        place = str(path.relative_to(ROOT))
        if place not in _MACHINE:
            yield from python(path.read_text("utf-8"), place)


def python(source: str, place: str) -> Iterator[Text]:
    """The strings of one module, without its docstrings."""
    tree = ast.parse(source)
    quiet = _docstrings(tree) | _inside_f_strings(tree)
    spoken = _spoken(tree)
    for node in ast.walk(tree):
        if id(node) in quiet:
            continue
        words = _string(node)
        if words and _VIETNAMESE.search(words) and "(?:" not in words and "\\" not in words:
            role = "message" if id(node) in spoken else "name"
            yield Text(f"{place}:{getattr(node, 'lineno', 0)}", words, role)


def _string(node: ast.AST) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        parts = [
            str(part.value) if isinstance(part, ast.Constant) else VALUE for part in node.values
        ]
        return "".join(parts)
    return ""


def _docstrings(tree: ast.AST) -> set[int]:
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def _inside_f_strings(tree: ast.AST) -> set[int]:
    return {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
    }


def _spoken(tree: ast.AST) -> set[int]:
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _callee(node.func) in _SPEAKERS:
            for argument in [*node.args, *(pair.value for pair in node.keywords)]:
                if isinstance(argument, ast.Dict):
                    found |= {id(value) for value in argument.values}
                found.add(id(argument))
    return found


def _callee(func: ast.expr) -> str:
    return func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")


def scripts() -> Iterator[Text]:
    """Vietnamese strings of the scripts, those of the editor's source too."""
    for path in [
        *(ROOT / "static" / "js").rglob("*.js"),
        *(ROOT / "frontend" / "editor").rglob("*.js"),
    ]:
        yield from script(path.read_text("utf-8"), str(path.relative_to(ROOT)))


def script(source: str, place: str) -> Iterator[Text]:
    """The strings of one script."""
    source = re.sub(r"^\s*//.*$", "", source, flags=re.MULTILINE)
    for match in re.finditer(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`', source):
        words = re.sub(r"\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}", VALUE, match[1] or match[2] or "")
        if _VIETNAMESE.search(words):
            line = source.count("\n", 0, match.start()) + 1
            yield Text(f"{place}:{line}", words, "name")


def content() -> Iterator[Text]:
    """What the agency writes: articles, pages, hotlines, topics, settings. Records copied from
    the national portal and official plans keep the words of their sources."""
    for folder in ("content", "content-examples"):
        for path in sorted((ROOT / folder).rglob("*.md")):
            yield from markdown(path.read_text("utf-8"), str(path.relative_to(ROOT)))
        for name in ("hotlines.yaml", "topics.yaml"):
            for path in sorted((ROOT / folder).rglob(name)):
                values = yaml.safe_load(path.read_text("utf-8"))
                yield from _values(values, str(path.relative_to(ROOT)))
        for path in sorted((ROOT / folder).rglob("site.toml")):
            place = str(path.relative_to(ROOT))
            yield from _values(tomllib.loads(path.read_text("utf-8")), place)


def guides() -> Iterator[Text]:
    """The Vietnamese guides."""
    for name in ("docs/editing.md", "docs/words.md"):
        yield from markdown((ROOT / name).read_text("utf-8"), name)


def markdown(source: str, place: str) -> Iterator[Text]:
    """The words of one page written in Markdown, with those of its front matter."""
    if source.startswith("---\n"):
        head, source = source[4:].split("\n---\n", 1)
        yield from _values(yaml.safe_load(head), place)
    source = re.sub(r"```.*?```|<!--.*?-->", "", source, flags=re.DOTALL)
    source = re.sub(r"`[^`\n]*`", VALUE, source)
    source = re.sub(r"!?\[([^\]]*)\]\([^)\s]*\)", r"\1", source)
    source = re.sub(r"<https?:[^>]*>|https?://\S+", "", source)
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-*|]|\d+\.)\s)|\n(?=\|)", source):
        heading = block.lstrip().startswith("#")
        for cell in block.split("|"):
            words = re.sub(r"[*_\[\]#>]|^\s*(?:-|\d+\.)\s", "", cell.replace("\n", " "))
            words = html.unescape(words).strip().strip("-: ")
            if words:
                yield Text(f"{place}: {words[:30]}", words, "heading" if heading else "prose")


_NOT_WORDS = listed(
    "slug code kind url logo path brand accent level topic unit tasks source certainty key"
    " unit_code published_on checked_on source_url source_name popular_searches number"
)


def _values(value: object, place: str, key: str = "") -> Iterator[Text]:
    if isinstance(value, dict):
        for name, one in value.items():
            if name not in _NOT_WORDS:
                yield from _values(one, place, str(name))
    elif isinstance(value, list):
        for one in value:
            yield from _values(one, place, key)
    elif isinstance(value, str) and _VIETNAMESE.search(value):
        role = {"title": "heading", "note": "source", "name": "record"}.get(key, "prose")
        yield Text(f"{place}: {value[:30]}", value, role)
