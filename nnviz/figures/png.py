"""Colours as a PNG file, with the standard library alone."""

import base64
import struct
import zlib

import numpy as np

from nnviz.arrays import Array


def png(colours: Array) -> bytes:
    """A picture (height, width, 3 or 4) uint8 as a PNG file."""
    height, width, channels = colours.shape
    lines = np.zeros((height, 1 + width * channels), dtype=np.uint8)  # each line starts with 0: no filter
    lines[:, 1:] = colours.reshape(height, -1)
    kind = {3: 2, 4: 6}[channels]
    head = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines.tobytes(), 1)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def data_url(colours: Array) -> str:
    """The picture as the address of an image."""
    return "data:image/png;base64," + base64.b64encode(png(colours)).decode()
