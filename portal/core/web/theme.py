"""The agency's two colours as a style sheet, since pages carry no inline styles."""

from __future__ import annotations

from portal.core.colour import WHITE_IN_THE_DARK, with_white
from portal.core.site_config import Theme


def style_sheet(theme: Theme) -> str:
    """Custom properties for the light scheme, and lighter shades of the same for the dark one."""
    brand = with_white(theme.brand, WHITE_IN_THE_DARK["brand"])
    red = with_white(theme.accent, WHITE_IN_THE_DARK["accent"])
    return (
        f":root{{--brand-light:{theme.brand};--red-light:{theme.accent};"
        f"--brand-dark:{brand};--red-dark:{red}}}\n"
    )
