"""Networks small enough to be written byte by byte: ONNX files in the wire format of protocol buffers."""

from __future__ import annotations


def field(number: int, value: int | bytes | str) -> bytes:
    """A field of a message: a whole number, or bytes with their length."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def value(name: str, shape: tuple[int | str, ...]) -> bytes:
    """A named tensor of floats; a side by name may be of any length."""
    sides = b"".join(field(1, field(1, side) if isinstance(side, int) else field(2, side)) for side in shape)
    return field(1, name) + field(2, field(1, field(1, 1) + field(2, sides)))


def network(shape: tuple[int | str, ...] = (1, 3, 40, 60), operator: str = "ReduceMean") -> bytes:
    """Takes a picture of this shape, and answers how bright each pixel is: the mean of its colours. Another operator
    makes something else of it, such as Identity the picture itself."""
    axes = field(5, field(1, "axes") + field(8, 1) + field(20, 7)) if operator == "ReduceMean" else b""
    node = field(1, "picture") + field(2, "map") + field(4, operator) + axes
    answered = (1, 1, *shape[2:]) if axes else shape
    graph = field(1, node) + field(2, "own") + field(11, value("picture", shape)) + field(12, value("map", answered))
    return field(1, 8) + field(7, graph) + field(8, field(1, "") + field(2, 13))
