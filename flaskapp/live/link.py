"""What one connection to Redis counts of itself, for ``/metrics``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Link:
    """One of the two connections of a process: over the one it tells, over the other it hears."""

    is_up: bool | None = None
    """None until it was tried."""
    returns: int = 0
    """How often it was there again after a loss."""
    messages: int = 0
    frames: int = 0
    """Events that came with these messages."""
    _has_been_up: bool = False

    def rise(self) -> None:
        """Note that it is there."""
        self.returns += self._has_been_up
        self.is_up = self._has_been_up = True

    def fall(self) -> bool:
        """Note that it is not; tell whether that is news."""
        is_news, self.is_up = self.is_up is not False, False
        return is_news

    def carried(self, frames: int) -> None:
        """Count a message with so many frames."""
        self.messages += 1
        self.frames += frames
