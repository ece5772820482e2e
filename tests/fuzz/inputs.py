"""Inputs from sound ones: bytes and words changed, doubled, cut, put in one another, and numbers made extreme."""

from __future__ import annotations

import random
import struct

from .readers import Reader

LONGEST = 400_000
NUMBERS = (
    b"0", b"-1", b"1e309", b"-1e309", b"nan", b"inf", b"1e-320", b"9" * 30, b"9" * 5000, b"2147483648", b"4294967295",
    b"99999999999999999999", b"0x7f", b"1_000", b"0.1e", b"\xd9\xa1\xd9\xa2",
)  # fmt: skip
BYTES = (
    b"\0", b"\xff", b"\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xef\xbb\xbf", b"\xfe\xff", b"\r", b"\x1b[2J",
    b"\xe2\x80\xae", b"\xc2\x85", b"\xe2\x80\xa8", b"\x1a", b"'", b'"', b"\\", b"\n", b"\t", b"${", b"%s", b"../", b"&x;",
)  # fmt: skip


def input_of(reader: Reader, chance: random.Random) -> bytes:
    """One input: a seed with one to six changes, mostly of few bytes."""
    seeds = reader.seeds()
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        change = chance.choice(CHANGES)
        change(data, chance, reader)
        del data[LONGEST:]
    return bytes(data)


def _spot(data: bytearray, chance: random.Random) -> int:
    return chance.randrange(len(data) + 1)


def _span(data: bytearray, chance: random.Random) -> tuple[int, int]:
    begin = _spot(data, chance)
    return begin, min(len(data), begin + chance.choice((1, 2, 4, 16, 64, 500, 5000)))


def _flipped(data: bytearray, chance: random.Random, reader: Reader) -> None:
    for _ in range(chance.choice((1, 1, 4, 40))):
        if data:
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _cut(data: bytearray, chance: random.Random, reader: Reader) -> None:
    begin, end = _span(data, chance)
    del data[begin:end]


def _ended(data: bytearray, chance: random.Random, reader: Reader) -> None:
    del data[_spot(data, chance) :]


def _repeated(data: bytearray, chance: random.Random, reader: Reader) -> None:
    begin, end = _span(data, chance)
    times = chance.choice((2, 3, 50, 1000, 20_000))
    data[begin:begin] = (bytes(data[begin:end]) * times)[:LONGEST]


def _moved(data: bytearray, chance: random.Random, reader: Reader) -> None:
    begin, end = _span(data, chance)
    part = bytes(data[begin:end])
    del data[begin:end]
    spot = _spot(data, chance)
    data[spot:spot] = part


def _spliced(data: bytearray, chance: random.Random, reader: Reader) -> None:
    other = chance.choice(reader.seeds())
    begin = chance.randrange(len(other) + 1)
    spot = _spot(data, chance)
    data[spot:spot] = other[begin : begin + chance.choice((20, 500, 5000))]


def _odd_bytes(data: bytearray, chance: random.Random, reader: Reader) -> None:
    spot = _spot(data, chance)
    data[spot:spot] = chance.choice(BYTES) * chance.choice((1, 1, 2, 300))


def _words(data: bytearray, chance: random.Random, reader: Reader) -> None:
    spot = _spot(data, chance)
    data[spot:spot] = chance.choice(reader.words) * chance.choice((1, 1, 2, 30, 2000))


def _number(data: bytearray, chance: random.Random, reader: Reader) -> None:
    """A number that is written out made another one."""
    digits = [at for at, byte in enumerate(data[:50_000]) if 48 <= byte <= 57]
    if digits:
        begin = end = chance.choice(digits)
        while end < len(data) and 48 <= data[end] <= 57:
            end += 1
        data[begin:end] = chance.choice(NUMBERS)


def _binary_number(data: bytearray, chance: random.Random, reader: Reader) -> None:
    """Two or four bytes made a small or the largest number, as lengths and offsets are."""
    size = chance.choice((2, 4))
    spot = chance.randrange(min(len(data), chance.choice((64, 512, 10**9))) + 1)
    value = chance.choice((0, 1, 2, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, len(data))) & (256**size - 1)
    data[spot : spot + size] = struct.pack(chance.choice("<>") + ("H" if size == 2 else "I"), value)


CHANGES = (
    _flipped, _flipped, _cut, _ended, _repeated, _moved, _spliced, _odd_bytes, _words, _words, _number, _binary_number,
)  # fmt: skip
