"""Our own fake media server: Seerr, Radarr, Sonarr, Jellyfin and qBittorrent over one world in memory.

Each service has a folder: what it does (its model), what it says (its webhooks), what it answers (its API).
The clock is handed in, so that tests drive the world without sleeping and the demo drives it in real time.
"""
