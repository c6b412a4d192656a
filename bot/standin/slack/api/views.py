"""Modals and Home tabs: views.open, push, update, publish."""

from __future__ import annotations

from ..limits.blocks import elements_of
from ..limits.views import too_large, view_problems
from ..modals import STACK_LIMIT, OpenView
from ..wire import Json, SlackError
from .asked import Asked
from .chat import with_block_ids


def open_view(asked: Asked) -> Json:
    """Open a modal for the person whose act gave the trigger id."""
    view = checked_view(asked, asked.args["view"], "modal")
    trigger = asked.team.desk.redeem(asked.args["trigger_id"], asked.world.now())
    return {"view": opened(asked, trigger.person, view).wire()}


def push_view(asked: Asked) -> Json:
    """Put a modal on top of the one the person acted in."""
    view = checked_view(asked, asked.args["view"], "modal")
    desk = asked.team.desk
    trigger = desk.redeem(asked.args["trigger_id"], asked.world.now())
    if not trigger.from_view or desk.by_id(trigger.from_view) is None:
        raise SlackError("not_found")
    return {"view": pushed(asked, trigger.person, view).wire()}


def update_view(asked: Asked) -> Json:
    """Change an open view; a wrong ``hash`` means that somebody else was faster."""
    desk = asked.team.desk
    if "view_id" in asked.args:
        found = desk.by_id(asked.args["view_id"])
    else:
        found = desk.by_external_id(asked.args.get("external_id", ""))
    if found is None:
        raise SlackError("not_found")
    view = checked_view(asked, asked.args["view"], found.body["type"], found)
    if asked.args.get("hash", found.hash) != found.hash:
        raise SlackError("hash_conflict")
    return {"view": changed(asked, found, view).wire()}


def publish_view(asked: Asked) -> Json:
    """Set a person's Home tab."""
    if not asked.app.manifest.has_home():
        raise SlackError("not_enabled")
    person = asked.team.account(asked.args["user_id"])
    view = checked_view(asked, asked.args["view"], "home")
    home = asked.team.desk.homes.get(person.id)
    if asked.args.get("hash", home.hash if home else "") != (home.hash if home else ""):
        raise SlackError("hash_conflict")
    home = changed(asked, home, view) if home else new_view(asked, person.id, view)
    asked.team.desk.homes[person.id] = home
    asked.team.ring("home", person=person.id)
    return {"view": home.wire()}


def checked_view(asked: Asked, view: Json, surface: str, replaced: OpenView | None = None) -> Json:
    """The view if Slack takes it; ``view_too_large``, ``invalid_arguments``, ``duplicate_external_id``."""
    if too_large(view):
        raise SlackError("view_too_large")
    problems = view_problems(view, surface)
    if problems:
        raise SlackError.with_messages("invalid_arguments", problems)
    other = asked.team.desk.by_external_id(view["external_id"]) if view.get("external_id") else None
    if other is not None and other is not replaced:
        raise SlackError("duplicate_external_id")
    return {**view, "blocks": with_block_ids(asked, view["blocks"])}


def opened(asked: Asked, person: str, view: Json) -> OpenView:
    """A first modal for a person; what was open is gone."""
    fresh = new_view(asked, person, view)
    asked.team.desk.stacks[person] = [fresh]
    asked.team.ring("modal", person=person)
    return fresh


def pushed(asked: Asked, person: str, view: Json) -> OpenView:
    """A modal on top of the stack; ``push_limit_reached`` beyond three."""
    stack = asked.team.desk.stacks.setdefault(person, [])
    if len(stack) >= STACK_LIMIT:
        raise SlackError("push_limit_reached")
    fresh = new_view(asked, person, view)
    if stack:
        fresh.root_id, fresh.previous_id = stack[0].id, stack[-1].id
    stack.append(fresh)
    asked.team.ring("modal", person=person)
    return fresh


def changed(asked: Asked, found: OpenView, view: Json) -> OpenView:
    """Another body for an open view; what was filled in stays where block and action keep their ids."""
    found.body, found.hash = view, _hash(asked)
    actions = {block["block_id"]: _actions_of(block) for block in view["blocks"]}
    found.values = {
        block_id: value
        for block_id, value in found.values.items()
        if value.keys() <= actions.get(block_id, set())
    }
    asked.team.ring("modal" if view["type"] == "modal" else "home", person=found.person)
    return found


def new_view(asked: Asked, person: str, view: Json) -> OpenView:
    """A view with fresh ids."""
    view_id = asked.world.mint.id("V")
    app = asked.app
    return OpenView(
        view_id, asked.team.id, person, view, _hash(asked), app.app_id, app.bot_id, root_id=view_id
    )


def _actions_of(block: Json) -> set[str]:
    return {element["action_id"] for element in elements_of(block) if "action_id" in element}


def _hash(asked: Asked) -> str:
    return f"{int(asked.world.now())}.{asked.world.mint.hex(8)}"
