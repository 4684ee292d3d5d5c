"""What an ingest committed: ids and numbers, never a row."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Measured:
    """New numbers of a request, and whose it is: progress 0…100, eta seconds or -1, speed bytes/s."""

    request_id: int
    requester_id: int | None
    progress: int
    eta: int
    speed: int


@dataclass
class Recorded:
    """The ids of the ``Change`` rows in the order of their commit, and the requests with new numbers.

    ``turn`` is the place of the transaction among those of all processes, 0 where there is only one.
    """

    change_ids: list[int] = field(default_factory=list)
    measured: list[Measured] = field(default_factory=list)
    turn: int = 0
