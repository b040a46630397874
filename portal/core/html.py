"""The only door for markup: Bleach with closed lists, then nh3 as an independent second pass.

Bleach gets no more releases: it is pinned and nothing else imports it. Its cost grows with the
square of the input, so size limits come first.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import bleach
import nh3
from markupsafe import Markup

from portal.core.errors import Invalid
from portal.core.text import nfc

RULES_VERSION = 2  # raise when the lists change: stored rows can then be cleaned again
MAX_BYTES = 300_000
MAX_TAGS = 5_000
MAX_ATTRIBUTES = 50
MAX_DEPTH = 100

_CELL = ["colspan", "rowspan", "class"]
TAGS: dict[str, list[str]] = {
    "p": ["class"], "h2": ["class"], "h3": ["class"], "h4": ["class"],
    "strong": [], "em": [], "u": [], "sub": [], "sup": [], "code": [], "br": [], "hr": [],
    "a": ["href", "title", "data-ref"], "ul": [], "ol": ["start"], "li": [], "blockquote": [],
    "table": [], "caption": [], "thead": [], "tbody": [], "tr": [],
    "th": ["scope", *_CELL], "td": _CELL,
    "figure": ["class"], "figcaption": [], "img": ["src", "alt", "width", "height"],
    "small": ["class"],  # a note where it is called; its page numbers it and shows it at the end
    "iframe": ["src", "title"],
}  # fmt: skip
CLASSES = {"align-center", "align-right", "wide"}
NOTE = "note"
_SCHEMES = {"http", "https", "mailto", "tel"}
_YOUTUBE = re.compile(
    r"https://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]{6,20})(?:\?[\w=&;-]*)?"
)
_OWN_IMAGE = re.compile(r"/tu-lieu/[\w./-]+|/static/[\w./-]+")
_REFERENCE = re.compile(r"(?:article|procedure|page|topic|file):[a-z0-9.-]{1,90}")
_EMPTY_FRAME = re.compile(r"<iframe(?![^>]*\ssrc=)[^>]*>.*?</iframe>", re.DOTALL)
_NUMBER = re.compile(r"[1-9]\d{0,3}")
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]")


def sanitise(raw: str) -> str:
    """`raw` reduced to the tags, attributes and addresses that articles may hold.

    Raises `Invalid` (field `body`) when the text is larger or deeper than is safe to clean.
    """
    raw = nfc(raw).replace("\x00", "")
    _refuse_excess(raw)
    cleaned = bleach.clean(
        _rewrite_video(raw),
        tags=set(TAGS),
        attributes=_attribute_allowed,
        protocols=_SCHEMES,
        strip=True,
        strip_comments=True,
    )
    clean: str = nh3.clean(
        cleaned,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in TAGS.items() if names},
        url_schemes=_SCHEMES,
        attribute_filter=_second_look,
        link_rel="noopener",
        strip_comments=True,
    )
    return _EMPTY_FRAME.sub("", clean)  # what a frame holds is no markup: it goes along


def as_markup(cleaned: str) -> Markup:
    """Mark a stored, already sanitised column as safe for a template. Nothing else may be."""
    return Markup(cleaned)  # noqa: S704  # nosec B704 - vouched for by `sanitise`


def plain_text(markup: str) -> str:
    """The words of sanitised markup, blocks set apart by line breaks: for search and feeds."""
    collector = _Words()
    collector.feed(markup)
    return re.sub(r"\s*\n\s*", "\n", "".join(collector.parts)).strip()


def safe_address(value: str) -> bool:
    """Whether an `href` is http, https, mailto, tel or a path of this site, judged the way
    browsers do: after control characters and spaces are dropped."""
    value = _UNSEEN.sub("", value)
    if not value or value.startswith(("//", "/\\", "\\")):
        return False
    try:
        scheme = urlsplit(value).scheme.lower()
    except ValueError:
        return False
    if scheme:
        return scheme in _SCHEMES
    head = re.split(r"[/?#]", value, maxsplit=1)[0]
    return ":" not in head and "&" not in head


def _attribute_allowed(tag: str, name: str, value: str) -> bool:
    if name not in TAGS.get(tag, ()):
        return False
    if name == "href":
        return safe_address(value)
    if name == "src":
        pattern = _YOUTUBE if tag == "iframe" else _OWN_IMAGE
        return bool(pattern.fullmatch(value)) and ".." not in value
    if name == "class":
        return value == NOTE if tag == "small" else value in CLASSES
    if name == "data-ref":
        return bool(_REFERENCE.fullmatch(value))
    if name in ("width", "height", "colspan", "rowspan", "start"):
        return bool(_NUMBER.fullmatch(value))
    if name == "scope":
        return value in ("row", "col")
    return True


def _second_look(tag: str, name: str, value: str) -> str | None:
    if name == "rel":
        return value
    return value if _attribute_allowed(tag, name, value) else None


def _rewrite_video(raw: str) -> str:
    return re.sub(
        r"https://www\.youtube\.com/embed/", "https://www.youtube-nocookie.com/embed/", raw
    )


def _refuse_excess(raw: str) -> None:
    if len(raw.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        if "base64," in raw:
            message = "Bài có ảnh dán trực tiếp. Hãy tải ảnh lên thư viện rồi chèn vào bài."
        else:
            message = f"Nội dung dài quá {MAX_BYTES // 1000} kB. Hãy chia thành nhiều bài."
        raise Invalid({"body": message})
    shape = _Shape()
    shape.feed(raw)
    if shape.too_much or raw.count("<") > 2 * MAX_TAGS:
        raise Invalid({"body": "Nội dung có quá nhiều thẻ định dạng. Hãy dán lại dạng chữ thường."})


class _Shape(HTMLParser):
    """Counts tags, attributes and depth in one linear pass."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags = self.depth = 0
        self.too_much = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags += 1
        if tag not in ("br", "hr", "img", "input", "meta", "link", "col", "wbr"):
            self.depth += 1
        over = self.tags > MAX_TAGS or self.depth > MAX_DEPTH or len(attrs) > MAX_ATTRIBUTES
        self.too_much = self.too_much or over

    def handle_endtag(self, tag: str) -> None:
        self.depth = max(0, self.depth - 1)


class _Words(HTMLParser):
    _BLOCKS = frozenset(
        [
            "p",
            "h2",
            "h3",
            "h4",
            "li",
            "tr",
            "td",
            "th",
            "figcaption",
            "blockquote",
            "br",
            "hr",
            "table",
            "caption",
        ]
    )

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._BLOCKS:
            self.parts.append("\n")
        elif tag == "small":
            self.parts.append(" (")

    def handle_endtag(self, tag: str) -> None:
        if tag == "small":
            self.parts.append(")")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
