"""The download client: torrents that move, and the Web API that tells of them."""
