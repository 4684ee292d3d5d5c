"""What is wrong with a service, the gravest first, each with the one button that puts it right.

The rules are pure: they judge what was read there (``look``) and what is known of its calls, and ask nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flaskapp.clients.http import ClientError
from flaskapp.domain.house import CauseKind
from flaskapp.domain.observation import LibraryItemType
from flaskapp.setup.probe import Probed, ProbeError, probe
from flaskapp.setup.registered import Problem, ProblemKind, Webhook
from flaskapp.setup.webhook import connect, connects, inspect, verify
from flaskapp.upstreams import Upstream

WANTED = frozenset({ProblemKind.TAKEN, ProblemKind.TAGS})
"""What may be meant so: Seerr has one webhook for all, and a connection may be for some titles only."""


class Remedy(StrEnum):
    """What a button does."""

    CONNECT = "connect"
    """Registers our webhook there, or repairs it."""
    TEST = "test"
    """Lets the service call us once, which ends a pause."""
    BY_HAND = "by_hand"
    """Shows what a person enters there."""
    ENTER = "enter"
    """Leads to where its address and key are entered."""
    SAY_ADDRESS = "say_address"
    """Leads to where our own address is said."""
    REPLAY = "replay"
    """Applies kept calls again."""
    NONE = "none"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: a word for addresses, sentences for people, and what its button does and says."""

    kind: str
    sentences: tuple[str, ...]
    remedy: Remedy = Remedy.NONE
    button: str = ""

    @property
    def is_loud(self) -> bool:
        """Tell whether somebody has to act: what people may have wanted so is only mentioned."""
        return self.kind not in WANTED


@dataclass(frozen=True)
class Read:
    """What a look at a service brought: ``probed`` or why not, and our ``webhook`` there or why it can't be read."""

    probed: Probed | None = None
    failure: ProbeError | None = None
    webhook: Webhook | None = None
    unread: str = ""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Give what is wrong with our webhook. That our address is not known matters only to who connects it anew."""
        problems = self.webhook.problems if self.webhook else ()
        needs_address = any(BUTTONS[each.kind][0] is Remedy.CONNECT for each in problems)
        return tuple(each for each in problems if needs_address or each.kind is not ProblemKind.NO_ADDRESS)

    @property
    def is_well(self) -> bool:
        """Tell whether nothing is wrong over there."""
        return self.failure is None and not self.unread and WANTED.issuperset(each.kind for each in self.problems)


@dataclass(frozen=True)
class Heard:
    """What its calls say: when the last came, whether somebody knocked with a wrong token since, what we refused.

    ``pause``: it has stopped calling. ``calls_again``: a pause that was seen is over.
    ``missed``: items of Jellyfin that arrived without a call of theirs ever coming.
    """

    last_at: datetime | None = None
    knocked_at: datetime | None = None
    refused: int = 0
    reason: str = ""
    pause: CauseKind | None = None
    calls_again: bool = False
    missed: tuple[LibraryItemType, ...] = ()


ORDER = (
    *(ProblemKind.NO_ADDRESS, ProblemKind.TAKEN, ProblemKind.ABSENT, ProblemKind.DISABLED, ProblemKind.OLD_ADDRESS),
    *(ProblemKind.WRONG_TOKEN, ProblemKind.UNDELIVERED, ProblemKind.PAUSED, ProblemKind.TEMPLATE, ProblemKind.TRIGGER),
    *(ProblemKind.DOUBLED, ProblemKind.TAGS),
)
"""The gravest first: without an address nothing can be repaired, and what is not there can't be wrong."""
SILENT = {ProblemKind.ABSENT, ProblemKind.DISABLED, ProblemKind.PAUSED}
"""What explains by itself that no call comes."""
BUTTONS = {
    ProblemKind.NO_ADDRESS: (Remedy.SAY_ADDRESS, "Say where we are"),
    ProblemKind.TAKEN: (Remedy.BY_HAND, "Show what to enter"),
    ProblemKind.ABSENT: (Remedy.CONNECT, "Connect"),
    ProblemKind.DISABLED: (Remedy.CONNECT, "Switch it on"),
    ProblemKind.OLD_ADDRESS: (Remedy.CONNECT, "Correct the address"),
    ProblemKind.WRONG_TOKEN: (Remedy.CONNECT, "Give it a new token"),
    ProblemKind.UNDELIVERED: (Remedy.TEST, "Test again"),
    ProblemKind.PAUSED: (Remedy.TEST, "End the pause"),
    ProblemKind.TEMPLATE: (Remedy.CONNECT, "Set the template"),
    ProblemKind.TRIGGER: (Remedy.CONNECT, "Switch it on"),
    ProblemKind.DOUBLED: (Remedy.CONNECT, "Remove the second"),
    ProblemKind.TAGS: (Remedy.NONE, ""),
}
PAUSES = {
    CauseKind.WEBHOOKS_PAUSED: "{} has paused its calls to us after failures, and what happens meanwhile is not told.",
    CauseKind.WEBHOOKS_SILENT: "The history of {} grew, and no call came: it has stopped calling us.",
}
TICKS = {LibraryItemType.MOVIE: ("films", "Movies"), LibraryItemType.EPISODE: ("episodes", "Episodes")}
"""What people and the webhook plugin of Jellyfin call a type of items."""


