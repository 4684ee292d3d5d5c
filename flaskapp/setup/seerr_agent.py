"""The one webhook of a Seerr, as its settings are saved: whose it is, and how ours should be."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from flaskapp.setup.registered import Lead, lead_of
from flaskapp.sources.fields import LONGEST_ADDRESS, Fields

TYPES = {
    2: "Request Pending Approval",
    128: "Request Automatically Approved",
    4: "Request Approved",
    64: "Request Declined",
    8: "Request Available",
    16: "Request Processing Failed",
}
"""The kinds of news that we need, by their bit, with their labels."""
TEMPLATE = json.dumps(
    {
        "notification_type": "{{notification_type}}",
        "event": "{{event}}",
        "subject": "{{subject}}",
        "message": "{{message}}",
        "image": "{{image}}",
        "{{media}}": {
            "media_type": "{{media_type}}",
            "imdbId": "{{media_imdbid}}",
            "tmdbId": "{{media_tmdbid}}",
            "tvdbId": "{{media_tvdbid}}",
            "jellyfinMediaId": "{{media_jellyfinMediaId}}",
            "status": "{{media_status}}",
            "status4k": "{{media_status4k}}",
        },
        "{{request}}": {
            "request_id": "{{request_id}}",
            "requestedBy_email": "{{requestedBy_email}}",
            "requestedBy_username": "{{requestedBy_username}}",
            "requestedBy_avatar": "{{requestedBy_avatar}}",
            "requestedBy_jellyfinUserId": "{{requestedBy_jellyfinUserId}}",
        },
        "{{extra}}": [],
    },
    indent=4,
)
"""What we hand out: what of it a version does not know arrives in its braces and counts as empty."""
NEEDED = ("{{notification_type}}", "{{event}}", "{{subject}}", "{{request_id}}", "{{media_tmdbid}}", "{{extra}}")
"""Without these a template does not tell enough."""
PLAIN = (3, 3)
"""Since this version templates are sent as they are; before it, as JSON in a JSON text."""

Resource = Mapping[str, object]


@dataclass(frozen=True)
class Agent:
    """The settings as Seerr shows them."""

    resource: Resource

    @property
    def options(self) -> dict[str, object]:
        """Give what only this agent has."""
        options = self.resource.get("options")
        return dict(options) if isinstance(options, dict) else {}

    @property
    def url(self) -> str:
        """Give where it sends to; empty if nowhere."""
        return Fields(self.options).text("webhookUrl", most=LONGEST_ADDRESS) or ""

    @property
    def lead(self) -> Lead | None:
        """Give where that leads, if it is an address of a board."""
        lead = lead_of(self.url)
        return lead if lead is not None and lead.source == "seerr" else None

    @property
    def is_enabled(self) -> bool:
        """Tell whether it sends anything."""
        return self.resource.get("enabled") is True

    @property
    def types(self) -> int:
        """Give the mask of what is ticked."""
        return Fields(self.resource).whole("types") or 0

    @property
    def missing(self) -> tuple[int, ...]:
        """Give the bits that we need and that are not ticked."""
        return tuple(bit for bit in TYPES if not self.types & bit)

    @property
    def template(self) -> str:
        """Give the template as a text."""
        template = self.options.get("jsonPayload")
        return template if isinstance(template, str) else json.dumps(template or {})

    @property
    def tells_enough(self) -> bool:
        """Tell whether the template has all that we need, and is JSON."""
        try:
            is_object = isinstance(json.loads(self.template), dict)
        except ValueError:
            return False
        return is_object and all(variable in self.template for variable in NEEDED)

    @property
    def shown_token(self) -> str:
        """Give what it shows us as a token, as far as Seerr tells."""
        return (Fields(self.options).text("authHeader") or "").removeprefix("Bearer ")


def renewed(agent: Agent, url: str, token: str) -> dict[str, object]:
    """Give the settings as they should be; what people changed otherwise stays."""
    options = {
        **agent.options,
        "webhookUrl": url,
        "authHeader": f"Bearer {token}",
        "jsonPayload": agent.template if agent.lead is not None and agent.tells_enough else TEMPLATE,
    }
    headers = options.get("customHeaders")
    if isinstance(headers, list):
        options["customHeaders"] = [row for row in headers if not _is_authorization(row)]
    if "supportVariables" in options:
        options["supportVariables"] = False
    return {**agent.resource, "enabled": True, "types": agent.types | sum(TYPES), "options": options}


def as_sent(settings: Resource, version: str) -> dict[str, object]:
    """Give settings as this version wants to read them."""
    options = Agent(settings).options
    numbers = tuple(int(part) for part in re.findall(r"[0-9]{1,6}", version)[:2]) if version[:1].isdecimal() else PLAIN
    if numbers < PLAIN:
        options["jsonPayload"] = json.dumps(options.get("jsonPayload"))
    return {**settings, "options": options}


def _is_authorization(row: object) -> bool:
    values = [str(value).lower() for value in row.values()] if isinstance(row, dict) else []
    return "authorization" in values
