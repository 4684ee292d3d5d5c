"""docs/stream-tests.md has every case once, and the tests that it names exist."""

from __future__ import annotations

from tests.scenarios.test_table import ROOT, functions_of, named, rows

CASES = list(range(1, 50))
FAILS_THERE = [16, 18, 25, 26, 33]


def test_every_case_stands_once_and_those_that_have_to_fail_again() -> None:
    assert [number for number, _ in rows("stream-tests.md")] == [*CASES, *FAILS_THERE]


def test_every_case_names_tests_that_exist() -> None:
    found = {
        (number, cells[0]): [functions_of(ROOT / "tests" / file).get(name) for file, name in named(cells[1])]
        for number, cells in rows("stream-tests.md")
    }

    assert [case for case, tests in found.items() if None in tests] == []
    assert [case for case, tests in found.items() if not tests] == []


def test_every_test_against_the_naive_server_stands_in_the_table() -> None:
    told = {name for _, cells in rows("stream-tests.md") for _, name in named(cells[1])}

    ours = {name for path in (ROOT / "tests" / "server").glob("test_*.py") for name in functions_of(path)}
    assert {name for name in ours if name.startswith("test_a_naive_server")} - told == set()
