"""The rows: facts as they were told, and the requests derived from them.

Facts are kept with the media they speak of; a ``MediaRequest`` is a card, and its state, progress and face are
derived from the facts after every ingest (``domain/lifecycle.py``). Uniqueness is held by the database.
"""

from flaskapp.models.delivery import Delivery, Setting
from flaskapp.models.download import Download, DownloadAlias, Grab, HeldRelease
from flaskapp.models.house import Cause, Connection
from flaskapp.models.lease import Lease
from flaskapp.models.media import Entry, ExternalId, ImportHint, Item, LibraryItem, Media, MediaFile
from flaskapp.models.media_request import Change, MediaRequest

__all__ = [
    "Cause",
    "Change",
    "Connection",
    "Delivery",
    "Download",
    "DownloadAlias",
    "Entry",
    "ExternalId",
    "Grab",
    "HeldRelease",
    "ImportHint",
    "Item",
    "Lease",
    "LibraryItem",
    "Media",
    "MediaFile",
    "MediaRequest",
    "Setting",
]
