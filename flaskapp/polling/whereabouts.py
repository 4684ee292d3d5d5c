"""The open downloads, and which of the download clients has what: their pollers tell it here, each for its own.

Kept in memory, and anew whenever the loops are made anew: whoever was not asked since then proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from flaskapp.polling.followed import Followed
from flaskapp.polling.missing import TrackedDownload


@dataclass(frozen=True)
class _Report:
    """The last answer of a client, by our numbers: ``asked`` for, ``has`` it, and ``lacks`` beyond doubt."""

    asked: frozenset[int] = frozenset()
    has: frozenset[int] = frozenset()
    lacks: frozenset[int] = frozenset()


SILENCE = _Report()
"""Stands for a client that does not answer."""


class Whereabouts:
    """Lets one client speak for a download that several have, and calls it gone when all have lost it."""

    def __init__(self, clients: Iterable[str], tracked: Callable[[], Sequence[TrackedDownload]]) -> None:
        """Begin without any answer of these clients, by the names that people know them by."""
        self.followed = Followed(tracked)
        self._reports = {client: _Report() for client in clients}
        self._claims: dict[int, str] = {}

    def answered(self, client: str, asked: Iterable[int], has: Iterable[int], lacks: Iterable[int]) -> None:
        """Take in a good answer, in place of the one before."""
        self._reports[client] = _Report(frozenset(asked), frozenset(has), frozenset(lacks))
        followed = frozenset[int]().union(*(report.asked for report in self._reports.values()))
        self._claims = {pk: speaker for pk, speaker in self._claims.items() if pk in followed}

    def fell_silent(self, client: str) -> None:
        """Note that a client did not answer: what it has by now, nobody knows."""
        self._reports[client] = SILENCE

    def is_missing(self, client: str, download: TrackedDownload) -> bool:
        """Tell whether a client that does not list a download should have it: it spoke of it, or no other has it."""
        others = (report for name, report in self._reports.items() if name != client)
        return download.speaker == client or not any(_may_have(report, download.pk) for report in others)

    def speaks(self, client: str, download: TrackedDownload) -> bool:
        """Tell whether the word of a client that has a download counts: the first one's, until that has lost it."""
        speaker = self._claims.get(download.pk, download.speaker)
        if speaker != client and self._has_let_go(speaker, download.pk):
            self._claims[download.pk] = speaker = client
        return speaker == client

    def _has_let_go(self, speaker: str | None, pk: int) -> bool:
        report = self._reports.get(speaker) if speaker is not None else None
        return report is None or pk in report.lacks

    def gone(self, downloads: Iterable[TrackedDownload]) -> list[TrackedDownload]:
        """Give those that a client which is still asked had once, and that all that are asked have lost; each once."""
        lost = frozenset.intersection(*(report.lacks for report in self._reports.values()))
        # What was never seen may live in a client that we do not know, or not be a torrent at all.
        gone = [download for download in downloads if download.pk in lost and download.speaker in self._reports]
        if gone:
            told = {download.pk for download in gone}
            self._reports = {name: replace(each, lacks=each.lacks - told) for name, each in self._reports.items()}
        return gone


def _may_have(report: _Report, pk: int) -> bool:
    """Tell whether a client has a download, or is yet to be asked for it."""
    return pk in report.has or (report is not SILENCE and pk not in report.asked)
