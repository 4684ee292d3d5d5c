"""What every answer tells a browser to refuse: foreign code, foreign frames, foreign readers, and copies in a cache."""

from __future__ import annotations

from flask import Flask, Response, request

OURS = ("script", "style", "img", "font", "connect", "worker", "manifest")
POLICY = "; ".join(
    (
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in OURS),
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""Content-Security-Policy: files of our own and nothing else, so that no text from outside can become a script."""
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that don't know frame-ancestors
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""A view that says one of these itself knows better: pictures and scripts may be kept."""
OVER_TLS = {
    "Strict-Transport-Security": "max-age=31536000",  # this host alone: its neighbours may have no certificate
    "Cross-Origin-Opener-Policy": "same-origin",  # over plain http browsers ignore it and complain
}


def register(app: Flask) -> None:
    """Put them on every answer of an app: pages, errors, files and streams."""
    app.after_request(_add)


def _add(response: Response) -> Response:
    said = {name.lower() for name, _ in response.headers}  # asked once: each look at the headers goes through all
    refusals = ALWAYS | OVER_TLS if request.is_secure else ALWAYS
    response.headers.extend([(name, value) for name, value in refusals.items() if name.lower() not in said])
    return response
