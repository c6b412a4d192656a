"""Names of diseases: MeSH headings with everything they are called, and what clinicians shorten them to."""

from bot.collective.names.table import Disease, Names, load

__all__ = ["Disease", "Names", "load"]
