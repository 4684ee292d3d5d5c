"""What is left to a person: one copy for each field, with a token that works."""

from __future__ import annotations

import json
import re
from textwrap import indent

import pytest

from flaskapp.setup import webhook
from flaskapp.setup.paste import JELLYFIN_TEMPLATE
from flaskapp.setup.webhook import Paste, ProblemKind, TakenError
from flaskapp.sources import SOURCES
from flaskapp.upstreams import Upstream
from tests.app import payload
from tests.clients.web import Reply, serve
from tests.server.process import ROOT
from tests.setup.house import NOON, House
from tests.setup.upstreams import entered


def by_hand(house: House, upstream: Upstream) -> Paste:
    with house.app.app_context():
        return webhook.by_hand(upstream, house.board)


def values(paste: Paste) -> dict[str, str]:
    return {field.label: field.value for field in paste.fields}


def test_seerrs_fields_lead_here_with_a_token_that_counts(house: House) -> None:
    fields = values(by_hand(house, house.upstream("seerr")))

    answer = house.app.test_client().post(
        fields["Webhook URL"].removeprefix(house.board),
        json=payload("seerr", "test-notification"),
        headers={"Authorization": fields["Authorization Header"]},
    )

    assert (answer.status_code, house.tokens()) == (200, [("seerr", False)])
    assert "{{request_id}}" in fields["JSON Payload"]
    assert "Request Automatically Approved" in fields["Notification Types"]


def test_an_instance_has_its_own_address_and_token(house: House) -> None:
    fields = values(by_hand(house, house.upstream("radarr", "4k")))

    assert fields["Webhook URL"] == f"{house.board}/webhooks/radarr/4k"
    assert house.tokens() == [("4k", False)]


def test_jellyfins_template_is_json_whatever_is_missing() -> None:
    filled = re.sub(r"\{\{\{?\w+\}?\}\}", "", JELLYFIN_TEMPLATE)
    item = JELLYFIN_TEMPLATE.replace("{{NotificationType}}", "ItemAdded").replace("{{ItemType}}", "Movie")
    item = item.replace("{{ItemId}}", "0" * 31 + "1").replace("{{{Provider_tmdb}}}", "19").replace("{{{Name}}}", "M")

    assert set(json.loads(filled).values()) == {""}
    jellyfin = SOURCES["jellyfin"]
    told = jellyfin.parse(jellyfin.decode(re.sub(r"\{\{\{?\w+\}?\}\}", "", item).encode()), NOON)
    assert (told.kind, len(told.observations)) == ("ItemAdded", 1)


def test_the_readme_hands_out_the_same_template() -> None:
    assert indent(JELLYFIN_TEMPLATE, "  ") in (ROOT / "README.md").read_text(encoding="utf-8")


def test_jellyfin_is_there_once_it_has_called(house: House) -> None:
    jellyfin = entered("jellyfin", house.stack.urls["jellyfin"])
    before = house.inspect(jellyfin)
    fields = by_hand(house, jellyfin).fields
    values = [field.value for field in fields if field.label.startswith("Add Request Header")]
    header = dict(zip(values[::2], values[1::2], strict=True))
    house.app.test_client().post(
        "/webhooks/jellyfin", data=json.dumps(payload("jellyfin", "item-added-movie")), headers=header
    )

    assert (before.is_there, before.can_repair) == (False, False)
    assert [problem.kind for problem in before.problems] == [ProblemKind.ABSENT]
    assert house.inspect(jellyfin).is_there
    assert house.verify(jellyfin) is None
    with pytest.raises(TakenError, match="by hand"):
        house.connect(jellyfin)


def test_qbittorrent_has_no_webhook_and_is_not_asked_for_one(house: House) -> None:
    with serve(lambda _asked: Reply(500)) as web:
        found = house.inspect(entered("qbittorrent", web.url))

    assert (found.is_there, found.problems, web.asked) == (False, (), [])
    assert [
        source for source in ("seerr", "radarr", "sonarr", "jellyfin", "qbittorrent") if webhook.connects(source)
    ] == [
        "seerr",
        "radarr",
        "sonarr",
    ]
