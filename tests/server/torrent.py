"""A torrent file of random bytes without a tracker, made by hand so that its hash is known."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from pathlib import Path

SMALLEST_PIECE = 16 * 1024
PIECES = 500


@dataclass(frozen=True)
class Torrent:
    """``content`` is the file it was made of, ``meta`` the torrent file."""

    name: str
    info_hash: str
    content: Path
    meta: bytes

    @property
    def size(self) -> int:
        return self.content.stat().st_size


def make_torrent(folder: Path, name: str, size: int) -> Torrent:
    """Write ``size`` random bytes to ``folder/name`` and make a version 1 torrent of them."""
    folder.mkdir(parents=True, exist_ok=True)
    content = folder / name
    content.write_bytes(random.Random(name).randbytes(size))
    info = _bencode(
        {"length": size, "name": name, "piece length": (piece := _piece(size)), "pieces": _hash(content, piece)}
    )
    meta = b"d4:info" + info + b"e"
    return Torrent(name, hashlib.sha1(info).hexdigest(), content, meta)


def _piece(size: int) -> int:
    """Choose small pieces, so that the progress is smooth."""
    piece = SMALLEST_PIECE
    while piece * PIECES < size:
        piece *= 2
    return piece


def _hash(content: Path, piece: int) -> bytes:
    data = content.read_bytes()
    return b"".join(hashlib.sha1(data[start : start + piece]).digest() for start in range(0, len(data), piece))


def _bencode(value: dict[str, object] | str | bytes | int) -> bytes:
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, str):
        return _bencode(value.encode())
    if isinstance(value, bytes):
        return b"%d:%s" % (len(value), value)
    pairs = (_bencode(key) + _bencode(value[key]) for key in sorted(value))  # type: ignore[arg-type]
    return b"d" + b"".join(pairs) + b"e"
