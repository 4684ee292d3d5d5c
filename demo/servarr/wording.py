"""What Radarr and Sonarr say to people: in the language of their pages, so that nothing can be concluded from it."""

from __future__ import annotations

ENGLISH = {
    "metaDL": "qBittorrent is downloading metadata",
    "stalledDL": "The download is stalled with no connections",
    "error": "qBittorrent is reporting an error",
    "missingFiles": "qBittorrent is reporting missing files",
    "mismatch": "Found matching title by grab history, but the release name does not match. Manual import required.",
    "partly": "One or more episodes expected in this release were not imported or missing from the release",
    "no_room": "Not enough free space",
    "no_path": "Import failed, path does not exist or is not accessible. Ensure the path exists: {}",
    "failed": "The download client failed",
    "by_hand": "Manually marked as failed",
    "webhooks": "Notifications unavailable due to failures: {}",
    "client": "Download clients unavailable due to failures: {}",
}
ITALIAN = {
    "metaDL": "qBittorrent sta scaricando i metadati",
    "stalledDL": "Il download è in stallo senza connessioni",
    "error": "qBittorrent segnala un errore",
    "missingFiles": "qBittorrent segnala file mancanti",
    "mismatch": "Titolo trovato nella cronologia, ma il nome non corrisponde. Serve l'importazione manuale.",
    "partly": "Uno o più episodi attesi in questa release non sono stati importati o mancano",
    "no_room": "Spazio libero insufficiente",
    "no_path": "Importazione fallita, il percorso non esiste o non è accessibile. Controllare il percorso: {}",
    "failed": "Il client di download ha fallito",
    "by_hand": "Segnato manualmente come fallito",
    "webhooks": "Notifiche non disponibili a causa di errori: {}",
    "client": "Client di download non disponibili a causa di errori: {}",
}
LANGUAGES = {"en": ENGLISH, "it": ITALIAN}


def say(language: str, word: str, *details: str) -> str:
    """Give a sentence; what the client itself said has no translation."""
    return LANGUAGES[language].get(word, word).format(*details)
