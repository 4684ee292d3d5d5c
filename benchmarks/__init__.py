"""Measurements of the real server on this machine: figures to compare in one run, never promises."""
