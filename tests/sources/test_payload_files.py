"""Every example body through its source: which observation it gives, under which kind."""

from __future__ import annotations

import pytest

from flaskapp.sources import SOURCES
from tests.sources.samples import AT, sample, translate, webhooks

EXPECTED: dict[tuple[str, str, str | None], list[str]] = {
    ("seerr", "TEST_NOTIFICATION", None): [
        "custom-flat-template-test.json",
        "test-notification.json",
    ],
    ("seerr", "MEDIA_APPROVED", "RequestTold"): [
        "custom-flat-template-tv.json",
        "media-approved-movie-4k.json",
        "media-approved-movie-repeated-after-edit.json",
        "media-approved-movie.json",
        "media-approved-tv-partial-seasons.json",
        "template-before-mid-2023-no-discord-or-telegram-keys.json",
    ],
    ("seerr", "MEDIA_PENDING", "RequestTold"): [
        "custom-template-with-blocks-removed.json",
        "dollar-ampersand-in-title-corrupts-subject.json",
        "media-pending-movie-4k.json",
        "media-pending-movie-no-year-in-subject.json",
        "media-pending-movie-null-poster-empty-overview-quoted-title.json",
        "media-pending-movie.json",
        "media-pending-tv-partial-seasons.json",
        "not-upstream-numeric-ids-from-a-relay.json",
        "overseerr-1.34-media-pending-movie.json",
        "seerr-3.3-template-media-pending-movie.json",
        "seerr-3.3-template-media-pending-tv.json",
    ],
    ("seerr", "ISSUE_COMMENT", None): [
        "issue-comment-movie.json",
        "seerr-3.3-template-issue-comment.json",
    ],
    ("seerr", "ISSUE_CREATED", None): [
        "issue-created-movie.json",
        "issue-created-tv-episode.json",
        "issue-created-tv-whole-season-type-other.json",
    ],
    ("seerr", "ISSUE_REOPENED", None): [
        "issue-reopened-tv.json",
    ],
    ("seerr", "ISSUE_RESOLVED", None): [
        "issue-resolved-tv.json",
    ],
    ("seerr", "MEDIA_AVAILABLE", "RequestTold"): [
        "jellyseerr-1.9-absolute-avatar-url.json",
        "media-available-movie-4k.json",
        "media-available-movie.json",
        "media-available-tv-partial-seasons-media-still-partial.json",
        "overseerr-1.34-media-available-tv.json",
        "seerr-3.2-template-media-available-movie.json",
        "seerr-3.3-template-media-available-already-in-library-1-of-3.json",
        "seerr-3.3-template-media-available-already-in-library-2-of-3.json",
        "seerr-3.3-template-media-available-movie-4k.json",
        "seerr-3.3-template-media-available-movie.json",
    ],
    ("seerr", "MEDIA_AUTO_APPROVED", "RequestTold"): [
        "media-auto-approved-movie-4k.json",
        "media-auto-approved-movie-while-4k-copy-exists.json",
        "seerr-3.3-with-old-stored-template-literal-placeholder.json",
    ],
    ("seerr", "MEDIA_DECLINED", "RequestTold"): [
        "media-declined-movie.json",
        "overseerr-1.34-media-declined-movie.json",
    ],
    ("seerr", "MEDIA_FAILED", "RequestTold"): [
        "media-failed-movie.json",
        "media-failed-tv-one-season.json",
    ],
    ("seerr", "MEDIA_AUTO_REQUESTED", "RequestTold"): [
        "never-delivered-media-auto-requested.json",
    ],
    ("radarr", "ApplicationUpdate", None): [
        "application-update.json",
    ],
    ("radarr", "Download", "FileImported"): [
        "download-import-usenet.json",
        "download-import-v4.7.json",
        "download-import.json",
        "download-manual-import-untracked.json",
        "download-missing-media-info.json",
        "download-upgrade.json",
        "download-without-grab.json",
    ],
    ("radarr", "Grab", "Grabbed"): [
        "grab-blackhole-no-download-id.json",
        "grab-missing-optional-fields.json",
        "grab-regrab-after-failure.json",
        "grab-torrent.json",
        "grab-upgrade-candidate.json",
        "grab-usenet-nzbget.json",
        "grab-usenet-sabnzbd.json",
        "grab-v4.7.json",
    ],
    ("radarr", "Health", None): [
        "health-error.json",
        "health-warning.json",
    ],
    ("radarr", "HealthRestored", None): [
        "health-restored.json",
    ],
    ("radarr", "ManualInteractionRequired", "ImportBlocked"): [
        "manual-interaction-required-matched-by-id.json",
        "manual-interaction-required.json",
    ],
    ("radarr", "ManualInteractionRequired", None): [
        "manual-interaction-required-unknown-movie.json",
    ],
    ("radarr", "MovieAdded", "EntryTold"): [
        "movie-added-list.json",
        "movie-added-manual.json",
    ],
    ("radarr", "MovieDelete", "EntryDeleted"): [
        "movie-delete-keep-files.json",
        "movie-delete-with-files.json",
    ],
    ("radarr", "MovieFileDelete", "FileDeleted"): [
        "movie-file-delete-manual-override.json",
        "movie-file-delete-manual.json",
        "movie-file-delete-missing-from-disk.json",
        "movie-file-delete-upgrade.json",
    ],
    ("radarr", "Rename", "EntryTold"): [
        "rename.json",
    ],
    ("radarr", "Test", None): [
        "test-v4.7.json",
        "test.json",
    ],
    ("sonarr", "ApplicationUpdate", None): [
        "application-update.json",
    ],
    ("sonarr", "Download", "FileImported"): [
        "download-anime.json",
        "download-manual-import-untracked.json",
        "download-missing-media-info.json",
        "download-multi-episode-file-upgrade.json",
        "download-multi-episode-file.json",
        "download-season-pack-1-of-4.json",
        "download-season-pack-2-of-4.json",
        "download-season-pack-3-of-4.json",
        "download-season-pack-4-of-4.json",
        "download-single-episode.json",
        "download-upgrade-v3.json",
        "download-upgrade.json",
        "download-usenet.json",
        "download-v3.json",
        "download-without-grab.json",
    ],
    ("sonarr", "EpisodeFileDelete", "FileDeleted"): [
        "episode-file-delete-manual-override.json",
        "episode-file-delete-manual.json",
        "episode-file-delete-missing-from-disk.json",
        "episode-file-delete-upgrade.json",
        "episode-file-delete-v3.json",
    ],
    ("sonarr", "Grab", "Grabbed"): [
        "grab-anime.json",
        "grab-blackhole-no-download-id.json",
        "grab-daily.json",
        "grab-missing-optional-fields.json",
        "grab-season-pack-22-episodes.json",
        "grab-season-pack-v3.json",
        "grab-season-pack-v5-preview.json",
        "grab-season-pack.json",
        "grab-single-episode.json",
        "grab-usenet-nzbget.json",
        "grab-usenet-sabnzbd.json",
        "grab-v3.json",
    ],
    ("sonarr", "Health", None): [
        "health-error.json",
        "health-warning.json",
    ],
    ("sonarr", "HealthRestored", None): [
        "health-restored.json",
    ],
    ("sonarr", "Download", "ImportCompleted"): [
        "import-complete-season-pack.json",
        "import-complete-single-episode.json",
        "import-complete-untracked-manual-import.json",
    ],
    ("sonarr", "ManualInteractionRequired", None): [
        "manual-interaction-required-unknown-series.json",
    ],
    ("sonarr", "ManualInteractionRequired", "ImportBlocked"): [
        "manual-interaction-required.json",
    ],
    ("sonarr", "Rename", "EntryTold"): [
        "rename.json",
    ],
    ("sonarr", "SeriesAdd", "EntryTold"): [
        "series-add-anime.json",
        "series-add.json",
    ],
    ("sonarr", "SeriesDelete", "EntryDeleted"): [
        "series-delete-keep-files.json",
        "series-delete-v3.json",
        "series-delete-with-files.json",
    ],
    ("sonarr", "Test", None): [
        "test-v3.json",
        "test.json",
    ],
    ("jellyfin", "ItemAdded", "LibraryItemAdded"): [
        "item-added-double-episode.json",
        "item-added-episode-provider-ids-are-the-episodes.json",
        "item-added-episode-series-not-linked-yet.json",
        "item-added-movie-accented-title-double-braces-html-encoded.json",
        "item-added-movie-quoted-title-json-encode-doubles-escapes.json",
        "item-added-movie-quoted-title-triple-braces.json",
        "item-added-movie-without-provider-ids.json",
        "item-added-movie.json",
        "item-added-season.json",
        "item-added-series.json",
        "item-added-special-season-zero.json",
        "malformed-multiline-overview.txt",
        "malformed-quoted-title-double-braces.txt",
        "malformed-unquoted-number-missing.txt",
        "send-all-properties-item-added-episode.json",
        "send-all-properties-item-added-movie.json",
        "send-all-properties-item-added-series.json",
    ],
    ("jellyfin", "ItemDeleted", "LibraryItemRemoved"): [
        "item-deleted-episode.json",
        "item-deleted-movie.json",
        "send-all-properties-item-deleted-movie.json",
    ],
}
FILES = [(*expected, name) for expected, names in EXPECTED.items() for name in names]


