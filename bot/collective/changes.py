"""Buckets, and what a case's author changed about them: an overlay that is listed and can be taken back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from bot.collective.names import Disease


@dataclass(frozen=True, slots=True)
class Bucket:
    """What counts as one diagnosis, known by its key; `mesh` is None for its writers' own words."""

    key: str
    name: str = field(compare=False)
    mesh: str | None = field(compare=False)

    @classmethod
    def of(cls, disease: Disease) -> Bucket:
        """Return the bucket of a disease."""
        return cls(disease.name, disease.name, disease.mesh)

    @classmethod
    def own(cls, key: str, name: str) -> Bucket:
        """Return a bucket that no heading names."""
        return cls(f"={key}", name, None)

    @classmethod
    def apart(cls, text: str) -> Bucket:
        """Return the bucket of a text that was split off."""
        return cls.own(f"={text}", text)


@dataclass(frozen=True, slots=True)
class Merge:
    """Two buckets that somebody says are one; the second gives the name. `by` says who, for the list."""

    source: Bucket
    into: Bucket
    by: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """A text that somebody says does not belong to its bucket, whose name is `out_of`."""

    text: str
    out_of: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """What was merged and split, in the order in which it was done."""

    made: tuple[Merge | Split, ...] = ()

    def merge(self, source: Bucket, into: Bucket, by: str = "") -> Changes:
        """Return the changes with two buckets merged."""
        return replace(self, made=(*self.made, Merge(source, into, by)))

    def split(self, text: str, out_of: str = "", by: str = "") -> Changes:
        """Return the changes with a text, as a list shows it, in a bucket of its own."""
        return replace(self, made=(*self.made, Split(text, out_of, by)))

    def without(self, change: Merge | Split) -> Changes:
        """Return the changes without one of them."""
        return replace(self, made=tuple(each for each in self.made if each != change))

    def bucket(self, bucket: Bucket, text: str) -> Bucket:
        """Return where a text of a bucket counts after all changes; the later of two contrary ones holds."""
        for change in self.made:
            if isinstance(change, Split) and change.text == text:
                bucket = Bucket.apart(text)
            elif isinstance(change, Merge) and change.source.key == bucket.key:
                bucket = change.into
        return bucket


NO_CHANGES: Final = Changes()
