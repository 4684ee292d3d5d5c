"""The real servers are shared by several folders of tests."""

from __future__ import annotations

from tests.server.qbittorrent import leecher

__all__ = ["leecher"]
