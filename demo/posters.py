"""Posters in two inks, drawn here with nothing but arithmetic, as PNG."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from functools import lru_cache

from demo import motifs
from demo.titles import Film

WIDTH, HEIGHT = 240, 360
Ink = tuple[int, int, int]


@dataclass(frozen=True)
class Design:
    """A figure, the dark ink and the light one."""

    motif: motifs.Motif
    dark: Ink
    light: Ink


DESIGNS = {
    "trip-to-the-moon": Design(motifs.moon, (20, 24, 58), (246, 226, 172)),
    "caligari": Design(motifs.crooked_town, (26, 30, 34), (186, 214, 178)),
    "haxan": Design(motifs.witch_star, (56, 10, 18), (255, 158, 92)),
    "nosferatu": Design(motifs.shadow_on_stairs, (10, 26, 32), (150, 208, 196)),
    "safety-last": Design(motifs.clock_face, (34, 56, 92), (252, 238, 200)),
    "sherlock-jr": Design(motifs.magnifier, (58, 34, 22), (248, 204, 132)),
    "general": Design(motifs.wheel, (30, 44, 40), (222, 214, 176)),
    "metropolis": Design(motifs.skyline, (24, 18, 46), (250, 194, 96)),
    "his-girl-friday": Design(motifs.front_page, (88, 28, 54), (250, 226, 214)),
    "detour": Design(motifs.road, (18, 20, 34), (238, 126, 88)),
    "charade": Design(motifs.stamps, (92, 20, 74), (255, 188, 70)),
    "living-dead": Design(motifs.graveyard, (16, 30, 18), (190, 216, 120)),
    "lantern-line": Design(motifs.lighthouse, (10, 36, 60), (250, 222, 140)),
}


@dataclass
class Gallery:
    """Where the posters can be fetched: Seerr's own address, known once it listens."""

    base: str = "http://127.0.0.1"

    def url(self, title: Film) -> str:
        """Give the address of a title's poster."""
        return f"{self.base}/posters/{title.slug}.png"


@lru_cache(maxsize=len(DESIGNS))
def draw(slug: str) -> bytes:
    """Draw the poster of a title."""
    design = DESIGNS[slug]
    rows = (b"\0" + bytes(_row(design.motif, line)) for line in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"PLTE", b"".join(_mix(design, tone) for tone in range(256))),
        (b"IDAT", zlib.compress(b"".join(rows), 6)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _row(motif: motifs.Motif, line: int) -> list[int]:
    y = 3 * (line + 0.5) / HEIGHT - 1.5
    # The paper grows lighter towards the bottom, so that no figure floats on a flat ground.
    ground = 10 + 70 * (line / HEIGHT) ** 1.6
    points = ((column + 0.5) / WIDTH * 2 - 1 for column in range(WIDTH))
    return [int(ground + (250 - ground) * motif(x, y)) for x in points]


def _mix(design: Design, tone: int) -> bytes:
    part = tone / 255
    return bytes(round(dark + (light - dark) * part) for dark, light in zip(design.dark, design.light, strict=True))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
