"""Radarr and Sonarr, which are one program in two dialects."""
