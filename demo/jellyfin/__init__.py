"""The library: items that appear some time after their files, the webhook plugin, and the API."""
