"""Story: the whole walk of a case, played by itself and told line by line as it is observed."""

from bot.demo.story.play import play

__all__ = ["play"]
