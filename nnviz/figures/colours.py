"""The colours of all pictures, read from the theme, so that figures, board and page agree.

Signed values use the diverging palette, with zero in its middle; magnitudes the sequential one, from zero up. Both
have ten colours, can be told apart by colour-blind viewers, and come in a light and a dark version.
"""

import tomllib
from pathlib import Path

import numpy as np

from nnviz.arrays import Array

CONFIG = Path(__file__).parent.parent.parent / ".streamlit" / "config.toml"

THEME = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"]

# What a phase computes, and what it uses: apart from the data's blue and orange, and from each other for colour-blind
# viewers, to whom the symbol on each panel says the same.
ROLES = {
    "light": ["#7a28d8", "#005c40", "#c42a7c", "#6b6000"],
    "dark": ["#c9a0ff", "#8af0cc", "#ff6fb5", "#d9d04e"],
}


def palettes() -> dict[str, dict[str, list[str]]]:
    """`palettes()["dark"]["diverging"]`: ten colours as #rrggbb, from negative to positive or from 0 up."""
    return {
        mode: {
            "diverging": THEME[mode]["chartDivergingColors"],
            "sequential": THEME[mode]["chartSequentialColors"],
            "roles": ROLES[mode],
            "classes": class_colours(mode),
        }
        for mode in ("light", "dark")
    }


def class_colours(mode: str) -> list[str]:
    """The colours of classes and curves, as #rrggbb."""
    return THEME[mode]["chartCategoricalColors"]


PALETTES = palettes()


def colorscale(kind: str, mode: str) -> list[tuple[float, str]]:
    """A palette as Plotly wants it: pairs of a place from 0 to 1 and a colour."""
    colours = PALETTES[mode][kind]
    return [(i / (len(colours) - 1), colour) for i, colour in enumerate(colours)]


def rgb_of(share: Array, kind: str, mode: str) -> Array:
    """Colours (..., 3) uint8 of places (...) on a palette: 0 for its first colour, 1 for its last. nan is 0."""
    palette = np.array([hex_to_rgb(colour) for colour in PALETTES[mode][kind]], dtype=float)
    at = np.clip(np.nan_to_num(share), 0.0, 1.0) * (len(palette) - 1)
    low = np.minimum(at.astype(int), len(palette) - 2)
    part = (at - low)[..., np.newaxis]
    return np.rint(palette[low] * (1.0 - part) + palette[low + 1] * part).astype(np.uint8)


def hex_to_rgb(colour: str) -> tuple[int, int, int]:
    """#rrggbb as three numbers 0..255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
