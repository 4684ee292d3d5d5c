"""Jellyfin asked who somebody is. No session of ours stays there: it would count towards theirs."""

from __future__ import annotations

import logging
import secrets
from contextlib import closing

from flaskapp.clients.http import Client, ClientError

log = logging.getLogger(__name__)

WHO = 'MediaBrowser Client="Arrivarr", Device="Arrivarr", DeviceId="{device}", Version="1"'
"""All four have to be there, and nothing may need encoding."""
REFUSALS = {
    401: "Jellyfin does not know this name with this password.",
    403: "Jellyfin does not let this account in now: it may be disabled, or not allowed from here or at this hour.",
}


class RefusedError(ClientError):
    """Jellyfin works, and does not let this person in."""


def authenticate(url: str, name: str, password: str) -> dict[str, object]:
    """Give Jellyfin's user object of somebody by name and password, which may be empty.

    A refusal is a ``RefusedError``; any other ``ClientError`` says that Jellyfin can't be asked now. Jellyfin counts
    wrong passwords and may disable the account: whoever calls this has throttled before.
    """
    # The same device again would sign out another browser of the same person.
    who = WHO.format(device=secrets.token_hex(16))
    with closing(Client("Jellyfin", url, {"Authorization": who}, most=2**20)) as client:
        answer = client.send("POST", "Users/AuthenticateByName", resource={"Username": name, "Pw": password})
        if answer.status in REFUSALS:
            raise RefusedError(REFUSALS[answer.status])
        told = client.read_json(answer)
    user, token = (told.get("User"), told.get("AccessToken")) if isinstance(told, dict) else (None, None)
    if not isinstance(user, dict) or not isinstance(token, str):
        raise ClientError("Jellyfin answered a sign-in with something else: is its address right?")
    _sign_out(url, who, token)
    return user


def _sign_out(url: str, who: str, token: str) -> None:
    """End the session that Jellyfin opened; if that fails the person is signed in all the same."""
    if not token.isalnum():
        return
    with closing(Client("Jellyfin", url, {"Authorization": f'{who}, Token="{token}"'}, most=2**20)) as client:
        try:
            client.expect_good(client.send("POST", "Sessions/Logout"))
        except ClientError as error:
            log.warning("A session stays open in Jellyfin after a sign-in: %s", error)
