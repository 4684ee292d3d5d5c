"""The Jellyfin of the demo, over real HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.serving import make_server

from demo.jellyfin.api import create_app
from demo.mischief import spoil
from demo.stack import QuietHandler
from demo.world import World


@contextmanager
def jellyfin_server(world: World) -> Iterator[str]:
    """Serve the Jellyfin of a world on a free port; gives its address."""
    app = spoil(create_app(world), world.mischief["jellyfin"])
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
