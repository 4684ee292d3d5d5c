"""Plays a life on a world of its own, with a board that listens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from demo.webhook import Post
from demo.world import TICK, World
from tests.demo.recorder import NOON
from tests.laws.board import URL, Board
from tests.laws.lives import Life
from tests.laws.outcome import Outcome, outcome
from tests.laws.post import Fate, Prompt, Unreliable
from tests.laws.rooms import Rooms
from tests.laws.steps import Wait

PASS = 600.0
"""Seconds of one complete pass: an absence is believed after five minutes, and some things are looked for as often."""
LOOK = 5.0
"""Seconds in which every service is asked again, and what its answers lead to."""
DAY = 25 * 3600.0
"""Seconds; longer than any trouble waits before it is told, or told otherwise."""


def in_order(rooms: Rooms, life: Life) -> Outcome:
    """Deliver every webhook at once, then let the board read everything."""
    post = Prompt()
    world = _house(rooms, post)
    with Board.open(rooms, world) as board:
        post.receive = board.receive
        for step in life:
            if isinstance(step, Wait):
                world.advance(step.seconds)
            else:
                step.act(world)
        return _end(world, board)


def _house(rooms: Rooms, post: Post) -> World:
    """Give a house whose services have been up for long."""
    world = World(NOON, post)
    world.connect(URL, rooms.settings.webhook_token)
    for arr in world.arrs.values():
        arr.books.started_at = NOON - timedelta(hours=1)
    return world


def _end(world: World, board: Board) -> Outcome:
    """Read everything; and once more days later, when every patience is over and troubles are told."""
    for arr in world.arrs.values():
        arr.queue.refresh()  # it looks once a minute, and from here on the world stands still
    for torrent in world.qbittorrent.torrents.values():
        torrent.is_checking = False  # a check ends by itself; how far it was before, only who saw it knows meanwhile
    board.read_everything(PASS)
    soon = {name: value for name, value in outcome(board).items() if not name.endswith(" trouble")}
    for _ in range(2):  # what is found on the first day may begin a patience of its own
        board.sleep(DAY)
        board.read_everything(LOOK)
    return soon | {f"{name}, days later": value for name, value in outcome(board).items()}


@dataclass
class Mangling:
    """What becomes of webhooks, by their names; ``is_reading``: the board asks meanwhile, as it does in life."""

    fate_of: Callable[[str], Fate]
    is_reading: bool
    transcript: list[str] = field(default_factory=list)


def mangled(rooms: Rooms, life: Life, mangling: Mangling) -> Outcome:
    """Lose, delay and double webhooks, then let the board read everything."""
    post = Unreliable(lambda: world.clock, lambda name: _fate(world, name, mangling))
    world = _house(rooms, post)
    with Board.open(rooms, world) as board:
        post.receive = board.receive
        for step in life:
            mangling.transcript.append(f"{world.clock.now:%M:%S} {step}")
            if not isinstance(step, Wait):
                step.act(world)
                continue
            for _ in range(int(step.seconds / TICK)):
                world.advance(TICK)
                post.deliver_due(world.clock.now)
                if mangling.is_reading:
                    board.turn()
        post.deliver_due()
        return _end(world, board)


def _fate(world: World, name: str, mangling: Mangling) -> Fate:
    fate = mangling.fate_of(name)
    how = ", ".join(f"after {seconds} s" if seconds else "in time" for seconds in fate) or "lost"
    mangling.transcript.append(f"{world.clock.now:%M:%S}     {name}: {how}")
    return fate
