"""`curbside polls`: tokens counted and redeemed, in one line and as JSON, and nothing about people."""

from __future__ import annotations

import json
from datetime import date

import pytest

from bot.domain.claims import ClaimCounts, Claimed, Redemption
from tests.cli.stage import Terminal

TOKEN = "7GQ2-MX4D-0RTA-91KZ"
DAY = date(2026, 3, 4)
CAME = {
    Claimed.NOW: (0, DAY, "The token of poll 45 is good, and is taken as paid from now on.\n"),
    Claimed.EARLIER: (1, DAY, "This token of poll 45 was paid on 2026-03-04.\n"),
    Claimed.UNKNOWN: (1, None, "Poll 45 gave out no such token.\n"),
    Claimed.SLIP: (
        1,
        None,
        "This is no token: a sign is wrong, missing or in the wrong place. Type it once more.\n",
    ),
}


@pytest.mark.parametrize("claimed", Claimed)
def test_a_token_is_redeemed_in_one_line(terminal: Terminal, claimed: Claimed) -> None:
    code, on, sentence = CAME[claimed]
    terminal.bot.claims.came = Redemption(claimed, on)

    ended = terminal.type("polls", "redeem", "45", TOKEN)
    assert (ended.code, ended.out) == (code, sentence)
    told = terminal.type("polls", "redeem", "45", *TOKEN.split("-"), "--json")
    assert json.loads(told.out) == {"poll": 45, "claimed": claimed.value, "on": str(on) if on else None}
    assert terminal.bot.claims.typed == [TOKEN, TOKEN.replace("-", " ")]


def test_tokens_are_counted(terminal: Terminal) -> None:
    told = terminal.type("polls", "claims", "45")
    assert (told.code, told.out) == (0, "Poll 45: 12 tokens given out, 5 of them paid.\n")
    told = terminal.type("polls", "claims", "45", "--json")
    assert json.loads(told.out) == {"poll": 45, "minted": 12, "redeemed": 5}
    terminal.bot.claims.counted = ClaimCounts(0, 0)
    assert terminal.type("polls", "claims", "45").out.startswith("Poll 45 has given out no token")


def test_a_poll_that_is_not_there_is_named(terminal: Terminal) -> None:
    for words in (("claims", "46"), ("redeem", "46", TOKEN)):
        ended = terminal.type("polls", *words)
        assert (ended.code, ended.err) == (2, "curbside: there is no poll 46\n")
