"""The same play twice at a time: once as it should be, and once with a bad post and a board that is restarted."""

from __future__ import annotations

import socket
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime

import click

from demo.board import HOST, Board
from demo.household import Household, household
from demo.pace import Cue, move
from demo.scenario import LENGTH, Play
from demo.verdict import Side, compare, look

SEED = 13
QUIET = {"LOG_LEVEL": "WARNING"}
"""Two boards that tell of everything are not understood."""
RESTARTS = ((62.0, 70.0), (118.0, 126.0))
"""When the board goes and when it comes back, in seconds of the play."""


def stand_trial(port: int, speed: float) -> bool:
    """Play both, tell whether the boards end alike."""
    now = datetime.now(UTC)
    with household(_free_port(), now, None, QUIET) as good, household(port, now, SEED, QUIET) as bad:
        click.echo(
            f"\n  Demo with chaos: open {bad.board.url}/ and watch. Half of all webhooks get lost, the others come"
        )
        click.echo("  twice and out of order, and the board is restarted twice. A second board is spared all that.\n")
        for house in (good, bad):
            Play(house.world).begin()
        with ThreadPoolExecutor(1) as hand:
            errands: list[Future[None]] = []
            move((good.world, bad.world), speed, LENGTH, _restarts(bad.board, hand, errands))
        for errand in errands:
            errand.result()
        return _judge(good, bad)


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _restarts(board: Board, hand: ThreadPoolExecutor, errands: list[Future[None]]) -> list[Cue]:
    """Let somebody stop and start the board; the world does not wait for it."""

    def let(act: Callable[[], None]) -> Callable[[], None]:
        return lambda: errands.append(hand.submit(act))

    return [cue for leaves, returns in RESTARTS for cue in ((leaves, let(board.stop)), (returns, let(board.start)))]


def _judge(good: Household, bad: Household) -> bool:
    """Say how it ended."""
    if bad.chaos is not None:
        bad.chaos.flush()
        click.echo(f"  The play is over: {bad.chaos.lost} webhooks were lost, {bad.chaos.sent} came twice.")
    click.echo("  Waiting until both boards have read everything ...")
    found = compare(Side(good.board.url, good.world), Side(bad.board.url, bad.world))
    for line in found:
        click.echo(f"  They differ: {line}")
    if not found:
        click.echo(f"  Both boards say the same of all {len(look(bad.board.url))} requests.\n")
    return not found
