"""One simple figure per title: how light it is at a point, from 0 to 1.

x runs from -1 to 1 and y from -1.5 at the top to 1.5. A figure is made of distances, negative inside.
"""

from __future__ import annotations

import math
from collections.abc import Callable

Motif = Callable[[float, float], float]
EDGE = 0.012


def lit(distance: float) -> float:
    """Give 1 inside, 0 outside and a soft edge between."""
    return min(1.0, max(0.0, 0.5 - distance / EDGE / 2))


def disc(x: float, y: float, radius: float) -> float:
    """Give the distance to a disc around the origin."""
    return math.hypot(x, y) - radius


def ring(x: float, y: float, radius: float, width: float) -> float:
    """Give the distance to a ring around the origin."""
    return abs(math.hypot(x, y) - radius) - width


def box(x: float, y: float, width: float, height: float) -> float:
    """Give the distance to a box around the origin."""
    return max(abs(x) - width, abs(y) - height)


def bar(x: float, y: float, angle: float, length: float, width: float) -> float:
    """Give the distance to a bar that leaves the origin at an angle, clockwise from the top."""
    along = x * math.sin(angle) - y * math.cos(angle)
    across = x * math.cos(angle) + y * math.sin(angle)
    return max(abs(across) - width, -along, along - length)


def moon(x: float, y: float) -> float:
    """Draw a moon with something in its eye."""
    face = lit(disc(x, y + 0.1, 0.72))
    craters = lit(ring(x + 0.3, y - 0.3, 0.14, 0.02)) + lit(ring(x - 0.05, y + 0.45, 0.09, 0.02))
    tilted_x, tilted_y = x - 0.34 + (y + 0.2) * 0.5, y + 0.2
    shell = lit(max(abs(tilted_x) - 0.13, abs(tilted_y + 0.16) - 0.34))
    return max(0.0, face - 0.35 * craters) * (1 - shell) + 0.15 * shell


