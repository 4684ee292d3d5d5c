"""One thin HTTP client per service: ask, time-out, JSON; no meaning."""
