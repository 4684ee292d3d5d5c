"""A world, its services and the board that watches them: opened and closed as one."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryDirectory

from demo.board import Board
from demo.chaos import Chaos
from demo.stack import Stack
from demo.webhook import HttpPost
from demo.world import World


@dataclass(frozen=True)
class Household:
    """An open house; ``chaos`` is None where the post is good."""

    world: World
    board: Board
    chaos: Chaos | None


@contextmanager
def household(
    port: int, now: datetime, seed: int | None = None, settings: Mapping[str, str] | None = None
) -> Iterator[Household]:
    """Open a house with a database of its own; with a seed, its post is a bad one.

    It is closed in reverse: what is on its way is delivered before the board goes.
    """
    with ExitStack() as exits:
        post = HttpPost()
        chaos = None if seed is None else Chaos(post, seed)
        world = World(now, chaos or post)
        stack = Stack(world)
        stack.start()
        exits.callback(stack.stop)
        folder = exits.enter_context(TemporaryDirectory(prefix="arrivarr-demo-"))
        token = secrets.token_urlsafe(16)
        own = {"DATA_DIR": folder, "WEBHOOK_TOKEN": token}
        board = Board(port, {**stack.environ(), **own, **(settings or {})})
        exits.callback(board.stop)
        exits.callback(post.close)
        board.start()
        world.connect(board.url, token)
        yield Household(world, board, chaos)
