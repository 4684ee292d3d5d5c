"""Secrets that nobody set: made once, and kept in DATA_DIR readable for us alone."""

from __future__ import annotations

import os
import secrets
import tempfile
from dataclasses import replace
from pathlib import Path

from flaskapp.config import Settings, SettingsError


def with_secrets(settings: Settings) -> Settings:
    """Fill absent secrets from DATA_DIR, where they are made once and kept readable for us alone."""
    return replace(
        settings,
        secret_key=settings.secret_key or _kept(settings.data_dir / "secret_key"),
        webhook_token=settings.webhook_token or _kept(settings.data_dir / "webhook_token"),
        read_key=settings.read_key or _kept(settings.data_dir / "read_key"),
    )


def _kept(path: Path) -> str:
    try:
        if not path.exists():
            _keep(path, secrets.token_urlsafe(32))
        secret = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        raise SettingsError(f"DATA_DIR can't keep its {path.name} file ({type(error).__name__}).") from None
    if len(secret) < 16:
        raise SettingsError(f"The {path.name} file in DATA_DIR is too short: delete it and a new one is made.")
    return secret


def _keep(path: Path, secret: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mkstemp: mode 0600
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secret + "\n")
    try:
        os.link(draft, path)  # atomic, and never over a secret that another start has just made
    except FileExistsError:
        return
    except OSError:
        Path(draft).replace(path)  # network shares and FAT know no links
        return
    finally:
        Path(draft).unlink(missing_ok=True)
