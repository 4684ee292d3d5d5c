"""Lives that once broke law B, as they were found and shortened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from tests.laws.download_steps import Offered, QueueLeft, Searched, TorrentIs, Vanished
from tests.laws.law_b import Build
from tests.laws.lives import DUST, PACKS, Life
from tests.laws.outcome import differences
from tests.laws.play import Mangling, in_order, mangled
from tests.laws.post import IN_TIME, Fate
from tests.laws.steps import Approved, Asked, TitleDeleted, Wait

TITLE = "lantern-line"
ASKED = Asked(TITLE, "chiara", (1,))
OFFERED = Offered(TITLE, "WEBDL-1080p", 4000, "ONE", keys=PACKS[0])
UNCLEAR = Offered(TITLE, "WEBDL-1080p", 10, "ONE", protocol="usenet", clear=False, keys=PACKS[0])
SLOW = Offered(TITLE, "WEBDL-1080p", 4000, "ONE", protocol="usenet", keys=PACKS[0])
EPISODE = Offered(TITLE, "WEBDL-1080p", 40, "ONE", protocol="usenet", keys=((1, 1),))
QUICK = Offered(TITLE, "WEBDL-1080p", 10, "ONE", protocol="usenet", keys=PACKS[0])
LOST: Fate = ()


@dataclass(frozen=True)
class Broken:
    """A life, and what became of webhooks by their names; the others came in time."""

    about: str
    life: Life
    fates: Mapping[str, Fate] = field(default_factory=dict)
    is_reading: bool = False

    def __str__(self) -> str:
        return self.about


LIVES = [
    Broken(
        "a title that came and went unheard",
        [ASKED, Wait(2), TitleDeleted(TITLE, with_files=False), Wait(DUST)],
        {"sonarr SeriesAdd": LOST, "sonarr SeriesDelete": LOST},
    ),
    Broken(
        "a board that is loaded anew in the middle of what it is told",
        [OFFERED, ASKED, Wait(60), Approved(TITLE), Wait(10), QueueLeft(TITLE, "failed"), Wait(65)],
        {"sonarr SeriesAdd": LOST, "sonarr Grab": (400,)},
        is_reading=True,
    ),
    Broken(
        "a release that is grabbed again after its import was blocked",
        [
            *(UNCLEAR, ASKED, Wait(120), Vanished(TITLE), Wait(2)),
            *(TitleDeleted(TITLE, with_files=False), ASKED, Wait(DUST)),
        ],
        {"sonarr ManualInteractionRequired": LOST},
    ),
    Broken(
        "a title that was added anew, with the download it had before",
        [UNCLEAR, ASKED, Wait(DUST), ASKED, TitleDeleted(TITLE, with_files=False), Wait(2), Wait(DUST)],
        {"sonarr Grab": LOST},
    ),
    Broken(
        "a release that is ignored, grabbed again and taken out of its client",
        [
            *(SLOW, ASKED, Wait(60), QueueLeft(TITLE, "ignored"), Wait(90)),
            *(Searched(TITLE), Wait(150), Vanished(TITLE), Wait(65)),
        ],
        is_reading=True,
    ),
    Broken(
        "a download whose client checks its files in the end",
        [
            Offered(TITLE, "WEBDL-1080p", 300, "ONE", keys=PACKS[0]),
            ASKED,
            Wait(60),
            TorrentIs(TITLE, "checking"),
            Wait(65),
        ],
        is_reading=True,
    ),
    Broken(
        "a title of which all that is known is here when it is taken out",
        [EPISODE, ASKED, Wait(70), TitleDeleted(TITLE, with_files=False), Wait(DUST)],
        {"sonarr SeriesAdd": LOST},
        is_reading=True,
    ),
    Broken(
        "a title that is here and leaves unheard",
        [QUICK, ASKED, Wait(100), TitleDeleted(TITLE, with_files=False), Wait(DUST)],
        {"sonarr SeriesDelete": LOST},
        is_reading=True,
    ),
]


@pytest.mark.parametrize("broken", LIVES, ids=str)
def test_life_ends_alike_whatever_became_of_its_webhooks(rooms_with: Build, broken: Broken) -> None:
    mangling = Mangling(lambda name: broken.fates.get(name, IN_TIME), broken.is_reading)
    rooms = rooms_with("sonarr")

    assert differences(mangled(rooms, broken.life, mangling), in_order(rooms, broken.life)) == []
