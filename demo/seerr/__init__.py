"""Where people ask: requests and their words, the webhook template, and the API."""
