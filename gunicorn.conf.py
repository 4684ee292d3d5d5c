"""How gunicorn serves Arrivarr: gevent workers, background work beside it, and a clean leave."""

from __future__ import annotations

import _socket
import gc
import logging
import os
import re
import resource
import socket
import sys
from contextlib import closing, suppress
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any
from weakref import WeakSet

import gevent

gevent.config.track_greenlet_tree = False  # who started which greenlet: kept for each, and nobody asks


def _load_settings() -> Any:
    # By its path: `import flaskapp` would bring flask, requests and ssl in before gevent patches them.
    loader = SourceFileLoader("arrivarr_config", str(Path(__file__).parent / "flaskapp" / "config.py"))
    config: Any = ModuleType(loader.name)
    sys.modules[loader.name] = config  # dataclasses look their module up by name
    loader.exec_module(config)
    try:
        return config.Settings.from_environ(os.environ)
    except config.SettingsError as error:
        raise SystemExit(f"Arrivarr does not start: {error}") from None


settings = _load_settings()

bind = settings.bind
workers = settings.web_concurrency
worker_class = "stream_worker.StreamWorker"
worker_connections = 1000  # pages, webhooks and streams share them; the hub keeps 200 free of streams
keepalive = 5  # also how long a client may take to send its headers; 0 would be for ever
graceful_timeout = 10
timeout = 30
preload_app = False  # the app has to be imported after gevent has patched, in the worker
limit_request_line = 4094  # bytes of method, address and query
limit_request_fields = 60
limit_request_field_size = 8190
http_protocols = "h1"  # this worker serves the streams of one HTTP/2 connection one after another
control_socket_disable = True
# flaskapp/views/forwarded.py alone decides whose word about a visitor counts; gunicorn would believe this machine.
forwarded_allow_ips = forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
header_map = "drop"  # Remote_User would be read as Remote-User
loglevel = settings.log_level.lower()
access_log_format = '%(h)s %(t)s "%(m)s %(U)s" %(s)s %(b)s %(L)s'  # no query and no Referer, which may hold a token
proc_name = "arrivarr"

FILES = worker_connections + 200
"""One per connection, and what the database, the log and questions to upstreams need."""
SETTLED = {"workers": workers, "worker_class_str": worker_class, "preload_app": False}
"""What the command line must not change: settings were checked for so many workers, and only gevent carries streams."""
WORDS_OF_VISITORS = re.compile(r"((?:Invalid request|Error handling request)[^?'\"]*).*", re.DOTALL)
"""What gunicorn quotes of a request that it can't read or answer may hold a token."""
PRIVATE_LINK = re.compile(r"/l/[^/\s\"]+")
"""Whoever has this address sees the request."""


def without_secrets(record: logging.LogRecord) -> bool:
    """Cut what may be a secret out of a line of gunicorn's logs."""
    text = WORDS_OF_VISITORS.sub(r"\1…", record.getMessage())
    record.msg, record.args = PRIVATE_LINK.sub("/l/…", text), ()
    return True


def on_starting(server: Any) -> None:
    """Refuse to start in a way that would look well and lose events."""
    for name in ("gunicorn.error", "gunicorn.access"):
        logging.getLogger(name).addFilter(without_secrets)
    for name, needed in SETTLED.items():
        if getattr(server.cfg, name) != needed:
            raise SystemExit(f"Arrivarr does not start: {name.removesuffix('_str')} has to be {needed}.")
    _allow_files()


def _allow_files() -> None:
    # When files run out, gunicorn stops accepting without a word a person would understand.
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= FILES:
        return
    if hard != resource.RLIM_INFINITY and hard < FILES:
        raise SystemExit(f"Arrivarr does not start: it may open {hard} files and needs {FILES} (ulimit -n).")
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, hard))


def post_fork(server: Any, worker: Any) -> None:
    """Let the worker import the app without looking for garbage, which was an eighth of its start: nearly all stays."""
    gc.disable()


def post_worker_init(worker: Any) -> None:
    """Start the background work, and watch for the moment to leave."""
    gc.enable()
    gc.collect()
    gc.freeze()  # what is there now stays: looking through it again and again took a quarter of the work of a request
    worker.app.wsgi().extensions["background"].start()
    gevent.spawn(_leave_in_time, worker)


def _leave_in_time(worker: Any) -> None:
    # No hook runs on SIGTERM, HUP or max_requests, they only set this flag; open streams would hold the worker up.
    while worker.alive:
        gevent.sleep(0.1)
    leave(worker)


def leave(worker: Any) -> None:
    """Tell every browser, stop the background work, and wake connections that wait for nothing."""
    worker.app.wsgi().extensions["hub"].close("stopping")
    worker.app.wsgi().extensions["background"].stop()
    for connection in list(idle):
        _stop_waiting(connection)


def worker_int(worker: Any) -> None:
    """Leave in the same way on Ctrl-C."""
    leave(worker)
    # gunicorn exits right after this hook, from another greenlet than its own loop. Left alone for a moment that loop
    # ends by itself, without a traceback.
    gevent.sleep(3)


idle: WeakSet[socket.socket] = WeakSet()
"""Connections kept alive between two requests; each would hold a leaving worker up for `keepalive` seconds."""


def _stop_waiting(connection: socket.socket) -> None:
    # Past gevent, which would wake the waiting greenlet with an error. A request that has arrived is still served.
    with suppress(OSError), closing(_socket.socket(fileno=os.dup(connection.fileno()))) as plain:
        plain.shutdown(socket.SHUT_RD)


def pre_request(worker: Any, req: Any) -> None:
    """Note that a connection is in use."""
    idle.discard(req.unreader.sock)


def post_request(worker: Any, req: Any, environ: dict[str, Any], resp: Any) -> None:
    """Note that a connection waits for its next request."""
    if "gunicorn.socket" in environ:
        idle.add(environ["gunicorn.socket"])
