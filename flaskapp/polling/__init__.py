"""Asking instead of being told."""
