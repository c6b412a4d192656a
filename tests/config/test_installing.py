"""Workspaces that install the app by themselves, as the file has them, and what such a file may lack."""

import pytest

from tests.config.files import ConfigFolder

SITE = """
[[slack]]
name = "{name}"
team = "{team}"
mode = "http"
signing_secret = "canary-signing"
channel = "C0123456789"
"""
APP = '[slack_oauth]\nclient_id = "1.2"\nclient_secret = "canary-secret"\n'
PUBLIC = '[http]\npublic_url = "https://consult.st-anna.example"\n'


def site(name: str = "city", team: str = "T0123456789") -> str:
    return SITE.format(name=name, team=team)


def test_a_workspace_may_come_without_a_token(folder: ConfigFolder) -> None:
    folder.write(APP + PUBLIC + site() + site("lake", "T0987654321"))

    settings = folder.load()

    assert [one.installs_itself for one in settings.slack] == [True, True]
    assert "canary" not in repr(settings)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (APP + PUBLIC + site(team=""), "or give team, and the workspace installs the app by itself"),
        (APP + PUBLIC + site(team="city"), "[[slack]] city team must be the workspace's id"),
        (APP + PUBLIC + site().replace('"http"', '"socket"'), "mode must be http where a workspace installs"),
        (PUBLIC + site(), "but [slack_oauth] lacks client_id or client_secret"),
        ('[slack_oauth]\nclient_id = "1.2"\n' + PUBLIC + site(), "lacks client_id or client_secret"),
        (APP + site(), "but [http] has no public_url to install at"),
        (APP + PUBLIC + site() + site("lake"), "names the team T0123456789 in two [[slack]] sections"),
        (
            APP + PUBLIC + site() + site("lake", "T0987654321") + 'api_url = "https://slack-gov.com/api/"\n',
            "has different api_url in [[slack]] without a bot_token",
        ),
    ],
)
def test_what_is_missing_is_told_in_one_sentence(folder: ConfigFolder, text: str, said: str) -> None:
    folder.write(text)

    [problem] = folder.said()

    assert said in problem


def test_a_token_may_be_tied_to_a_workspace(folder: ConfigFolder) -> None:
    folder.write(site() + 'bot_token = "canary-token"\n')

    [one] = folder.load().slack

    assert (one.team, one.installs_itself) == ("T0123456789", False)
