"""What the README tells people to copy works as it stands there."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

from flaskapp.domain.observation import LibraryItemAdded, RequestTold, Word
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
