"""Actions: what an adapter is asked to do for one delivery."""

from __future__ import annotations

from bot.chat.cards import Card
from bot.ports.adapter import Action, Delete, Edit, Part, Post, Replace, Undeliverable
from bot.ports.outbox import Claimed, What


def action_of(claimed: Claimed, card: Card | None, parts: tuple[Part, ...]) -> Action:
    """Give the action of a delivery on some parts; raises ``Undeliverable`` where its card is missing."""
    if claimed.what is What.DELETE:
        return Delete(parts)
    if card is None:
        raise Undeliverable("no_card")
    if claimed.what is What.EDIT:
        return Edit(card, parts, claimed.thread_root)
    if claimed.what is What.REPLACE:
        return Replace(card, parts, claimed.thread_root)
    return Post(card, claimed.thread_root)