@pytest.mark.parametrize(("source", "kind", "observed", "name"), FILES)
def test_each_body_gives_what_it_says(source: str, kind: str, observed: str | None, name: str) -> None:
    translation = translate(source, sample(source, name))

    assert translation.kind == kind
    assert [type(each).__name__ for each in translation.observations] == ([observed] if observed else [])
    assert all(each.seen_at == AT for each in translation.observations)
    assert (translation.reason is None) == bool(observed)


@pytest.mark.parametrize("source", SOURCES)
def test_no_body_is_left_out_of_the_table(source: str) -> None:
    listed = sorted(name for of, _, _, name in FILES if of == source)

    assert listed == [path.name for path in webhooks(source)]


def test_only_what_is_truly_odd_is_noted() -> None:
    noted = {name: notes for source, _, _, name in FILES if (notes := translate(source, sample(source, name)).notes)}

    assert noted == {
        "custom-flat-template-tv.json": ("event is absent, the request counts as HD",),
        "malformed-multiline-overview.txt": ("body is not quite JSON, what could be read of it was taken",),
        "malformed-quoted-title-double-braces.txt": ("body is not quite JSON, what could be read of it was taken",),
        "malformed-unquoted-number-missing.txt": ("body is not quite JSON, what could be read of it was taken",),
    }
