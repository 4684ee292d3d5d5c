"""Which version this is: of the program, in words for people, and of the scripts that a page comes with."""

from __future__ import annotations

import hashlib
from pathlib import Path

VERSION = "0.1.0"
"""Of the program, as pyproject.toml says it."""


def version(folder: Path) -> str:
    """Give a short word that differs whenever a script in ``folder`` does, and with it the worker of the tabs."""
    scripts = b"".join(path.read_bytes() for path in sorted(folder.glob("*.js")))
    return hashlib.sha256(scripts).hexdigest()[:12]
