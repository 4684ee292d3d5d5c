"""Keep what an observation says as facts; say which media it touches.

Told facts only add and keep their first arrival; a reading is stamped with its start and replaces what is older.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from flaskapp.domain import house as about_house
from flaskapp.domain import observation as said
from flaskapp.domain import queue as listed
from flaskapp.domain import reading
from flaskapp.domain.origin import Origin
from flaskapp.tracking import asked, downloads, entries, house, library, queue

STORES: dict[type[said.Observation], Callable[[Any, Session, Origin], set[int]]] = {
    said.RequestTold: asked.store_request,
    reading.RequestRead: asked.store_request_reading,
    reading.RequestGone: asked.store_request_end,
    reading.TitleRead: asked.store_title,
    said.EntryTold: entries.store_entry,
    said.EntryDeleted: entries.store_entry_deletion,
    said.Grabbed: entries.store_grab,
    said.FileImported: entries.store_file,
    said.FileDeleted: entries.store_file_deletion,
    said.ImportCompleted: entries.store_import_hint,
    said.ImportBlocked: entries.store_import_block,
    reading.EpisodesRead: entries.store_episode_list,
    reading.MovieRead: entries.store_movie_reading,
    reading.EntryAbsent: entries.store_entry_absence,
    reading.EntryDoubted: entries.store_doubt,
    listed.DownloadListed: queue.store_listing,
    listed.DownloadDropped: queue.store_drop,
    listed.ReleasesHeld: queue.store_held,
    listed.HistoryRead: queue.store_history_mark,
    about_house.CausesRead: house.store_causes,
    reading.LibraryItemAbsent: library.store_library_absence,
    said.LibraryItemAdded: library.store_library_item,
    reading.LibraryItemRead: library.store_library_reading,
    said.LibraryItemRemoved: library.store_library_hint,
    said.PosterKept: library.store_poster,
    said.TimePassed: lambda passed, _session, _origin: {passed.media_id},
    said.DownloadPolled: downloads.store_poll,
    said.DownloadGone: downloads.store_disappearance,
}


def store(observation: said.Observation, session: Session, origin: Origin) -> set[int]:
    """Keep the facts of one observation; give the ids of the media it touches."""
    return STORES[type(observation)](observation, session, origin)
