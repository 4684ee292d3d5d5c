"""Services are joined to the board: is it the right one, may we ask it, does it call us, and what would mend that."""
