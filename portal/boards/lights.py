"""How things stand, in the words of a traffic light. The colour is never alone: each light has
its word."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Light(StrEnum):
    """From the one that needs a person first."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    GREY = "grey"


LIGHT_NAMES: dict[Light, str] = {
    Light.RED: "Đỏ: chậm",
    Light.AMBER: "Vàng: cần chú ý",
    Light.GREEN: "Xanh: đúng tiến độ",
    Light.GREY: "Trắng: chưa có việc đến kỳ",
}
_ORDER = {light: place for place, light in enumerate(Light)}


def place(light: Light) -> int:
    """Its place in lists: what is urgent first."""
    return _ORDER[light]


def worst(lights: Iterable[Light]) -> Light:
    """The most urgent of them; grey when there is none."""
    return min(lights, key=place, default=Light.GREY)
