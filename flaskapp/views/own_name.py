"""Where only this machine may look and nobody signs in, only its own names lead to the board.

Any page in the web can give its own name the address 127.0.0.1 afterwards; a browser of this machine would then show it
the board as if it were a part of that page (DNS rebinding). What gives it away is the name in ``Host``.
"""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import Forbidden

from flaskapp.config import Settings
from flaskapp.views.forwarded import parse_address


def is_called_by_another(settings: Settings) -> bool:
    """Tell whether a board that is open to this machine alone was called by a name of elsewhere."""
    return settings.auth == "none" and not settings.auth_none_ok and not is_own(request.host)


def refuse_others(settings: Settings) -> None:
    """Raise when the board was called by a name that is not its own, and say what may be done."""
    if is_called_by_another(settings):
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
