"""The private links of a request, as its page shows them to those who may make and revoke them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import current_app, request

from flaskapp.access.gate import Gate
from flaskapp.access.links import links_of
from flaskapp.access.seal import Seal
from flaskapp.extensions import db
from flaskapp.models import Link, MediaRequest
from flaskapp.views.door import known_viewer


@dataclass(frozen=True)
class ShownLink:
    """A link that counts; its address is None when another ``SECRET_KEY`` has sealed it."""

    id: int
    address: str | None
    created_at: datetime
    opened_at: datetime | None


def shown_links(media_request: MediaRequest) -> list[ShownLink] | None:
    """Give the links of a request; None for who sees it and may not share it."""
    if not may_share(media_request):
        return None
    return [
        ShownLink(link.id, address_of(link), link.created_at, link.opened_at)
        for link in links_of(db.session(), media_request.id)
    ]


def may_share(media_request: MediaRequest) -> bool:
    """Tell whether whoever asks is an admin, or has asked for it in Seerr."""
    gate: Gate = current_app.extensions["gate"]
    return gate.owns(known_viewer(), media_request.requester_id)


def address_of(link: Link) -> str | None:
    """Write its address as this browser reached us."""
    seal: Seal = current_app.extensions["seal"]
    token = seal.unseal(link.sealed_token)
    return None if token is None else f"{request.url_root.rstrip('/')}/l/{token}"
