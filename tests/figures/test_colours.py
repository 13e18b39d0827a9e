"""Colours can be read, and told apart by colour-blind viewers."""

import itertools

import numpy as np
import pytest

from nnviz.figures.colours import PALETTES, THEME, hex_to_rgb

# Viénot, Brettel and Mollon (1999): linear RGB as those without one kind of cone see it
SEEN = {
    "all": np.eye(3),
    "protan": [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]],
    "deutan": [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]],
}


def linear(colour: str) -> np.ndarray:
    share = np.array(hex_to_rgb(colour)) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_symbols_can_be_read_on_the_page(mode: str) -> None:
    for colour in PALETTES[mode]["roles"]:
        assert contrast(colour, THEME[mode]["backgroundColor"]) >= 4.5


@pytest.mark.parametrize("eyes", SEEN)
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_what_is_computed_differs_from_what_is_used(mode: str, eyes: str) -> None:
    seen = [np.array(SEEN[eyes]) @ linear(colour) for colour in PALETTES[mode]["roles"]]
    for one, other in itertools.combinations(seen, 2):
        distance = float(np.abs(np.cbrt(np.clip(one, 0, 1)) - np.cbrt(np.clip(other, 0, 1))).max())
        assert distance > 0.1
