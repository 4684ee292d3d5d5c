"""One-time codes: short enough to be typed, long enough that nobody finds one by trying (80 bits)."""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: nothing in it looks like something else."""
GROUPS, GROUP = 4, 4
LOOK_ALIKE = str.maketrans("OIL", "011", "- \t\u2010\u2011\u2013")


def new_code() -> str:
    """Make one, as it is shown: ``7KQF-3M2P-XW4D-90HT``."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))


def tidy(typed: str) -> str:
    """Give a code as it was made from how somebody typed it; what is no code stays none."""
    letters = typed.strip()[:100].upper().translate(LOOK_ALIKE)
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))
