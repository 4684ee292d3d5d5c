"""Services as somebody enters them."""

from __future__ import annotations

from flaskapp.upstreams import Upstream


def entered(source: str, url: str, api_key: str = "k3y-of-the-house", username: str = "") -> Upstream:
    """Give a service as it stands on a form."""
    return Upstream(source=source, instance=source, name=source, url=url, api_key=api_key, username=username)
