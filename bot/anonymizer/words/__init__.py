"""What is known about words: general and clinical lists, and a table of English words, names and places."""

from bot.anonymizer.words.knowledge import Word, about, fold, place_rank, section, sections_of, words_of

__all__ = ["Word", "about", "fold", "place_rank", "section", "sections_of", "words_of"]
