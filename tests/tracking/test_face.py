"""What stands on a drawn poster."""

from __future__ import annotations

import pytest

from flaskapp.tracking.face import initials


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Metropolis", "M"),
        ("The General", "TG"),
        ("Night of the Living Dead", "NO"),
        ("häxan", "H"),
        ("(500) Days", "5D"),
        ("\u202eevil title", "ET"),
        ("…And Justice", "AJ"),
        ("!!!", "?"),
        ("", "?"),
    ],
)
def test_initials(title: str, expected: str) -> None:
    assert initials(title) == expected
