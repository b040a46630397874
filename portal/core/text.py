"""Unicode text: one normal form at the edge, folding for comparison, slugs for addresses."""

from __future__ import annotations

import re
import unicodedata

# Letters that scanned official documents and old keyboards put in place of Vietnamese ones
# (seen in the national procedure data: "đƣợc", "ngƣời").
_LOOKALIKES = {"ƣ": "ư", "Ƣ": "Ư", "ð": "đ", "Ð": "Đ"}
# Rare characters are looked for with patterns: over long texts many times quicker than
# `str.translate`.
_LOOKALIKE = re.compile(f"[{''.join(_LOOKALIKES)}]")
# Zero-width and direction marks; U+00AD is the soft hyphen.
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u206f]")
_MARKS = re.compile("[\u0300-\u036f]+")
# Control characters, and halves of surrogate pairs, which no encoding can store.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029")
_SPACES = re.compile(r"[^\S\n]+")
# Whatever `clean_text` would change in one line, but for its ends and its normal form.
_UNCLEAN = re.compile(
    f"[{''.join(_LOOKALIKES)}\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u180e\ufeff\u200b-\u200f"
    "\u2028\u2029\u202a-\u202e\u2060-\u206f\ud800-\udfff]|[^\\S ]|  "
)
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def nfc(text: str) -> str:
    """`text` in Unicode NFC, with OCR look-alikes as the letters they stand for."""
    return _LOOKALIKE.sub(lambda found: _LOOKALIKES[found[0]], unicodedata.normalize("NFC", text))


def clean_text(text: str) -> str:
    """Text of several lines as it is stored: NFC, `\\n` line ends, no invisible characters,
    no control characters, no space at line ends, at most one empty line in a row."""
    if _is_clean(text):
        return text
    text = _LINE_ENDS.sub("\n", text)
    text = _CONTROL.sub("", _INVISIBLE.sub("", nfc(text)))
    lines = [_SPACES.sub(" ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _is_clean(text: str) -> bool:
    """Whether this is one line with nothing to do: one look for what else takes six passes."""
    if not text or text[0] == " " or text[-1] == " " or _UNCLEAN.search(text):
        return not text
    return unicodedata.is_normalized("NFC", text)


def clean_line(text: str) -> str:
    """Text of one line as it is stored: as `clean_text`, line breaks become spaces."""
    cleaned = clean_text(text)
    return _SPACES.sub(" ", cleaned.replace("\n", " ")) if "\n" in cleaned else cleaned


def fold(text: str) -> str:
    """`text` for comparison only: lower case, no marks, đ as d. Not a key: two communes
    differ by a mark alone (Cẩm Giang, Cẩm Giàng)."""
    decomposed = unicodedata.normalize("NFD", _INVISIBLE.sub("", nfc(text)).lower())
    bare = _MARKS.sub("", decomposed).replace("đ", "d")
    if not bare.isascii():  # marks of other scripts
        bare = "".join(char for char in bare if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare)


def slugify(text: str, *, limit: int = 90) -> str:
    """An address part from Vietnamese text: `Đường dây nóng` → `duong-day-nong`.

    Cut at a word boundary to at most `limit` characters; empty when nothing is left.
    """
    slug = _NOT_SLUG.sub("-", fold(text)).strip("-")
    if len(slug) <= limit:
        return slug
    return slug[: limit + 1].rpartition("-")[0] or slug[:limit]
