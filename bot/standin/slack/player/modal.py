"""Forms: fill in, send, close, and what the app's answer to a sent form does."""

from __future__ import annotations

from typing import Any

from ..api.asked import Asked
from ..api.views import changed, checked_view, pushed
from ..limits.rules import one_of, shape
from ..modals import OpenView
from ..payloads import closing_payload, submission_payload
from ..wire import Json, SlackError
from .acts import log_answer
from .forms import NotOffered, complete_state, field_named, fillable, input_problems, state_value
from .stage import Outcome, Stage
from .writing import uploaded

ACTIONS = ("clear", "update", "push", "errors")


def top_view(stage: Stage, person: str) -> OpenView:
    """The form a person sees; NotOffered when none is open."""
    view = stage.team.desk.top(person)
    if view is None:
        raise NotOffered("no form is open")
    return view


def fill(stage: Stage, person: str, entries: dict[str, Any]) -> None:
    """Put something into fields of the open form, named by action_id or block_id."""
    view = top_view(stage, person)
    for name, given in entries.items():
        block, element = field_named(view.blocks, name)
        value = _attached(stage, person, given) if element["type"] == "file_input" else given
        view.values.setdefault(block["block_id"], {})[element["action_id"]] = state_value(element, value)
    stage.team.ring("filled", person=person)


def _attached(stage: Stage, person: str, given: Any) -> list[Json]:
    """Files go up at once; they stay the person's own."""
    return [uploaded(stage.team, person, name, content).info_wire() for name, content in given or []]


async def submit(stage: Stage, person: str, entries: dict[str, Any]) -> Outcome:
    """Fill in and send; Slack's client holds back a form with missing or wrong fields."""
    fill(stage, person, entries)
    view = top_view(stage, person)
    if "submit" not in view.body:
        raise NotOffered("this form has no button to send it")
    view.values = complete_state(view.blocks, view.values)
    problems = input_problems(view.blocks, view.values)
    if problems:
        return Outcome(ok=False, error="invalid_input", errors=problems)
    _hand_over_files(stage, view)
    payload = submission_payload(stage.team, person, view, stage.trigger(person, view.id))
    outcome = await stage.deliver(person, "interactive", payload)
    return _answered(stage, person, view, outcome.reply) if outcome.ok else outcome


def _hand_over_files(stage: Stage, view: OpenView) -> None:
    for block, element in fillable(view.blocks):
        entry = view.values[block["block_id"]][element["action_id"]]
        for file in entry.get("files") or []:
            stage.team.files[file["id"]].open_to_app = True


def _answered(stage: Stage, person: str, view: OpenView, reply: Json) -> Outcome:
    action = reply.get("response_action", "")
    try:
        errors = _follow(stage, person, view, reply) if reply else _closed(stage, view)
    except SlackError as refusal:
        log_answer(stage, "ack.view_submission", reply, refusal.code)
        return stage.failed(person, "invalid_response")
    if reply:
        log_answer(stage, "ack.view_submission", reply)
    return Outcome(ok=action != "errors", error="errors" if errors else "", reply=reply, errors=errors)


def _closed(stage: Stage, view: OpenView) -> dict[str, str]:
    stage.team.desk.drop(view)
    stage.team.ring("modal", person=view.person)
    return {}


def _follow(stage: Stage, person: str, view: OpenView, reply: Json) -> dict[str, str]:
    """Do what the app's answer says; the errors to show, if that is what it says."""
    _check_answer(reply)
    asked = Asked(stage.team.world, stage.team, reply, "ack")
    action = reply["response_action"]
    if action == "errors":
        return _shown_errors(view, reply.get("errors"))
    if action == "clear":
        stage.team.desk.clear(person)
        stage.team.ring("modal", person=person)
        return {}
    if action == "push":
        pushed(asked, person, checked_view(asked, reply.get("view") or {}, "modal"))
    else:
        changed(asked, view, checked_view(asked, reply.get("view") or {}, "modal", view))
    return {}


def _check_answer(reply: Json) -> None:
    def anything(value: Any, at: str) -> Any:
        return iter(())

    answer = shape({"response_action": one_of(*ACTIONS)}, {"view": anything, "errors": anything})
    problems = list(answer(reply, ""))
    if problems:
        raise SlackError.with_messages("invalid_arguments", problems)


def _shown_errors(view: OpenView, errors: Any) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or set(errors) - inputs:
        raise SlackError.with_messages("invalid_arguments", ["errors must name input blocks of the view"])
    return errors


async def close(stage: Stage, person: str, *, everything: bool) -> Outcome:
    """Close the top form, or all of them; the app hears of it where it asked to."""
    view = top_view(stage, person)
    stack = stage.team.desk.stacks[person]
    everything = everything or bool(view.body.get("clear_on_close"))
    gone = list(reversed(stack)) if everything else [view]
    for each in gone:
        stage.team.desk.drop(each)
    stage.team.ring("modal", person=person)
    outcome = Outcome(ok=True)
    for each in gone:
        if each.body.get("notify_on_close"):
            each.values = complete_state(each.blocks, each.values)
            payload = closing_payload(stage.team, person, each, is_cleared=everything)
            outcome = await stage.deliver(person, "interactive", payload)
    return outcome
