"""The rows: facts as they were told, and the requests derived from them.

Facts are kept with the media they speak of; a ``MediaRequest`` is a card, and its state, progress and face are
derived from the facts after every ingest (``domain/lifecycle.py``). Uniqueness is held by the database.
"""

from flaskapp.models.credential import ApiKey, Link, WebhookToken
from flaskapp.models.delivery import Delivery
from flaskapp.models.download import Download, DownloadAlias, Grab, HeldRelease
from flaskapp.models.house import Cause
from flaskapp.models.lease import Lease
from flaskapp.models.media import Entry, EpisodeSearch, ExternalId, ImportHint, Item, LibraryItem, Media, MediaFile
from flaskapp.models.media_request import Change, MediaRequest
from flaskapp.models.requester import Requester
from flaskapp.models.service import Service
from flaskapp.models.setting import Setting
from flaskapp.models.user import BrowserSession, FailedSignIn, User

__all__ = [
    "ApiKey",
    "BrowserSession",
    "Cause",
    "Change",
    "Delivery",
    "Download",
    "DownloadAlias",
    "Entry",
    "EpisodeSearch",
    "ExternalId",
    "FailedSignIn",
    "Grab",
    "HeldRelease",
    "ImportHint",
    "Item",
    "Lease",
    "LibraryItem",
    "Link",
    "Media",
    "MediaFile",
    "MediaRequest",
    "Requester",
    "Service",
    "Setting",
    "User",
    "WebhookToken",
]
