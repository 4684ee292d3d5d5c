"""The colours of the stages are read from the style sheets: legible for all, and apart for eyes that lack a cone.

OKLab and its matrices are those of CSS Color 4. Eyes without a cone see as in Machado, Oliveira and Fernandes, "A
Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), severity 1.0, on linear sRGB.
"""

from __future__ import annotations

import re
from itertools import combinations
from math import cos, dist, radians, sin

import pytest

from tests.server.process import ROOT

Triple = tuple[float, ...]
Matrix = tuple[Triple, Triple, Triple]

STAGES = ("violet", "slate", "sky", "teal", "green", "red")
"""Any two may stand side by side: the columns of a board and the strip of a series mix them."""
APART = 0.06
"""About three times the difference that can just be seen in OKLab."""
TEXT, GRAPHICS, FAR = 4.5, 3.0, 7.0
"""WCAG 2.2, 1.4.3, 1.4.11 and 1.4.6."""
EYES: dict[str, Matrix] = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}
LAB_TO_CONES: Matrix = (
    (1, 0.3963377774, 0.2158037573),
    (1, -0.1055613458, -0.0638541728),
    (1, -0.0894841775, -1.291485548),
)
CONES_TO_RGB: Matrix = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.707614701),
)
RGB_TO_CONES: Matrix = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
CONES_TO_LAB: Matrix = (
    (0.2104542553, 0.793617785, -0.0040720468),
    (1.9779984951, -2.428592205, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.808675766),
)
SIDES = {"dark": "--by-night, ", "light": "--by-day, "}
"""What stands before the value of a theme, where the themes differ."""
WALL = {"dark": (0.0, 0.0, 0.0), "light": (1.0, 0.0, 0.0)}
"""What a wall is written on; its quiet words are night-8."""
PILL, TINT = 0.15, {"dark": 0.11, "light": 0.09}
"""How much of its colour is in the ground of a stage's word, and in the card below (``--tint``)."""


def palette(theme: str) -> dict[str, Triple]:
    """Give the colours of the tokens in OKLab, by name."""
    css = (ROOT / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    lines = re.findall(rf"--([\w-]+): .*{SIDES[theme]}oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)", css)
    return {name: _lab(float(light), float(chroma), float(hue)) for name, light, chroma, hue in lines}


def _lab(lightness: float, chroma: float, hue: float) -> Triple:
    return lightness, chroma * cos(radians(hue)), chroma * sin(radians(hue))


def times(matrix: Matrix, vector: Triple) -> Triple:
    return tuple(sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)


def rgb(lab: Triple) -> Triple:
    """Give linear sRGB, as a screen shows it."""
    linear = times(CONES_TO_RGB, tuple(cone**3 for cone in times(LAB_TO_CONES, lab)))
    return tuple(min(1.0, max(0.0, value)) for value in linear)


def seen(lab: Triple, eyes: Matrix) -> Triple:
    """Give a colour in OKLab as somebody with these eyes sees it."""
    cones = times(RGB_TO_CONES, tuple(min(1.0, max(0.0, value)) for value in times(eyes, rgb(lab))))
    return times(CONES_TO_LAB, tuple(cone ** (1 / 3) for cone in cones))


def mix(colour: Triple, share: float, ground: Triple) -> Triple:
    return tuple(share * a + (1 - share) * b for a, b in zip(colour, ground, strict=True))


def contrast(one: Triple, other: Triple) -> float:
    weights = (0.2126, 0.7152, 0.0722)
    dark, light = sorted(sum(w * v for w, v in zip(weights, rgb(lab), strict=True)) for lab in (one, other))
    return (light + 0.05) / (dark + 0.05)


THEMES = pytest.mark.parametrize("theme", SIDES)


@THEMES
@pytest.mark.parametrize("eyes", EYES)
def test_two_stages_never_look_alike(theme: str, eyes: str) -> None:
    colours = palette(theme)
    views = {stage: seen(colours[stage], EYES[eyes]) for stage in STAGES}

    alike = {pair: dist(*(views[stage] for stage in pair)) for pair in combinations(STAGES, 2)}

    assert {pair: far for pair, far in alike.items() if far < APART} == {}


@THEMES
@pytest.mark.parametrize("stage", STAGES)
def test_the_word_of_a_stage_is_legible(theme: str, stage: str) -> None:
    colours = palette(theme)
    colour = colours[stage]
    card = mix(colour, TINT[theme], colours["night-1"])

    assert contrast(colour, mix(colour, PILL, card)) >= TEXT
    assert contrast(colour, WALL[theme]) >= TEXT
    assert contrast(colour, colours["night-2"]) >= GRAPHICS


@THEMES
def test_quiet_words_are_legible_on_every_card_and_far_away(theme: str) -> None:
    colours = palette(theme)
    plain = colours["night-1"]

    cards = [plain, *(mix(colours[stage], TINT[theme], plain) for stage in STAGES)]

    assert min(contrast(colours["night-6"], ground) for ground in cards) >= TEXT
    assert contrast(colours["night-8"], WALL[theme]) >= FAR
