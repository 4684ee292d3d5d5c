"""Where the revision was: see ``models/revision.py``."""

from flaskapp.models.revision import read_revision, touch

__all__ = ["read_revision", "touch"]
