"""The HTTP edge: read, call one thing, answer."""
