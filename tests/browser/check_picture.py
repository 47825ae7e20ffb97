# SPDX-License-Identifier: MIT
"""check_picture.py PNG GROUND COLOUR...: the picture's most frequent colour is GROUND, and each COLOUR
has some 40 pixels at least."""
import collections
import struct
import sys
import zlib

LEAST = 40  # pixels: more than a swatch's rounded edge, less than a line


def chunks(data):
    at = 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += length + 12


def unfiltered(filter_type, line, above, size):
    """A line of a PNG without its filter (RFC 2083, section 6); `size` bytes a pixel."""
    out = bytearray(line)
    for i, byte in enumerate(line):
        left = out[i - size] if i >= size else 0
        corner = above[i - size] if i >= size else 0
        up = above[i]
        if filter_type == 1:
            out[i] = (byte + left) & 255
        elif filter_type == 2:
            out[i] = (byte + up) & 255
        elif filter_type == 3:
            out[i] = (byte + (left + up) // 2) & 255
        elif filter_type == 4:
            guess = left + up - corner
            nearest = min((abs(guess - one), k, one) for k, one in enumerate((left, up, corner)))
            out[i] = (byte + nearest[2]) & 255
    return out


def colours(path):
    with open(path, "rb") as file:
        data = file.read()
    parts = list(chunks(data))
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", parts[0][1])
    assert (depth, interlaced) == (8, 0) and kind in (2, 6), "not 8-bit RGB, or interlaced"
    size = 3 if kind == 2 else 4
    pixels = zlib.decompress(b"".join(body for name, body in parts if name == b"IDAT"))
    counts = collections.Counter()
    above = bytearray(width * size)
    for y in range(height):
        start = y * (width * size + 1)
        line = pixels[start + 1 : start + 1 + width * size]
        above = unfiltered(pixels[start], line, above, size)
        counts.update(zip(above[0::size], above[1::size], above[2::size]))
    return counts


def main():
    counts = colours(sys.argv[1])
    wanted = [tuple(bytes.fromhex(text[1:])) for text in sys.argv[2:]]
    if counts.most_common(1)[0][0] != wanted[0]:
        sys.exit(f"{sys.argv[1]}: the ground is {counts.most_common(1)[0][0]}, not {wanted[0]}")
    for text, colour in zip(sys.argv[3:], wanted[1:]):
        if counts[colour] < LEAST:
            sys.exit(f"{sys.argv[1]}: {counts[colour]} pixels are {text}")


main()
