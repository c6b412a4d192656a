"""The page at the end of an installation: every end has its sentences, and the way to begin again."""

from __future__ import annotations

import pytest

from bot.domain.installing import Ending
from bot.views.install_page import install_page


@pytest.mark.parametrize("ending", list(Ending))
def test_every_end_says_what_happened_and_what_comes_next(ending: Ending) -> None:
    page = install_page(ending)
    assert page.count("<h1>") == 1
    assert page.count("<p>") >= 2
    assert "<script" not in page
    assert "!" not in page.replace("<!doctype", "")
    leads_back = '<a href="install">Begin again</a>' in page
    assert leads_back is (ending not in (Ending.INSTALLED, Ending.ENDING_TOKEN))
