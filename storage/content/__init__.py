"""Content database: cases, opinions, polls, inbox and outbox, under screen names only."""
