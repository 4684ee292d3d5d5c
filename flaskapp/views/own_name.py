"""Where only this machine may look and nobody signs in, only its own names lead to the board.

Any page in the web can give its own name the address 127.0.0.1 afterwards; a browser of this machine would then show it
the board as if it were a part of that page (DNS rebinding). What gives it away is the name in ``Host``.
"""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import Forbidden

from flaskapp.config import Settings
from flaskapp.views.forwarded import parse_address


def refuse_foreign_names(settings: Settings) -> None:
    """Raise when a board that is open to this machine alone is called by a name of elsewhere."""
    if settings.auth != "none" or settings.auth_none_ok or is_own(request.host):
        return
    raise Forbidden(
        "This board is open to this machine alone, and answers only to names such as localhost and 127.0.0.1. "
        "Behind a proxy that guards it, set AUTH_NONE_OK=yes."
    )


def is_own(host: str) -> bool:
    """Tell whether a ``Host`` names this machine, with a port or without."""
    inside, is_ipv6, _ = host.lower().removeprefix("[").partition("]")
    name = inside if is_ipv6 else inside.partition(":")[0].rstrip(".")
    address = parse_address(name)
    return address.is_loopback if address else name == "localhost" or name.endswith(".localhost")
