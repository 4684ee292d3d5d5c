"""The tables in docs are complete, and what they promise is held by the tests they name."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
ALL = range(1, 58)
ROW = re.compile(r"^\| (\d+) \| (.+) \|$", re.MULTILINE)


def rows(page: str) -> list[tuple[int, list[str]]]:
    """Give the rows of the tables of a page, by the number they begin with."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return [(int(number), rest.split(" | ")) for number, rest in ROW.findall(text)]


MET, NOT_MET = rows("scenarios.md"), rows("limits.md")
NUMBERED = [pytest.param(number, cells, id=str(number)) for number, cells in MET]


@cache
def functions_of(path: Path) -> dict[str, ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef)}


def named(cell: str) -> Iterator[tuple[str, str]]:
    """Give file and name of each test in a cell."""
    for address in re.findall(r"`(.+?)`", cell):
        file, _, name = address.partition("::")
        yield file, name


def texts(test: ast.FunctionDef) -> str:
    """Give all that a test compares with, also what it is given by its table, but for its docstring."""
    inner = [node for part in [*test.decorator_list, *test.body[1:]] for node in ast.walk(part)]
    return "\n".join(node.value for node in inner if isinstance(node, ast.Constant) and isinstance(node.value, str))


def test_every_scenario_is_met_or_named_as_a_limit_exactly_once() -> None:
    counts = Counter(number for number, _ in [*MET, *NOT_MET])

    assert counts == dict.fromkeys(ALL, 1)


def test_every_limit_gives_its_reason_and_what_people_see_today() -> None:
    assert [number for number, cells in NOT_MET if len(cells) != 3 or not all(cells)] == []


@pytest.mark.parametrize(("number", "cells"), NUMBERED)
def test_the_tests_of_a_row_exist_and_say_what_the_card_says(number: int, cells: list[str]) -> None:
    _, tests, shown = cells

    found = [functions_of(ROOT / "tests" / file).get(name) for file, name in named(tests)]

    assert found
    assert None not in found
    said = "\n".join(texts(test) for test in found if test)
    assert [quote for quote in re.findall(r"“(.+?)”|`(.+?)`", shown) if (quote[0] or quote[1]) not in said] == []


def test_every_test_of_a_scenario_says_its_number_and_stands_in_its_row() -> None:
    told = {(file, name) for number, cells in MET for file, name in named(cells[1]) if _says(number, file, name)}

    ours = [path for path in Path(__file__).parent.glob("test_*.py") if path != Path(__file__)]
    tests = {
        (f"scenarios/{path.name}", name) for path in ours for name in functions_of(path) if name.startswith("test_")
    }
    assert tests - told == set()


def _says(number: int, file: str, name: str) -> bool:
    test = functions_of(ROOT / "tests" / file)[name]
    return (ast.get_docstring(test) or "").startswith(f"Scenario {number}.")
