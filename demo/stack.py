"""The services as servers on free loopback ports, in this process."""

from __future__ import annotations

import threading
from collections import Counter
from functools import partial

from flask import Flask, request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from demo.jellyfin import api as jellyfin
from demo.mischief import spoil
from demo.qbittorrent import api as qbittorrent
from demo.seerr import api as seerr
from demo.servarr.api import API_KEY as SERVARR_KEY
from demo.servarr.apps import create_radarr, create_sonarr
from demo.world import World

HOST = "127.0.0.1"


class QuietHandler(WSGIRequestHandler):
    """Answers without a line in the log for each question."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def create_apps(world: World) -> dict[str, Flask]:
    """Build the services over one world; SABnzbd is asked by nobody but Radarr and Sonarr."""
    apps = {
        "seerr": seerr.create_app(world),
        "radarr": create_radarr(world),
        "sonarr": create_sonarr(world),
        "radarr_4k": create_radarr(world, world.radarr_4k),
        "sonarr_4k": create_sonarr(world, world.sonarr_4k),
        "jellyfin": jellyfin.create_app(world),
        "qbittorrent": qbittorrent.create_app(world),
    }
    return {name: spoil(app, world.mischief[name]) for name, app in apps.items()}


class Stack:
    """Serves a world until it is stopped; ``calls`` counts the questions to each service by their address."""

    def __init__(self, world: World) -> None:
        self.calls: Counter[tuple[str, str]] = Counter()
        apps = create_apps(world)
        for name, app in apps.items():
            app.before_request(partial(self._count, name))
        self._servers = {
            name: make_server(HOST, 0, app, threaded=True, request_handler=QuietHandler) for name, app in apps.items()
        }
        self._threads = [
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, name=name, daemon=True)
            for name, server in self._servers.items()
        ]
        self.urls = {name: _url(server) for name, server in self._servers.items()}
        world.gallery.base = self.urls["seerr"]

    def _count(self, service: str) -> None:
        """Count a question, by the rule of its address."""
        self.calls[service, str(request.url_rule or request.path)] += 1

    def start(self) -> None:
        """Begin to answer."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Answer no more, and leave no thread or socket behind."""
        for server in self._servers.values():
            server.shutdown()
        for thread in self._threads:
            thread.join()
        for server in self._servers.values():
            server.server_close()

    def environ(self) -> dict[str, str]:
        """Give the settings that lead a board to these services."""
        arrs = ("radarr", "sonarr", "radarr_4k", "sonarr_4k")
        return {
            "SEERR_URL": self.urls["seerr"],
            "SEERR_API_KEY": seerr.API_KEY,
            **{f"{name.upper()}_URL": self.urls[name] for name in arrs},
            **{f"{name.upper()}_API_KEY": SERVARR_KEY for name in arrs},
            "JELLYFIN_URL": self.urls["jellyfin"],
            "JELLYFIN_API_KEY": jellyfin.API_KEY,
            "QBITTORRENT_URL": self.urls["qbittorrent"],
            "QBITTORRENT_USERNAME": qbittorrent.USERNAME,
            "QBITTORRENT_PASSWORD": qbittorrent.PASSWORD,
        }


def _url(server: BaseWSGIServer) -> str:
    return f"http://{HOST}:{server.server_port}"
