"""Identity: the wall between accounts and members."""
