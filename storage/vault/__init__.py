"""Identity vault: accounts, evidence and keys, sealed, in a database of its own."""
