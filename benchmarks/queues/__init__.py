"""Queues that stand in a database, at the same work: ours and those of others, each a program of its own."""
