"""The roster: rows of the public registry, in a database of their own that holds nothing about members."""
