"""The audit chain as moderators see it: its end, to keep, or that it does not hold."""

from __future__ import annotations

from bot.chat.cards import Button, Card, Fine, Paragraph, Strong, line, note


def audit_head_card(head: str) -> Card:
    """Tell the end of the chain; whoever keeps it can show later that nothing was cut off."""
    return Card(
        notice="The audit chain today",
        blocks=(
            Paragraph(line("The audit chain ends in ", Strong(head), ".")),
            Fine(
                line(
                    "Every act of moderators is an entry of it. With this end the operator can check that "
                    "none is missing, at the shell: ",
                    Strong(f"curbside mod audit verify --head {head}"),
                )
            ),
        ),
    )


def audit_broken_card(problem: str) -> Card:
    """Tell that the chain does not hold."""
    return Card(
        notice="The audit chain does not hold",
        blocks=(
            Paragraph(line(Strong("The audit chain does not hold. "), problem)),
            Fine(line("Somebody changed what moderators did, or a backup was put back. Ask the operator.")),
        ),
    )


def audit_quiet_card() -> Card:
    """Tell it where others may read along, who must not learn that the reader is a moderator."""
    return note("Something waits for you. ", buttons=(Button("Open", "mod queue", "main"),))
