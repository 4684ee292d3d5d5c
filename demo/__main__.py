"""``python -m demo``: the board with a made-up media server behind it."""

from __future__ import annotations

import logging
import signal
from datetime import UTC, datetime

import click

from demo.board import BoardError
from demo.household import household
from demo.pace import move
from demo.scenario import LENGTH, Play
from demo.trial import stand_trial


@click.command()
@click.option("--port", default=2774, envvar="PORT", show_default=True, help="Port of the board.")
@click.option("--speed", default=1.0, show_default=True, help="How many seconds of the play pass in one.")
@click.option("--once", is_flag=True, help="End after the play instead of going on until Ctrl-C.")
@click.option("--chaos", is_flag=True, envvar="CHAOS", help="Lose webhooks, restart the board, and compare the end.")
def main(port: int, speed: float, *, once: bool, chaos: bool) -> None:
    """Show the board at work, with a made-up media server behind it and a database of its own."""
    # That webhooks get lost is no news in chaos.
    logging.basicConfig(level=logging.ERROR if chaos else logging.WARNING, format="%(message)s")
    for ending in (signal.SIGTERM, signal.SIGHUP):
        # A plain end would leave the board behind.
        signal.signal(ending, signal.default_int_handler)
    try:
        is_good = stand_trial(port, speed) if chaos else _show(port, speed, LENGTH if once else None)
    except BoardError as error:
        raise click.ClickException(str(error)) from None
    except KeyboardInterrupt:
        click.echo("\n  The demo is over, and its database is gone.")
    else:
        raise SystemExit(0 if is_good else 1)


def _show(port: int, speed: float, length: float | None) -> bool:
    """Let the play be watched."""
    with household(port, datetime.now(UTC)) as house:
        click.echo(f"\n  Demo: open {house.board.url}/ and watch for three minutes. Ctrl-C ends it.\n")
        Play(house.world).begin()
        move((house.world,), speed, length)
    return True


if __name__ == "__main__":
    main()
