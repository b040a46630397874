"""Contrast is what WCAG says, and an agency cannot choose colours that people cannot read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.colour import (
    AA_TEXT,
    LIGHT_GROUNDS,
    WHITE_IN_THE_DARK,
    contrast,
    require_readable,
    with_white,
)
from portal.core.errors import SettingsError
from portal.core.settings import ROOT
from portal.core.site_config import load_site_config

TOKENS = (ROOT / "static/css/tokens.css").read_text("utf-8")
colours = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#ffffff", 1),
        ("#777777", "#ffffff", 4.48),  # the well-known grey that just fails
        ("#767676", "#ffffff", 4.54),
    ],
)
def test_ratios_of_the_standard(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


@given(colours, st.sampled_from(["brand", "accent"]))
def test_what_is_accepted_can_be_read_in_both_schemes(colour: str, name: str) -> None:
    try:
        require_readable(name, colour)
    except SettingsError:
        assert any(contrast(colour, ground) < AA_TEXT for ground in LIGHT_GROUNDS[name].values())
        return
    assert contrast(colour, "#ffffff") >= AA_TEXT  # white words on a button of this colour
    light = with_white(colour, WHITE_IN_THE_DARK[name])
    dark_grounds = set(re.findall(r"--(?:paper|raised|info-tint|bad-tint): (#\w+)", _dark()))
    assert len(dark_grounds) == 4
    assert all(contrast(light, ground) >= AA_TEXT for ground in dark_grounds)


def test_grounds_are_those_of_the_style_sheet() -> None:
    light = TOKENS.replace("#fff;", "#ffffff;").partition("@media")[0]
    for grounds in LIGHT_GROUNDS.values():
        assert all(ground in light for ground in grounds.values())


@pytest.mark.parametrize("colour", ["#ffcc00", "#8fd3e8", "red", "#12345", "#00zz00"])
def test_the_start_refuses_colours_that_cannot_be_read(tmp_path: Path, colour: str) -> None:
    text = (ROOT / "content/site.toml").read_text("utf-8")
    brand = tomllib.loads(text)["theme"]["brand"]
    path = tmp_path / "site.toml"
    path.write_text(text.replace(f'brand = "{brand}"', f'brand = "{colour}"'), "utf-8")
    with pytest.raises(SettingsError, match=f"brand = .*{colour}"):
        load_site_config(path)


def _dark() -> str:
    return TOKENS.partition("prefers-color-scheme: dark")[2]
