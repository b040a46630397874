"""Vietnamese letters of the fonts before Unicode: TCVN3 (.VnTime, ABC) and VNI (VNI-Times).

Both wrote Vietnamese as other letters that only their fonts drew rightly; without the font
"Tiếng Việt" reads "TiÕng ViÖt" or "Tieáng Vieät".
"""

from __future__ import annotations

import re

TCVN3, VNI = "TCVN3", "VNI"

_TCVN3_CODES = (
    "µ¸¶·¹" "¨»¾¼½Æ" "©ÇÊÈÉË" "®" "ÌÐÎÏÑ" "ªÒÕÓÔÖ" "×ÝØÜÞ"
    "ßãáâä" "«åèæçé" "¬êíëìî" "ïóñòô" "\u00adõøö÷ù" "úýûüþ" "¡¢§£¤¥¦"
)  # fmt: skip
_TCVN3_LETTERS = (
    "àáảãạ" "ăằắẳẵặ" "âầấẩẫậ" "đ" "èéẻẽẹ" "êềếểễệ" "ìíỉĩị"
    "òóỏõọ" "ôồốổỗộ" "ơờớởỡợ" "ùúủũụ" "ưừứửữự" "ỳýỷỹỵ" "ĂÂĐÊÔƠƯ"
)  # fmt: skip
_TCVN3 = dict(zip(_TCVN3_CODES, _TCVN3_LETTERS, strict=True))

_TONES = dict(zip("øùûõï", "\u0300\u0301\u0309\u0303\u0323", strict=True))
_HATS = {"â": ("\u0302", ""), "à": ("\u0302", "\u0300"), "á": ("\u0302", "\u0301"),
         "å": ("\u0302", "\u0309"), "ã": ("\u0302", "\u0303"),
         "ä": ("\u0302", "\u0323")}  # fmt: skip
_BOWLS = {"ê": ("\u0306", ""), "è": ("\u0306", "\u0300"), "é": ("\u0306", "\u0301"),
          "ú": ("\u0306", "\u0309"), "ü": ("\u0306", "\u0303"),
          "ë": ("\u0306", "\u0323")}  # fmt: skip
_VNI_ALONE = {
    "ì": "ì",
    "í": "í",
    "æ": "ỉ",
    "ó": "ĩ",
    "ò": "ị",
    "î": "ỵ",
    "ñ": "đ",
    "ô": "ơ",
    "ö": "ư",
}


def _vni_table() -> dict[str, str]:
    from unicodedata import normalize

    table = dict(_VNI_ALONE)
    bases = {"a": "a", "e": "e", "o": "o", "u": "u", "y": "y", "ô": "ơ", "ö": "ư"}
    for code, letter in bases.items():
        for mark, tone in _TONES.items():
            table[code + mark] = normalize("NFC", letter + tone)
        if code in "aeo":
            for mark, (hat, tone) in _HATS.items():
                table[code + mark] = normalize("NFC", letter + hat + tone)
    for mark, (bowl, tone) in _BOWLS.items():
        table["a" + mark] = normalize("NFC", "a" + bowl + tone)
    for code, letter in list(table.items()):
        table[code.upper()] = letter.upper()
        table[code[0].upper() + code[1:]] = letter.upper()
    return table


_VNI = _vni_table()
_VNI_CODE = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
VNI_MARKS = frozenset(code[1] for code in _VNI if len(code) == 2)
VNI_BASES = frozenset(code[0] for code in _VNI if len(code) == 2)
# Letters that only Unicode text has: such a text needs no conversion, whatever its font says.
_UNICODE = re.compile(
    "[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0-\u01b0\u1ea0-\u1ef9]"
)


def encoding_of(font: str) -> str:
    """The encoding that a font draws: `TCVN3`, `VNI`, or nothing for Unicode."""
    name = font.strip().lower()
    if name.startswith(".vn"):
        return TCVN3
    return VNI if re.match(r"vni[- _]", name) else ""


def to_unicode(text: str, encoding: str, font: str = "") -> str:
    """`text`, written for such a font, in Unicode."""
    if _UNICODE.search(text):
        return text
    if encoding == VNI:
        return _VNI_CODE.sub(lambda found: _VNI[found[0]], text)
    plain = "".join(_TCVN3.get(letter, letter) for letter in text)
    return plain.upper() if font.strip().lower().endswith("h") else plain
