"""What a hospital must still do by hand after `curbside init`, in order."""

from __future__ import annotations

from pathlib import Path

from bot.cli.firstconfig import Answers, MatrixAnswers, SlackAnswers, secret_files
from bot.config import Settings


def by_hand(answers: Answers, settings: Settings, config: Path, manifest: Path) -> str:
    """List the steps, numbered."""
    steps = []
    if answers.slack:
        steps += _slack(answers.slack, manifest)
    if answers.matrix:
        steps += _matrix(answers.matrix)
    files = "".join(
        f"\n       {path}   ({what})" for path, what in secret_files(answers, config.parent).items()
    )
    steps.append(f"Put each secret into its file; they are there, empty, for this account only:{files}")
    steps.append(f"curbside doctor --config {config}   (until no line begins with fail)")
    steps.append(f"curbside run --config {config}")
    steps.append(f"curbside mod first --config {config}   (a code; its holder becomes the first moderator)")
    steps.append("A private room for the moderators, if you want one, into [moderators].")
    steps.append(
        f"curbside roster import FILE --config {config}   (without it a moderator looks at everybody)"
    )
    told = "\n".join(f"  {number}. {step}" for number, step in enumerate(steps, start=1))
    return f"Now by hand:\n{told}\nThe data will live in {settings.data_dir}."


def _slack(site: SlackAnswers, manifest: Path) -> list[str]:
    last = (
        "Basic Information > Signing Secret: copy it."
        if site.public_url
        else "Basic Information > App-Level Tokens: generate one with the scope connections:write."
    )
    way_in = [f"Let your proxy pass POST {site.events_url} on to the address of [http], and nothing else."]
    return [
        *(way_in if site.public_url else []),
        f"https://api.slack.com/apps > Create New App > From a manifest: paste {manifest}.",
        "Install the app to the workspace; copy the Bot User OAuth Token (xoxb-).",
        last,
        f"In the private channel {site.channel}: /invite @Curbside; let only the bot post, if you can.",
    ]


def _matrix(site: MatrixAnswers) -> list[str]:
    address = f"{site.homeserver.rstrip('/')}/_synapse/admin/v1/users/{site.user}/override_ratelimit"
    name = site.user.removeprefix("@").partition(":")[0]
    lift = [
        "Lift its rate limit; without this a busy day leaves at 12 messages a minute (Synapse, as an admin):",
        "curl -X POST -H 'Authorization: Bearer ADMIN_TOKEN' -H 'Content-Type: application/json' \\",
        f"""  -d '{{"messages_per_second": 0, "burst_count": 0}}' '{address}'""",
    ]
    account = [
        f"On the homeserver, create the account {site.user} with a long random password",
        f"(Synapse: register_new_matrix_user --no-admin -u {name} -c homeserver.yaml).",
    ]
    return ["\n       ".join(lines) for lines in (account, lift)]
