"""The parts that webhooks of both dialects are made of."""

from __future__ import annotations

from typing import Any

from demo.clock import to_tick
from demo.posters import Gallery
from demo.servarr.model import TORRENT, USENET, Grab, MediaFile, Release
from demo.titles import Film

CLIENTS = {TORRENT: ("qBittorrent (NAS)", "qBittorrent"), USENET: ("SABnzbd", "SABnzbd")}
"""The name that the admin gave, and the program."""
LANGUAGE = {"id": 1, "name": "English"}
NO_FORMATS: dict[str, Any] = {"customFormats": [], "customFormatScore": 0}


def common(name: str) -> dict[str, Any]:
    """Give the keys that nearly every event ends with."""
    return {"instanceName": name, "applicationUrl": ""}


def images(title: Film, entry_id: int, gallery: Gallery) -> list[dict[str, str]]:
    """Give the poster: on the server, where it needs a login, and in public."""
    url = f"/MediaCover/{entry_id}/poster.jpg?lastWrite=638983152000000000"
    return [{"coverType": "poster", "url": url, "remoteUrl": gallery.url(title)}]


def client(grab: Grab | None) -> dict[str, Any]:
    """Name the download client and the download in it, where there was one."""
    if grab is None:
        return {}
    name, kind = CLIENTS[grab.release.protocol]
    return {"downloadClient": name, "downloadClientType": kind, "downloadId": grab.release.download_id}


def big_release(release: Release) -> dict[str, Any]:
    """Describe a release as Grab does."""
    return {
        "quality": release.quality.name,
        "qualityVersion": 1,
        "releaseGroup": release.group,
        "releaseTitle": release.title,
        "indexer": release.indexer,
        "size": release.size,
        "customFormatScore": 0,
        "customFormats": [],
        "languages": [LANGUAGE],
    }


def small_release(release: Release) -> dict[str, Any]:
    """Describe a release as all other events do."""
    return {"releaseTitle": release.title, "indexer": release.indexer, "size": release.size}


def media_file(file: MediaFile) -> dict[str, Any]:
    """Describe a file in the library folder."""
    return {
        "id": file.id,
        "relativePath": file.name,
        "path": file.path,
        "quality": file.release.quality.name,
        "qualityVersion": 1,
        "releaseGroup": file.release.group,
        "sceneName": file.release.title,
        "size": file.size,
        "dateAdded": to_tick(file.added_at),
        "languages": [LANGUAGE],
        "mediaInfo": {
            "audioChannels": 1.0,
            "audioCodec": "FLAC",
            "audioLanguages": ["eng"],
            "height": file.release.quality.height,
            "width": file.release.quality.height * 4 // 3,
            "subtitles": ["eng"],
            "videoCodec": "x264",
            "videoDynamicRange": "",
            "videoDynamicRangeType": "",
        },
    }


def source_path(file: MediaFile) -> dict[str, str]:
    """Say where an imported file came from."""
    return {"sourcePath": f"/downloads/{file.release.title}/{file.release.title}.mkv"}


def recycled(file: MediaFile) -> dict[str, Any]:
    """Describe a file that had to make room."""
    return {**media_file(file), "recycleBinPath": f"/recycle{file.path}"}


def manual_interaction(grab: Grab) -> dict[str, Any]:
    """Say why an import waits for a person."""
    release = grab.release
    return {
        "downloadInfo": {
            "quality": release.quality.name,
            "qualityVersion": 1,
            "title": release.title,
            "size": release.size,
        },
        **client(grab),
        "downloadStatus": "Warning",
        "downloadStatusMessages": [{"title": release.title, "messages": list(grab.messages)}],
        "customFormatInfo": NO_FORMATS,
    }
