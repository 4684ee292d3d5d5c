"""What is kept of a password, which ones are refused, and that no stream waits for a check."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters

from flaskapp.access import password as passwords
from flaskapp.access.password import WeakPasswordError, hash_password, is_old, is_right, refuse_weak


def test_it_is_kept_as_argon2id_as_the_standard_asks() -> None:
    kept = extract_parameters(hash_password("a long enough one"))

    assert (kept.type.name, kept.memory_cost >= 64 * 1024, kept.time_cost >= 3) == ("ID", True, True)


def test_only_the_right_one_is_right() -> None:
    kept = hash_password("a long enough one")

    assert is_right(kept, "a long enough one")
    assert not is_right(kept, "a long enough onE")
    assert not is_right(None, "a long enough one")
    assert not is_right("no hash at all", "a long enough one")


def test_the_same_letters_are_the_same_password_on_every_keyboard() -> None:
    assert is_right(hash_password("\u00e9t\u00e9 \u00e0 la plage"), "e\u0301te\u0301 a\u0300 la plage")


def test_a_weaker_measure_is_told() -> None:
    assert is_old(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x"))
    assert not is_old(hash_password("x"))


def test_it_is_worked_out_in_another_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    verify = PasswordHasher.verify

    def look(*arguments: Any) -> bool:
        seen.append(threading.get_ident())
        return bool(verify(*arguments))

    monkeypatch.setattr(PasswordHasher, "verify", look)

    is_right(hash_password("a long enough one"), "a long enough one")

    assert seen
    assert seen != [threading.get_ident()]


@pytest.mark.parametrize(
    "password",
    [
        *("", "short", "ninechars", "1234567890", "Password123", "qwertyuiop", "aaaaaaaaaaaa", "ababababab"),
        *("Ada Lovelace", "ada lovelace", "ADA LOVELACEada lovelace", "x" * 501),
    ],
)
def test_what_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(WeakPasswordError):
        refuse_weak(password, "Ada Lovelace")


@pytest.mark.parametrize("password", ["a few words", "          .,.", "пароль из слов", "x9$kL2!pQw", "z y" * 100])
def test_what_it_is_made_of_is_nobodys_business(password: str) -> None:
    refuse_weak(password, "Ada Lovelace")


def test_the_common_ones_are_long_enough_to_matter() -> None:
    assert {word for word in passwords.COMMON if len(word) < passwords.SHORTEST} == set()
