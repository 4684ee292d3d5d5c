"""What is handed to browsers: frames, and batches of them, joined once for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from flaskapp.domain.audience import Audience
from flaskapp.live import sse


@dataclass(frozen=True, slots=True)
class Frame:
    """Bytes on the wire, encoded once for all; ``n`` is the id of its change, ``progress_of`` a request.

    What speaks of a request names it, and the ``requester_id`` of whose it is: only they get it, besides those who
    see all. What names none is for everybody.
    """

    data: bytes
    n: int | None = None
    progress_of: int | None = None
    request_id: int | None = None
    requester_id: int | None = None

    def is_for(self, audience: Audience) -> bool:
        """Say whether somebody may get it."""
        return self.request_id is None or audience.sees(self.request_id, self.requester_id)

    def without_card(self) -> Frame:
        """Leave out the card: it was drawn for the household, with a name on it and ways into the board."""
        return self if self.n is None else replace(self, data=sse.without(self.data, "card"))


class Batch:
    """Frames that leave together, in order; of each request only the newest progress.

    ``at`` is when the oldest was published, in seconds of a monotonic clock.
    """

    def __init__(self, frames: Sequence[Frame], at: float) -> None:
        newest = {frame.progress_of: frame for frame in frames}
        self.frames = [frame for frame in frames if frame.progress_of is None or newest[frame.progress_of] is frame]
        self.at = at
        self._seen: dict[Audience, Batch] = {}

    def seen_by(self, audience: Audience) -> Batch:
        """Leave out what somebody may not see; done once for all who see the same."""
        if audience.sees_all:
            return self
        if audience not in self._seen:
            seen = [frame for frame in self.frames if frame.is_for(audience)]
            self._seen[audience] = Batch(
                [each.without_card() for each in seen] if audience.is_outside else seen, self.at
            )
        return self._seen[audience]

    @cached_property
    def data(self) -> bytes:
        """All of them in one piece."""
        return b"".join([frame.data for frame in self.frames])

    @cached_property
    def chunk(self) -> bytes:
        """The same as one chunk of HTTP/1.1, for who writes to the connection itself."""
        return b"%x\r\n%b\r\n" % (len(self.data), self.data)

    @cached_property
    def oldest(self) -> int | None:
        """The lowest id of a change in it."""
        return min((frame.n for frame in self.frames if frame.n is not None), default=None)

    def after(self, n: int) -> Batch:
        """Leave out the changes up to ``n``: who has seen these must not get them twice."""
        if self.oldest is None or self.oldest > n:
            return self
        return Batch([frame for frame in self.frames if frame.n is None or frame.n > n], self.at)


def joined(batches: Sequence[Batch]) -> Batch:
    """Make one of several, in order."""
    if len(batches) == 1:
        return batches[0]
    at = min((batch.at for batch in batches if batch.frames), default=0.0)
    return Batch([frame for batch in batches for frame in batch.frames], at)
