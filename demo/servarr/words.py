"""How one of the two tells what happens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from demo.servarr.model import Entry, Grab, MediaFile


@dataclass(frozen=True)
class Event:
    """Something worth a webhook: who wants it has all ``triggers`` ticked."""

    triggers: tuple[str, ...]
    payload: dict[str, Any]


class Words(Protocol):
    """How one dialect tells its events."""

    name: str
    instance_name: str
    category: str
    root: str
    triggers: tuple[str, ...]

    def test(self) -> Event:
        """Tell that somebody pressed Test."""

    def added(self, entry: Entry) -> Event:
        """Tell of a new title."""

    def deleted(self, entry: Entry, files: list[MediaFile], *, with_files: bool) -> Event:
        """Tell that a title went, with these files or without."""

    def grabbed(self, grab: Grab) -> Event:
        """Tell of a grab."""

    def imported(self, file: MediaFile, replaced: list[MediaFile], grab: Grab | None) -> Event:
        """Tell of a file; a loose one has no grab."""

    def completed(self, files: list[MediaFile], grab: Grab | None) -> Event | None:
        """Tell that a download is done with, where the dialect has a word for it."""

    def scanned(self, files: list[MediaFile]) -> Event | None:
        """Tell of files that a person imported where they already lay, where the dialect has a word for it."""

    def file_deleted(self, file: MediaFile, reason: str) -> Event:
        """Tell that a file went."""

    def blocked(self, grab: Grab) -> Event:
        """Tell that a person is needed."""
