"""The usenet client: nobody but Radarr and Sonarr asks it, so that it has no API here."""
