"""Demo: two invented hospitals on this machine, the bot between them, and one page to play both."""
