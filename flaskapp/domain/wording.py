"""The sentences about troubles: plain, and short enough for a card that everybody at home reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Wording:
    """One sentence for all that a card waits for, and one for some of its episodes."""

    whole: str
    part: str

    def sentence(self, service: str, episodes: int | None) -> str:
        """Give the sentence about so many episodes; None means all there is."""
        if episodes is None:
            return self.whole.format(service=service)
        some = "1 episode" if episodes == 1 else f"{episodes} episodes"
        be, them = ("is", "it") if episodes == 1 else ("are", "them")
        return self.part.format(service=service, some=some, some_are=f"{some} {be}", them=them)


def plain(sentence: str) -> Wording:
    """Give a sentence that is as true of some episodes as of all."""
    return Wording(sentence, sentence)


AWAITING_APPROVAL = Wording("Waiting for approval in Seerr.", "{some_are} waiting for approval in Seerr.")
NOT_SENT = plain("Seerr could not hand this on to {service}. It has to be retried in Seerr.")
NOT_RELEASED = plain("Not released yet. {service} looks for it once it is.")
NOT_AIRED = plain("Not aired yet, and no date is known.")
NOT_MONITORED = Wording(
    "{service} does not look for this, because it is not monitored there.",
    "{some_are} not monitored in {service}, so it does not look for {them}.",
)
NOTHING_FOUND = Wording(
    "{service} searched and found nothing suitable yet. It keeps looking by itself.",
    "{service} found nothing suitable for {some} yet. It keeps looking by itself.",
)
DELAYED = Wording(
    "A release is found. {service} waits a little, in case a better one appears.",
    "A release is found for {some}. {service} waits a little, in case a better one appears.",
)
CLIENT_UNAVAILABLE = Wording(
    "A release is found, but the download client can't be reached. {service} keeps trying.",
    "A release is found for {some}, but the download client can't be reached. {service} keeps trying.",
)
QUEUED = Wording(
    "Waiting in the download queue. It starts by itself.",
    "{some_are} waiting in the download queue.",
)
METADATA = Wording(
    "The download client is looking for the contents of this download. It starts once they are known.",
    "The download client is looking for the contents of {some}.",
)
METADATA_LATE = Wording(
    "The download client still can't find the contents of this download. Another release may be needed.",
    "The download client still can't find the contents of {some}. Another release may be needed.",
)
NO_PEERS = Wording(
    "No peers are sending data. It goes on by itself when one comes back.",
    "No peers are sending data for {some}.",
)
NO_PEERS_LATE = Wording(
    "No peers have been sending data for long. Another release may be needed.",
    "No peers have been sending data for {some} for long. Another release may be needed.",
)
NO_DATA = Wording(
    "No data is coming in. It goes on by itself when the source is back.",
    "No data is coming in for {some}.",
)
NO_DATA_LATE = Wording(
    "No data has been coming in for long. Another release may be needed.",
    "No data has been coming in for {some} for long. Another release may be needed.",
)
PAUSED = Wording(
    "Paused in the download client, until it is resumed there.",
    "{some_are} paused in the download client, until resumed there.",
)
CLIENT_ERROR = Wording(
    "The download client reports an error and has stopped. It needs a look there.",
    "The download client reports an error with {some}. It needs a look there.",
)
FILES_MISSING = Wording(
    "The download client no longer finds the files it had. It needs a look there.",
    "The download client no longer finds the files of {some}. It needs a look there.",
)
CHECKING = Wording(
    "The download client is checking the files. It goes on by itself afterwards.",
    "The download client is checking the files of {some}.",
)
MOVING = Wording(
    "The download client is moving the files. It goes on by itself afterwards.",
    "The download client is moving the files of {some}.",
)
UNPACKING = Wording(
    "Downloaded. The download client is repairing or unpacking it; the import comes next.",
    "{some_are} downloaded and being repaired or unpacked; the import comes next.",
)
DOWNLOAD_FAILED = Wording(
    "The download failed. {service} looks for another release.",
    "The download of {some} failed. {service} looks for another release.",
)
DOWNLOAD_REMOVED = Wording(
    "The download was removed from the download client. {service} has not reacted yet.",
    "The download of {some} was removed from the download client. {service} has not reacted yet.",
)
LEFT_THE_QUEUE = Wording(
    "The download is no longer in {service}'s queue, and nothing else is on the way. A new search may be needed.",
    "The download of {some} is no longer in {service}'s queue. A new search may be needed.",
)
DOWNLOAD_IGNORED = Wording(
    "The download was taken out of {service}'s queue. It has to be imported by hand, or searched for again.",
    "The download of {some} was taken out of {service}'s queue. It has to be imported by hand, or searched for again.",
)
NOT_TRACKED = Wording(
    "The download is finished, but {service} does not follow it. It has to be imported by hand.",
    "The download of {some} is finished, but {service} does not follow it. It has to be imported by hand.",
)
FILES_UNREACHABLE = Wording(
    "Downloaded, but {service} can't find the files. A path or a category has to be put right.",
    "{some_are} downloaded, but {service} can't find the files. A path or a category has to be put right.",
)
IMPORT_BLOCKED = Wording(
    "Downloaded, but {service} can't import it by itself.",
    "{some_are} downloaded, but {service} can't import {them} by itself.",
)
NOT_IMPORTED = Wording(
    "Downloaded, but {service} has not imported it yet. Its handling of completed downloads needs a look.",
    "{some_are} downloaded, but {service} has not imported {them} yet.",
)
IMPORTING = Wording(
    "{service} is copying it to the library folder. Large files take a while.",
    "{service} is copying {some} to the library folder. Large files take a while.",
)
NOT_SHOWN = Wording(
    "In the library folder, waiting for Jellyfin to show it.",
    "{some_are} in the library folder, waiting for Jellyfin to show {them}.",
)
NOT_SHOWN_LATE = Wording(
    "In the library folder, but Jellyfin still does not show it. Its library needs a look.",
    "{some_are} in the library folder, but Jellyfin still does not show {them}. Its library needs a look.",
)
TAKEN_OUT = plain("It was taken out of {service} before it arrived. It comes only if it is added again.")
LACKED = plain("{service} does not have it. It comes only if it is added there.")


def queued_at(place: int) -> Wording:
    """Say how many are served before."""
    return Wording(f"Place {place} in the download queue. It starts by itself.", QUEUED.part)


def released_on(day: datetime) -> Wording:
    """Say when a film comes out."""
    return plain(f"Not released yet: expected on {_words(day)}.")


def aired_on(day: datetime, season: int, episode: int) -> Wording:
    """Say when a season starts or goes on."""
    is_start = season > 0 and episode == 1
    return plain(
        f"Season {season} starts on {_words(day)}." if is_start else f"The next episode airs on {_words(day)}."
    )


def gone_since(day: datetime, *, is_looked_for: bool) -> Wording:
    """Say until when it was there, and whether it comes back."""
    after = "{service} looks for it again." if is_looked_for else "It comes back only if it is requested again."
    until = _words(day)
    return Wording(f"It was in the library until {until}. {after}", f"{{some}} left the library on {until}. {after}")


def _words(day: datetime) -> str:
    return f"{day.day} {day:%B %Y}"
