"""Actions: what an adapter is asked to do for one delivery."""

from __future__ import annotations

from bot.chat.cards import Card
from bot.commands.pictures import PictureGone, load_images
from bot.ports.adapter import Action, Delete, Edit, Image, Part, Post, Replace, Undeliverable
from bot.ports.outbox import Claimed, What
from bot.ports.work import Content


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


async def images_of(content: Content, action: Action) -> dict[str, Image]:
    """Load the pictures that an action shows; raises ``Undeliverable`` where one is gone."""
    if isinstance(action, Delete):
        return {}
    try:
        return await load_images(content, action.card.pictures)
    except PictureGone as gone:
        raise Undeliverable("picture_gone") from gone
