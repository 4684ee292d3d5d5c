"""gunicorn's gevent worker, with a shorter way to the connection for event streams.

gunicorn loads this file before gevent has patched, so it imports nothing of the app.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from gevent import socket
from gunicorn.workers.ggevent import GeventWorker

KEPT = ("wsgi.file_wrapper", "REQUEST_METHOD", "RAW_URI", "SERVER_PROTOCOL", "REMOTE_ADDR")
"""What gunicorn looks up before it iterates, and in its access log when the answer is over."""
SPENT: dict[str, Any] = {"headers": ()}
"""All that the request of a stream still says, one for all of them: nobody writes to it any more."""


class StreamWorker(GeventWorker):  # type: ignore[misc]  # gunicorn has no types
    """Lets a stream write its chunks itself, and frees what an idle stream no longer needs."""

    def load_wsgi(self) -> None:
        """Stand between the server and the app."""
        super().load_wsgi()
        self.wsgi = partial(respond, self.wsgi)


def respond(app: Callable[..., Iterable[bytes]], environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer a request; a stream that nobody has wrapped gets its connection, where that speaks plain HTTP/1.1."""
    body = app(environ, start_response)
    response, sock = start_response.__self__, environ.get("gunicorn.socket")
    if hasattr(body, "ride") and response.chunked and type(sock) is socket.socket:
        try:
            _ride(body, environ, response)
        except BaseException:
            body.close()  # gunicorn does not know it yet
            raise
    return body


def _ride(body: Any, environ: dict[str, Any], response: Any) -> None:
    response.force_close()
    request, head = response.req, _head(response)
    kept = {name: environ[name] for name in KEPT if name in environ}
    sock = environ["gunicorn.socket"]
    environ.clear()
    environ.update(kept)
    request.unreader.buf = None
    request.__dict__, response.headers = SPENT, ()
    # The head leaves together with the greeting, and each piece is framed already: gunicorn has nothing to add to it.
    response.headers_sent = True
    response.write = body.ride(sock, head)


def _head(response: Any) -> bytes:
    lines = [*response.default_headers(), *(f"{name}: {value}\r\n" for name, value in response.headers), "\r\n"]
    return "".join(lines).encode("latin-1")
