"""One of every card and form of vouching."""

from __future__ import annotations

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.views import vouch as view

CODE = "123456788"

CARDS: dict[str, Card] = {
    "vouch": view.vouch_card(CODE),
    "vouch_noted": view.noted_card(),
    "vouch_no_code": view.no_code_card(),
    "vouch_month_over": view.month_over_card(),
    "vouch_day_over": view.day_over_card(),
    "vouch_physicians_only": view.physicians_only_card(),
    "vouch_not_here": view.not_here_card(),
    "vouch_awaited": view.awaited_card("Your code is 123 456 788."),
    "vouch_vouched": view.vouched_card(),
}
FORMS: dict[str, Form] = {"vouch_form": view.vouch_form()}
