"""A local Slack: workspaces, people and one app each, on loopback, refusing what Slack refuses.

Set up::

    async with SlackStandin(clock=ManualClock(), seed=7, rate_limits=True) as slack:
        anna = slack.add_workspace("st-anna", manifest=None)     # manifest: dict; None = everything allowed
        eva = anna.add_person("eva", real_name="Eva Lind", email="eva@st-anna.example")
        room = anna.add_channel("consult", private=True, members=[eva], app_is_member=True)
        app = anna.app            # .bot_token .app_token .signing_secret .bot_user_id .bot_id .app_id .scopes
        AsyncWebClient(token=app.bot_token, base_url=slack.api_url)   # "http://127.0.0.1:<port>/api/"
        app.deliver_to = "http://127.0.0.1:9000/slack/events"    # signed HTTP; None = Socket Mode
        room.id, eva.id, anna.id                                 # C…, U…, T…
        other = slack.add_workspace("city", app_of=anna)         # the same app, not installed there yet
        # also: add_person(guest=True, single_channel_guest=True, is_bot=True, deleted=True, admin=True,
        #                  email_confirmed=False, home_team="T…"),
        #       add_channel(private=False, shared=True, archived=True, posting_restricted=True)

A person acts; what calls the app waits for its ``Outcome(ok, error, reply, errors)``::

    await eva.slash("/consult", "case", channel=room)      # error: operation_timeout, dispatch_failed, …
    await eva.click(message, "give_opinion", value=None)   # message: as read below; or eva.modal, eva.home
    await eva.choose(message, "menu", "option-value")      # any menu; a list for multi-selects and checkboxes
    await eva.shortcut("new_consult")                      # global shortcut, by callback_id
    await eva.message_shortcut("give_opinion", message)
    await eva.fill({"story": "text"})                      # fields by action_id or block_id
    await eva.submit({"photos": [("scan.png", data)]})     # wrong or missing fields: outcome.errors
    await eva.close_modal()
    await eva.say(room, "text", thread=message, files=[("a.png", data)])   # returns the message
    await eva.say_dm("text", files=[...])                  # to the app
    await eva.edit(message, "text"); await eva.delete(message); await eva.react(message, "eyes")
    await eva.open_home(); await eva.leaves(room); await eva.joins(room); await eva.deactivated()
    await eva.edits_profile(real_name="Eva Lind-Roth", email="eva@st-anna.example")
    await eva.brings_app(room)                             # /invite
    back = await eva.consents(address)                     # or declines(): the consent page, and the way back
    anna.uninstall()                                       # by an admin

A person reads (plain dicts in Slack's wire shape; ``channel`` is added to messages)::

    eva.channel(room)   eva.thread(room, message)   eva.dm()   eva.ephemerals(room)   # lists, oldest first
    eva.modal   eva.modals   eva.home                      # view dict or None; stack; home view
    eva.download(file_id)   eva.errors                     # bytes; what Slack told her went wrong
    await slack.until(lambda: eva.modal is not None, timeout=5.0)   # woken by changes; real-time limit
    message = await slack.found(lambda: next((m for m in eva.channel(room) if "#1" in m["text"]), None))
    async for change in slack.changes(): change.kind, change.team, change.channel, change.person, change.ts

Time, trouble, evidence::

    await clock.advance(60)              # trigger ids, acknowledgements, redelivery, limits follow this clock
    slack.faults.ratelimit("chat.postMessage", times=2, retry_after=1)
    slack.faults.server_error("chat.update", times=1, status=503, after_commit=False)
    slack.faults.drop("chat.postMessage", times=1, after_commit=True)      # connection cut, no answer
    slack.faults.delay("views.open", seconds=1.0, times=1)
    slack.faults.at_rate("chat.postMessage", ratelimit=.10, server_error=.05, drop_after_commit=.02)
    slack.faults.duplicate_envelopes(); slack.faults.repeat_events(again=3); slack.faults.lose_acks()
    slack.faults.clear()
    await slack.sockets.abort()          # or refresh(), close(), freeze(); of all, or of one workspace.team
    slack.calls                          # list of Call(method, team, args, ok, error, at, token_kind, fault)
    slack.calls_of("chat.update"); slack.log.refused()

With a ``ManualClock`` an act waits for ever if the app never acknowledges: start it as a task, advance 3 s.
In a process of its own: ``python -m bot.standin.slack --config file.json``; see ``control`` and ``remote``.
"""

from .accounts import App
from .calls import Call
from .changes import Change, ChangeFeed
from .channels import Channel
from .clock import Clock, ManualClock, SystemClock
from .http import signature
from .player.forms import NotOffered
from .player.person import Person
from .player.stage import NotAllowed, Outcome
from .standin import SlackStandin, Workspace
from .wire import Json, SlackError

__all__ = [
    "App",
    "Call",
    "Change",
    "ChangeFeed",
    "Channel",
    "Clock",
    "Json",
    "ManualClock",
    "NotAllowed",
    "NotOffered",
    "Outcome",
    "Person",
    "SlackError",
    "SlackStandin",
    "SystemClock",
    "Workspace",
    "signature",
]
