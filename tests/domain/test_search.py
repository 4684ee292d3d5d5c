"""What a card is found by."""

from __future__ import annotations

import pytest

from flaskapp.domain.search import Search, fold, sought


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Amélie", "amelie"),
        ("  Das   BOOT\n", "das boot"),
        ("Straße", "strasse"),
        ("\uff26\uff29\uff2c\uff2d", "film"),
        ("Й", "и"),
        ("", ""),
    ],
)
def test_case_accents_and_spaces_make_no_difference(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_the_title_stands_first_so_that_it_also_sorts() -> None:
    assert sought("The Ångström", 1999, "Zoë") == "the angstrom 1999 zoe"
    assert sought("Dune", None, None) == "dune"


def test_an_order_leaves_nothing_out() -> None:
    assert not Search().leaves_out
    assert Search(words=("dune",)).leaves_out
    assert Search(is_mine=True).leaves_out
