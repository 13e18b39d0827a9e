"""Write nnviz/ui/icon.png: a small heatmap in the colours of the theme. Run it as `python -m tools.make_icon`."""

from pathlib import Path

import numpy as np
from PIL import Image

from nnviz.figures.colours import PALETTES

FILE = Path(__file__).parent.parent / "nnviz" / "ui" / "icon.png"
CELLS = [[1, 6, 8], [7, 2, 5], [9, 3, 0]]  # indices into the diverging palette
ZOOM = 16


def main() -> None:
    palette = PALETTES["light"]["diverging"]
    colours = np.array([[[int(palette[i][c : c + 2], 16) for c in (1, 3, 5)] for i in row] for row in CELLS])
    Image.fromarray(np.kron(colours, np.ones((ZOOM, ZOOM, 1))).astype(np.uint8)).save(FILE)


if __name__ == "__main__":
    main()