def look(upstream: Upstream, callback_url: str) -> Read:
    """Ask a service what it is and what it knows of us. Needs an application context and no open transaction."""
    try:
        probed = probe(upstream)
    except ProbeError as error:
        return Read(failure=error)
    try:
        return Read(probed, webhook=inspect(upstream, callback_url))
    except ClientError as error:
        return Read(probed, unread=str(error))


def findings(upstream: Upstream, read: Read, heard: Heard) -> tuple[Finding, ...]:
    """Judge."""
    return tuple(_findings(upstream, read, heard))


def repair(upstream: Upstream, callback_url: str, remedy: Remedy) -> tuple[str, ...]:
    """Do what a button says, and give in words what changed; ``ClientError`` and ``TakenError`` say why not."""
    if remedy is Remedy.CONNECT:
        return connect(upstream, callback_url)
    if remedy is not Remedy.TEST:
        return ()
    problem = verify(upstream, callback_url)
    if problem is not None:
        raise ClientError(problem.sentence)
    return (f"{upstream.name} called us, and its call arrived. If it had paused its calls, the pause is over.",)


def _findings(upstream: Upstream, read: Read, heard: Heard) -> Iterator[Finding]:
    if read.failure is not None:
        remedy = Remedy.NONE if upstream.is_locked else Remedy.ENTER
        wrong = f"If its address or key is wrong, correct it at {upstream.variable} and start again."
        said = (wrong,) if upstream.is_locked else ()
        button = "" if upstream.is_locked else "Look at its address and key"
        yield Finding(read.failure.kind, (read.failure.sentence, *said), remedy, button)
    if read.unread:
        yield Finding("unread", (f"Our webhook there could not be read. {read.unread}",))
    for kind in ORDER:
        of_kind = [problem for problem in read.problems if problem.kind is kind]
        if of_kind and not _is_over(kind, upstream, heard):
            yield _about(upstream, of_kind)
    if heard.pause in PAUSES and read.failure is None and {each.kind for each in read.problems}.isdisjoint(SILENT):
        yield Finding(ProblemKind.PAUSED, (PAUSES[heard.pause].format(upstream.name),), *BUTTONS[ProblemKind.PAUSED])
    yield from _about_calls(upstream, read.problems, heard)


def _is_over(kind: ProblemKind, upstream: Upstream, heard: Heard) -> bool:
    """Tell whether a call proves that something is past."""
    if kind is ProblemKind.ABSENT and not connects(upstream.source):
        return heard.last_at is not None
    return kind is ProblemKind.PAUSED and heard.calls_again


def _about(upstream: Upstream, problems: list[Problem]) -> Finding:
    kind = problems[0].kind
    remedy, button = BUTTONS[kind]
    if kind is ProblemKind.ABSENT and not connects(upstream.source):
        remedy, button = Remedy.BY_HAND, "Show what to enter"
    if kind is ProblemKind.TRIGGER and len(problems) > 1:
        button = "Switch them on"
    return Finding(kind, tuple(problem.sentence for problem in problems), remedy, button)


def _about_calls(upstream: Upstream, problems: tuple[Problem, ...], heard: Heard) -> Iterator[Finding]:
    kinds = {problem.kind for problem in problems}
    is_shut_out = heard.knocked_at is not None and (heard.last_at is None or heard.last_at < heard.knocked_at)
    if is_shut_out and ProblemKind.WRONG_TOKEN not in kinds:
        remedy = Remedy.CONNECT if connects(upstream.source) else Remedy.BY_HAND
        sentence = f"Somebody calls the address of {upstream.name} with a wrong token, and is turned away."
        yield Finding("knocked", (sentence,), remedy, "Give it a new token")
    if heard.refused:
        calls = "One call" if heard.refused == 1 else f"{heard.refused} calls"
        sentence = f"{calls} could not be used. {heard.reason}".strip()
        yield Finding("refused", (sentence,), Remedy.REPLAY, "Apply again")
    for item_type in heard.missed:
        what, label = TICKS[item_type]
        sentence = (
            f"New {what} arrived in {upstream.name}, and it has never called about one. "
            f"Tick “{label}” in its Webhook plugin, under Item Type."
        )
        yield Finding("missed", (sentence,))
    if heard.last_at is None and not kinds and upstream.source != "qbittorrent" and not is_shut_out:
        remedy, button = (Remedy.TEST, "Let it call once") if connects(upstream.source) else (Remedy.NONE, "")
        yield Finding("never_called", (f"{upstream.name} has not called yet.",), remedy, button)
