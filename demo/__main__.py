"""``python -m demo``: the board with a made-up media server behind it."""

from __future__ import annotations

import logging
import secrets
import signal
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from tempfile import TemporaryDirectory

import click

from demo.board import Board, BoardError
from demo.scenario import LENGTH, Play
from demo.stack import Stack
from demo.webhook import HttpPost
from demo.world import World

STEP = 0.25
"""Real seconds between two moves of the world."""


@click.command()
@click.option("--port", default=2774, envvar="PORT", show_default=True, help="Port of the board.")
@click.option("--speed", default=1.0, show_default=True, help="How many seconds of the play pass in one.")
@click.option("--once", is_flag=True, help="End after the play instead of going on until Ctrl-C.")
def main(port: int, speed: float, *, once: bool) -> None:
    """Show the board at work, with a made-up media server behind it and a database of its own."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    for ending in (signal.SIGTERM, signal.SIGHUP):
        # A plain end would leave the board behind.
        signal.signal(ending, signal.default_int_handler)
    with ExitStack() as house:
        try:
            _show(house, port, speed, LENGTH if once else None)
        except BoardError as error:
            raise click.ClickException(str(error)) from None
        except KeyboardInterrupt:
            click.echo("\n  The demo is over, and its database is gone.")


def _show(house: ExitStack, port: int, speed: float, length: float | None) -> None:
    """Open the house; it is closed in reverse: what is on its way is delivered before the board goes."""
    post = HttpPost()
    world = World(datetime.now(UTC), post)
    stack = Stack(world)
    stack.start()
    house.callback(stack.stop)
    folder = house.enter_context(TemporaryDirectory(prefix="arrivarr-demo-"))
    token = secrets.token_urlsafe(16)
    board = Board(port, {**stack.environ(), "DATA_DIR": folder, "WEBHOOK_TOKEN": token})
    house.callback(board.stop)
    house.callback(post.close)
    board.start()
    click.echo(f"\n  Demo: open {board.url}/ and watch for three minutes. Ctrl-C ends it.\n")
    world.connect(board.url, token)
    Play(world).begin()
    _run(world, speed, length)


def _run(world: World, speed: float, length: float | None) -> None:
    """Move the world on in real time, for so many seconds of the world or for ever."""
    began = last = time.monotonic()
    while length is None or (last - began) * speed < length:
        time.sleep(STEP)
        now = time.monotonic()
        world.advance((now - last) * speed)
        last = now


if __name__ == "__main__":
    main()
