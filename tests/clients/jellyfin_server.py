"""The Jellyfin of the demo, over real HTTP."""

from __future__ import annotations

from contextlib import AbstractContextManager

from demo.jellyfin.api import create_app
from demo.mischief import spoil
from demo.world import World
from tests.listening import listening


def jellyfin_server(world: World) -> AbstractContextManager[str]:
    """Serve the Jellyfin of a world on a free port; gives its address."""
    return listening(spoil(create_app(world), world.mischief["jellyfin"]))
