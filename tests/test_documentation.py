"""What the README tells people to copy works as it stands there."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flaskapp.domain.house import CauseKind
from flaskapp.domain.observation import LibraryItemAdded, RequestTold, Word
from flaskapp.domain.trouble import EXPLAINS
from flaskapp.domain.trouble_kind import ESCALATION, PATIENCE, TroubleKind
from flaskapp.sources import SOURCES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
ITEM_ID = "d4c3b2a1-908f-7e6d-5c4b-3a2918070605"
SEEN_AT = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)


def observations(source: str, body: str) -> list[object]:
    service = SOURCES[source]
    return list(service.parse(service.decode(body.encode()), SEEN_AT).observations)


def test_the_example_of_seerr_asks_for_a_film() -> None:
    [body] = re.findall(r"-d '(.+?)'", README, re.DOTALL)

    [told] = observations("seerr", body)

    assert isinstance(told, RequestTold)
    assert (told.word, told.media.title, told.media.tmdb_id) == (Word.PENDING, "Metropolis", 19)


def test_the_template_for_jellyfin_tells_of_a_new_film() -> None:
    [template] = re.findall(r"```handlebars\n(.+?)```", README, re.DOTALL)
    known = {"NotificationType": "ItemAdded", "ItemId": ITEM_ID, "ItemType": "Movie", "Provider_tmdb": "19"}
    body = re.sub(r"{{2,3}(\w+)}{2,3}", lambda variable: known.get(variable[1], ""), template)

    [added] = observations("jellyfin", body)

    assert all(isinstance(value, str) for value in json.loads(body).values())
    assert isinstance(added, LibraryItemAdded)
    assert added.media is not None
    assert (added.item_id, added.media.tmdb_id) == (ITEM_ID.replace("-", ""), 19)


def test_the_readme_names_the_address_of_every_source() -> None:
    assert [source for source in SOURCES if f"http://box:2774/webhooks/{source}`" not in README] == []


def test_links_between_pages_lead_somewhere() -> None:
    links = [
        (page, link)
        for page in PAGES
        for link in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))
        if "://" not in link
    ]

    assert links
    assert [link for page, link in links if not (page.parent / link).exists()] == []


def words(patience: timedelta) -> str:
    seconds = int(patience.total_seconds())
    if seconds < 60:
        return f"{seconds} s" if seconds else "at once"
    return f"{seconds // 60} min" if seconds < 3600 else f"{seconds // 3600} h"


def test_the_page_about_troubles_has_every_kind_with_its_patience() -> None:
    page = (ROOT / "docs" / "troubles.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in page.splitlines() if row.startswith("| `")]

    assert [(kind, shown, late) for kind, _, shown, _, late in (row for row in rows if len(row) == 5)] == [
        (f"`{kind}`", words(PATIENCE[kind]), words(ESCALATION[kind]) if kind in ESCALATION else "never")
        for kind in TroubleKind
    ]


def test_the_page_about_troubles_has_every_cause_and_what_it_hides() -> None:
    page = (ROOT / "docs" / "troubles.md").read_text(encoding="utf-8")
    rows = [row.split("|") for row in page.splitlines() if row.startswith("| `") and row.count("|") == 4]
    hidden = {kind: set(re.findall("`([a-z_]+)`", row[3])) for row in rows for kind in re.findall("`(.+?)`", row[1])}

    assert hidden == {kind: EXPLAINS.get(kind, set()) for kind in CauseKind}


def test_every_test_that_the_page_about_security_names_is_there() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page)

    assert named
    assert [test for test in named if f"\ndef {test[1]}(" not in (ROOT / test[0]).read_text(encoding="utf-8")] == []


def test_every_promise_of_the_page_about_security_names_its_test() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = [row.strip("| ").split(" | ") for row in page.splitlines() if row.startswith("| ")]
    promises = [(promise, proof) for promise, proof in rows if promise != "promise"]

    assert promises
    assert [promise for promise, proof in promises if "::" not in proof] == []
