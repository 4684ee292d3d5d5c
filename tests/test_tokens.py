"""Sizes, weights, distances, corners and durations have names in tokens.css; no other sheet makes up its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.server.process import ROOT

SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
DECLARATION = re.compile(r"(?<=[\s{;])(-?[\w-]+): ([^;{}]+)[;}]")
NUMBER = r"(?<![\w.-])-?\.?\d[\d.]*"
RAW = {
    r"font(-size)?": rf"{NUMBER}[a-z%]+",
    r"font(-weight)?": rf"^{NUMBER}\b|bold",
    r"[a-z-]*radius": rf"{NUMBER}[a-z]+",
    r"(margin|padding)[a-z-]*|([a-z]+-)?gap": rf"{NUMBER}(rem|px)",
    r"(animation|transition)[a-z-]*": rf"{NUMBER}m?s",
}
"""What may not stand in which properties. Distances may be shares (``em``, ``%``) of what they belong to."""
UNIT = re.compile(rf"{NUMBER}([a-z]+)\b")
UNITS = {"px", "rem", "em", "cqi", "lh", "vw", "vh", "dvh", "dvb", "vmax", "fr", "deg", "ms", "s"}


def declarations(sheet: Path) -> list[tuple[str, str]]:
    """Give the properties and values of a sheet in order."""
    return DECLARATION.findall(COMMENT.sub("", sheet.read_text(encoding="utf-8")))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_every_unit_is_one_that_browsers_know(sheet: Path) -> None:
    """A rule with another is dropped without a word."""
    named = {unit for name, value in declarations(sheet) if "range" not in name for unit in UNIT.findall(value)}

    assert named - UNITS == set()


@pytest.mark.parametrize("sheet", [sheet for sheet in SHEETS if sheet.stem != "tokens"], ids=lambda sheet: sheet.stem)
def test_a_sheet_takes_its_measures_from_the_tokens(sheet: Path) -> None:
    raw = [
        f"{name}: {value}"
        for name, value in declarations(sheet)
        if any(re.fullmatch(names, name) and re.search(measure, value) for names, measure in RAW.items())
    ]

    assert raw == []


def test_every_token_is_there_and_used() -> None:
    css = "".join(COMMENT.sub("", sheet.read_text(encoding="utf-8")) for sheet in SHEETS)

    defined, used = set(re.findall(r"(?<=[\s{;])(--[\w-]+):", css)), set(re.findall(r"var\((--[\w-]+)", css))

    assert defined == used
