"""A proxy in front signs people in and names them in headers, which only a trusted one can set."""

from __future__ import annotations

from collections.abc import Callable

from flaskapp.access.accounts import Identity
from flaskapp.config import Settings
from flaskapp.domain.provider import Provider


def identify(settings: Settings, header: Callable[[str], str | None]) -> Identity | None:
    """Give the person whom a trusted proxy names; None when it names nobody, or more than one.

    Whoever calls this has taken the headers of all others off before.
    """
    name = _text(header(settings.proxy_user_header))
    if not name or "," in name:  # a header that came twice: one of them may be the visitor's own
        return None
    groups = [group.strip() for group in _text(header(settings.proxy_groups_header)).split(",")]
    return Identity(
        provider=Provider.PROXY,
        subject=name,
        name=name,
        email=_text(header(settings.proxy_email_header)),
        is_admin=settings.admin_group in groups if settings.admin_group else None,
    )


def _text(value: str | None) -> str:
    """Read a header as proxies write it: in UTF-8, which WSGI hands on byte by byte."""
    raw = (value or "").strip()
    try:
        return raw.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return raw
