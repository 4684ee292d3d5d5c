"""The app with room for more streams than one process lets in by default."""

from __future__ import annotations

from dataclasses import replace

from flaskapp import create_app

app = create_app()
app.extensions["hub"].limits = replace(app.extensions["hub"].limits, streams=5000)
