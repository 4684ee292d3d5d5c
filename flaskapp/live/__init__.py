"""How a change reaches the browsers."""
