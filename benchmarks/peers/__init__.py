"""Other people's de-identifiers beside ours: each in an environment and a process of its own."""
