"""The WSGI entry point; importing it starts nothing."""

from __future__ import annotations

from flaskapp import create_app
from flaskapp.config import SettingsError

try:
    app = create_app()
except SettingsError as error:
    raise SystemExit(f"Arrivarr does not start: {error}") from None
