"""Storage: what the bot keeps, in two databases that do not know each other."""
