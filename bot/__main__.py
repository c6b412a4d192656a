"""`python -m bot` is `curbside`."""

from bot.cli import main

main()
