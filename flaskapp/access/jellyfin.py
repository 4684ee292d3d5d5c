"""People sign in with their name and password of Jellyfin; its administrators are admins here."""

from __future__ import annotations

import logging
from datetime import datetime

from flaskapp.access.accounts import Identity, account_of
from flaskapp.clients.http import ClientError
from flaskapp.clients.jellyfin_sign_in import RefusedError, authenticate
from flaskapp.domain.provider import Provider

log = logging.getLogger(__name__)


def account_by_password(url: str, name: str, password: str, now: datetime) -> int | None:
    """Give the number of whoever signs in; None for somebody whom Jellyfin refuses or who is barred here.

    Any other ``ClientError`` says that Jellyfin can't be asked now. Needs an application context. Jellyfin tells by 403
    that an account exists, so nobody is told more than that it did not work.
    """
    try:
        identity = identify(url, name, password)
    except RefusedError as refused:
        log.info("Nobody was signed in: %s", refused)
        return None
    return account_of(identity, now)


def identify(url: str, name: str, password: str) -> Identity:
    """Ask Jellyfin who somebody is; raises as ``authenticate`` does."""
    user = authenticate(url, name, password)
    user_id, called, policy = user.get("Id"), user.get("Name"), user.get("Policy")
    if not isinstance(user_id, str) or not user_id or not isinstance(called, str) or not isinstance(policy, dict):
        raise ClientError("Jellyfin does not say who signed in: is its address right?")
    return Identity(
        provider=Provider.JELLYFIN,
        subject=user_id.replace("-", "").lower(),
        name=called,
        is_admin=policy.get("IsAdministrator") is True,
    )
