"""The connections of a Radarr or Sonarr, read for those that lead to a board."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from flaskapp.setup.registered import Lead, lead_of, leads_here
from flaskapp.sources.fields import LONGEST_ADDRESS, Fields
from flaskapp.sources.servarr_health import TRIGGERS
from flaskapp.upstreams import Upstream

HIDDEN = "********"
"""What stands for a saved password."""
NAME = "Arrivarr"
USER = "arrivarr"
UNUSED = frozenset({"onHealthIssue", "onHealthRestored", "onApplicationUpdate", "includeHealthWarnings"})
"""What says nothing of a title: it is not ticked, and left alone where it is."""

Resource = Mapping[str, object]


@dataclass(frozen=True)
class Connection:
    """One connection that leads to a board, as it is saved there."""

    resource: Resource
    lead: Lead

    @property
    def id(self) -> int:
        """Give its number."""
        return Fields(self.resource).whole("id") or 0

    @property
    def name(self) -> str:
        """Give what it is called."""
        return Fields(self.resource).text("name") or NAME

    @property
    def missing(self) -> tuple[str, ...]:
        """Give the names of triggers that are off and that we need; what a version does not have is absent."""
        fields = Fields(self.resource)
        return tuple(name for name in TRIGGERS if fields.has(name) and not fields.flag(name))

    @property
    def is_off(self) -> bool:
        """Tell whether it sends nothing at all."""
        return not any(value is True for name, value in self.resource.items() if name.startswith("on"))

    @property
    def has_tags(self) -> bool:
        """Tell whether it is only for titles with certain tags."""
        return bool(self.resource.get("tags"))

    def shown_tokens(self) -> list[str]:
        """Give what it may show us as a token, as far as the service tells."""
        values = values_of(self.resource)
        shown = [str(values.get("password") or ""), *parse_qs(urlsplit(str(values.get("url"))).query).get("token", [])]
        headers = values.get("headers")
        for row in headers if isinstance(headers, list) else []:
            header = Fields(row if isinstance(row, dict) else {})
            if (header.text("key") or "").lower() in ("authorization", "x-api-key"):
                shown.append((header.text("value") or "").removeprefix("Bearer "))
        return [token for token in shown if token]


def values_of(resource: Resource) -> dict[str, object]:
    """Give the values of the fields of a connection."""
    rows = resource.get("fields")
    fields = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return {str(row.get("name")): row.get("value") for row in fields}


def ours(rows: Iterable[Resource], upstream: Upstream, callback_url: str) -> tuple[Connection, ...]:
    """Give our connections, the one to keep first.

    Two boards may be connected: what leads to another one is ours only if none leads here, for then this one has moved.
    """
    found = [each for each in map(_read, rows) if each is not None and each.lead.source == upstream.source]
    here = [each for each in found if leads_here(each.lead, callback_url)] if callback_url else []

    def lacks(each: Connection) -> tuple[bool, int, int]:
        return each.lead.instance != upstream.instance, len(each.missing), each.id

    return tuple(sorted(here, key=lacks)) or tuple(sorted(found, key=lacks)[:1])


def _read(row: Resource) -> Connection | None:
    if row.get("implementation") != "Webhook":
        return None
    lead = lead_of(str(values_of(row).get("url") or "")[:LONGEST_ADDRESS])
    return None if lead is None else Connection(row, lead)


def renewed(connection: Connection, url: str, token: str) -> dict[str, object]:
    """Give a connection as it should be; what people changed otherwise, such as its name and its tags, stays."""
    values = {**values_of(connection.resource), "url": url, "username": USER, "password": token}
    headers = values.get("headers")
    kept = [row for row in headers if not _is_credential(row)] if isinstance(headers, list) else []
    if "headers" in values:
        values["headers"] = kept  # two words about who calls would contradict each other
    values["method"] = values.get("method") or 1
    return {
        **connection.resource,
        **dict.fromkeys(connection.missing, True),
        "tags": connection.resource.get("tags") or [],
        "fields": _rows(values),
    }


def new(schema: Iterable[Resource], rows: Iterable[Resource], url: str, token: str) -> dict[str, object]:
    """Give a new connection with all triggers that this version has and that say something of a title."""
    webhook: Resource = next((row for row in schema if row.get("implementation") == "Webhook"), {})
    triggers = [name for name in webhook if name.startswith("on") and _is_there(webhook, name)] or list(TRIGGERS)
    values = {"url": url, "method": 1, "username": USER, "password": token}
    return {
        "name": _free_name(rows),
        "implementation": "Webhook",
        "configContract": "WebhookSettings",
        **{name: name not in UNUSED for name in triggers},
        "fields": _rows(values),
        "tags": [],
    }


def _is_there(webhook: Resource, trigger: str) -> bool:
    return webhook.get(f"supports{trigger[0].upper()}{trigger[1:]}") is not False


def _free_name(rows: Iterable[Resource]) -> str:
    taken = {str(row.get("name")).lower() for row in rows}
    names = [NAME, *(f"{NAME} {number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name.lower() not in taken)


def _is_credential(row: object) -> bool:
    key = row.get("key") if isinstance(row, dict) else None
    return str(key).lower() in ("authorization", "x-api-key")


def _rows(values: Mapping[str, object]) -> list[dict[str, object]]:
    return [{"name": name, "value": value} for name, value in values.items() if value is not None]
