"""Contrast of colours as WCAG 2.2 defines it (relative luminance, success criterion 1.4.3)."""

from __future__ import annotations

import re

from portal.core.errors import SettingsError

AA_TEXT = 4.5
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
# What the two colours of an agency stand on in the light scheme (static/css/tokens.css).
LIGHT_GROUNDS = {
    "brand": {"nền trang": "#fbfaf7", "nền ô": "#ffffff", "nền thông tin": "#eaf2f5"},
    "accent": {"nền trang": "#fbfaf7", "nền ô": "#ffffff", "nền cảnh báo": "#fbeceb"},
}
# In the dark scheme the same colours, mixed with this much white, stand on a dark page.
WHITE_IN_THE_DARK = {"brand": 0.62, "accent": 0.6}


def contrast(one: str, other: str) -> float:
    """The ratio of two colours written `#rrggbb`, from 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def with_white(colour: str, share: float) -> str:
    """`colour` mixed with white in sRGB; `share` is that of white, 0 to 1."""
    return "#" + "".join(f"{round(c + (255 - c) * share):02x}" for c in _channels(colour))


def require_readable(name: str, colour: str) -> None:
    """Raise `SettingsError` when text in this colour could not be read (AA) where it stands."""
    if not _COLOUR.fullmatch(colour):
        raise SettingsError(f"[theme] {name} = {colour!r} không phải mã màu như #0b5770")
    for ground, behind in LIGHT_GROUNDS[name].items():
        ratio = contrast(colour, behind)
        if ratio < AA_TEXT:
            raise SettingsError(
                f"[theme] {name} = {colour}: tương phản với {ground} ({behind}) chỉ {ratio:.2f}:1,"
                f" cần ít nhất {AA_TEXT}:1 (WCAG 2.2 AA). Hãy chọn màu đậm hơn."
            )


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (value / 255 for value in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