def crooked_town(x: float, y: float) -> float:
    """Draw roofs that lean on each other."""

    def roof(shift: float, height: float, step: float) -> float:
        place = (x + shift + 0.25 * y) / step
        return height - 0.5 * abs((place % 1) - (0.3 if int(place // 1) % 2 else 0.65)) * step * 3

    far, near = lit(roof(0.3, 0.15, 0.7) - y), lit(roof(-0.1, 0.75, 0.5) - y)
    window = lit(box(x + 0.2 * y - 0.22, y - 1.02, 0.06, 0.13))
    return max(0.45 * far * (1 - near), 0.85 * near * (1 - window))


def witch_star(x: float, y: float) -> float:
    """Draw a star of five strokes in a circle."""
    y += 0.1
    arms = (2 * math.pi * k / 5 for k in range(5))
    tips = [(0.68 * math.sin(arm), -0.68 * math.cos(arm)) for arm in arms]
    strokes = min(_stroke(x, y, tips[k], tips[(k + 2) % 5], 0.028) for k in range(5))
    return lit(min(strokes, ring(x, y, 0.74, 0.03)))


def _stroke(x: float, y: float, start: tuple[float, float], end: tuple[float, float], width: float) -> float:
    run_x, run_y = end[0] - start[0], end[1] - start[1]
    part = ((x - start[0]) * run_x + (y - start[1]) * run_y) / (run_x**2 + run_y**2)
    part = min(1.0, max(0.0, part))
    return math.hypot(x - start[0] - part * run_x, y - start[1] - part * run_y) - width


def shadow_on_stairs(x: float, y: float) -> float:
    """Draw a window with the moon behind, and long fingers before it."""
    glow = lit(disc(x - 0.15, y + 0.55, 0.5))
    panes = lit(-max(abs(abs(x) - 0.34) - 0.3, abs((y + 0.4) % 0.6 - 0.3) - 0.26))
    fingers = min(bar(x + 0.15 * k, y - 1.5, 0.09 * k - 0.1, 1.5 - 0.14 * abs(k), 0.045) for k in range(-2, 3))
    return max(0.25, glow) * (1 - panes) * (1 - lit(fingers))


def clock_face(x: float, y: float) -> float:
    """Draw a clock, and somebody hanging from its hand."""
    y += 0.15
    ticks = min(ring(x - 0.6 * math.sin(h), y + 0.6 * math.cos(h), 0, 0.04) for h in _hours())
    hands = min(bar(x, y, 1.45, 0.55, 0.035), bar(x, y, 2.6, 0.42, 0.035), disc(x, y, 0.07))
    climber = min(box(x - 0.5, y - 0.28, 0.025, 0.34), disc(x - 0.5, y - 0.02, 0.06))
    return lit(min(ring(x, y, 0.76, 0.04), ticks, hands, climber))


def _hours() -> list[float]:
    return [math.pi * hour / 6 for hour in range(12)]


def magnifier(x: float, y: float) -> float:
    """Draw a lens with a keyhole in it."""
    y += 0.25
    lens, handle = ring(x, y, 0.58, 0.06), bar(x - 0.42, y - 0.42, 2.36, 0.75, 0.075)
    keyhole = min(disc(x, y + 0.1, 0.16), max(abs(x) - 0.05 - 0.22 * (y + 0.05), abs(y - 0.15) - 0.22))
    return lit(min(lens, handle, keyhole))


def wheel(x: float, y: float) -> float:
    """Draw the driving wheel of a locomotive on its rail."""
    spokes = min(bar(x, y, math.pi * k / 6, 0.66, 0.025) for k in range(12))
    rod = max(abs(x - 0.2) - 0.9, abs(y - 0.3) - 0.05)
    rail = max(abs(y - 0.86) - 0.04, abs(x) - 1.2)
    return lit(min(ring(x, y, 0.72, 0.07), spokes, disc(x, y, 0.16), rod, rail))


def skyline(x: float, y: float) -> float:
    """Draw towers before rays."""
    ray = 0.3 * (math.sin(18 * math.atan2(x, 0.55 - y)) > 0) * (y < 0.55)
    tops = ((0.0, 0.16, -0.85), (-0.45, 0.2, -0.1), (0.48, 0.22, -0.3), (-0.85, 0.2, 0.25), (0.9, 0.2, 0.2))
    towers = min(max(abs(x - place) - width, top - y) for place, width, top in tops)
    windows = 0.4 * (x * 12 % 1 < 0.4) * (y * 9 % 1 < 0.45)
    inside = lit(towers)
    return ray * (1 - inside) + (0.95 - windows) * inside


def front_page(x: float, y: float) -> float:
    """Draw a newspaper with one headline."""
    x, y = x * 0.985 + y * 0.12, y * 0.985 - x * 0.12
    sheet = lit(box(x, y, 0.68, 0.95))
    headline = lit(box(x, y + 0.68, 0.56, 0.13))
    picture = lit(box(x + 0.28, y + 0.1, 0.27, 0.3))
    is_text = y > 0.26 or (x > 0.04 and y > -0.4)
    lines = 0.6 * is_text * (y * 9 % 1 < 0.5) * lit(box(x, y - 0.2, 0.56, 0.62)) * (abs(x - 0.02) > 0.03)
    return max(0.0, sheet - 0.85 * headline - 0.5 * picture - lines)


def road(x: float, y: float) -> float:
    """Draw a road into the night."""
    horizon = -0.15
    if y < horizon:
        return 0.75 * lit(disc(x - 0.3, y + 0.42, 0.22))
    depth = (y - horizon) / 1.65
    edge = lit(abs(abs(x + 0.25 * (1 - depth)) - 0.03 - 0.85 * depth) - 0.012 - 0.03 * depth)
    dash = lit(abs(x + 0.25 * (1 - depth)) - 0.045 * depth) * (math.log(depth + 0.02) * 4 % 1 < 0.55)
    return max(edge, dash, 0.12)


def stamps(x: float, y: float) -> float:
    """Draw squares within squares, as on a stamp."""
    size = abs(x) + abs(y)
    bands = 0.9 * (size * 6.5 % 1 < 0.45) * (size < 0.8)
    return max(bands, lit(abs(max(abs(x) - 0.86, abs(y) - 1.32)) - 0.02))


def graveyard(x: float, y: float) -> float:
    """Draw a low moon and stones that stand where they should not."""
    sky = 0.8 * lit(disc(x + 0.2, y + 0.45, 0.4))
    stones = min(_stone(x - place, y - 0.75, lean) for place, lean in ((-0.62, 0.12), (0.05, -0.1), (0.66, 0.18)))
    ground = 0.98 + 0.06 * math.sin(3 * x) - y
    return max(sky * (1 - lit(stones)), 0.45 * lit(stones), 0.3 * lit(ground))


def _stone(x: float, y: float, lean: float) -> float:
    x += lean * y
    return min(max(abs(x) - 0.2, abs(y) - 0.3), disc(x, y + 0.3, 0.2))


def lighthouse(x: float, y: float) -> float:
    """Draw a lantern that turns over the sea."""
    lamp_y = y + 0.62
    beam = 0.5 * (abs(lamp_y) < 0.04 + 0.28 * abs(x)) * max(0.0, 1 - abs(x) * 0.8)
    tower = max(abs(x) - 0.1 - 0.07 * (y + 0.5), -0.5 - y, y - 0.95)
    stripes = 0.5 * (y * 3.2 % 1 < 0.5)
    sea = 0.35 * (y > 0.95) * ((y + 0.03 * math.sin(9 * x)) * 9 % 1 < 0.45)
    lamp = lit(min(box(x, lamp_y, 0.1, 0.1), disc(x, lamp_y + 0.1, 0.1)))
    return max(beam * (1 - lit(tower)), lamp, (0.95 - stripes) * lit(tower), sea)
