"""Which version of the scripts a page comes with: the worker that tabs share is another one after an update."""

from __future__ import annotations

import hashlib
from pathlib import Path


def version(folder: Path) -> str:
    """Give a short word that differs whenever a script in ``folder`` does."""
    scripts = b"".join(path.read_bytes() for path in sorted(folder.glob("*.js")))
    return hashlib.sha256(scripts).hexdigest()[:12]
