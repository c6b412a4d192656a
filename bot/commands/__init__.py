"""Commands: decide what a member's words and buttons do."""
