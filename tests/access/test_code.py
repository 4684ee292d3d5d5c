"""Codes that people read from a screen and type somewhere else."""

from __future__ import annotations

import re

import pytest

from flaskapp.access.code import new_code, tidy


def test_each_is_another_one_of_eighty_bits() -> None:
    codes = {new_code() for _ in range(500)}

    assert len(codes) == 500
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code) for code in codes)


def test_it_stays_itself_when_tidied() -> None:
    code = new_code()

    assert tidy(code) == code


@pytest.mark.parametrize(
    "typed",
    [
        *("70kq-1m1p-xw4d-90ht", " 70KQ 1M1P XW4D 90HT ", "7OKQ-IMLP-XW4D-9OHT", "70kq1m1pxw4d90ht"),
        "70KQ\u20131M1P\u2013XW4D\u201390HT",
    ],
)
def test_it_may_be_typed_in_any_way(typed: str) -> None:
    assert tidy(typed) == "70KQ-1M1P-XW4D-90HT"
