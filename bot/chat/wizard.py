"""The wizard: a form asked question by question, where there are no forms. Pure: words in, state out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.chat.answers import Part, joined
from bot.chat.cards import Block, Button, Card, Fine, Items, Paragraph, Quote, Strong, Word, line
from bot.chat.choosing import chosen_of, example_of
from bot.chat.events import FileRef
from bot.chat.forms import ChoiceField, Field, FilesField, Form, TextField
from bot.chat.text import Line, counted


@dataclass(frozen=True, slots=True)
class Wizard:
    """Where the talk stands: the form, the answers so far, and the field that is being asked."""

    form: Form
    step: int = 0
    values: Mapping[str, str] = field(default_factory=dict)
    files: tuple[FileRef, ...] = ()
    hint: str = ""
    """What was wrong with the last answer, or what was noted; one sentence."""
    sent: tuple[str, ...] = ()
    """Remotes of the person's own messages that hold the answers."""
    parts: tuple[Part, ...] = ()
    """What each message said of a text that is gathered from several."""

    @property
    def finished(self) -> bool:
        """All fields are answered."""
        return self.step >= len(self._asked)

    @property
    def _asked(self) -> tuple[Field, ...]:
        """The fields that get a question; files are gathered along with the long text before them."""
        return tuple(
            item for item in self.form.fields if not isinstance(item, FilesField) and not item.detail
        )

    @property
    def offers_numbers(self) -> bool:
        """The current question is answered with the number of a choice."""
        return not self.finished and isinstance(self._asked[self.step], ChoiceField)

    @property
    def gathered(self) -> FilesField | None:
        """The files that may come in while the current field is asked."""
        if self.finished:
            return None
        following = self.form.fields[self.form.fields.index(self._asked[self.step]) + 1 :][:1]
        return following[0] if following and isinstance(following[0], FilesField) else None

    def ask_too(self, name: str, hint: str) -> Wizard:
        """Ask for a detail in its turn after all, with another hint."""
        fields = tuple(
            replace(item, detail=False, hint=hint)
            if isinstance(item, TextField) and item.name == name
            else item
            for item in self.form.fields
        )
        return replace(self, form=replace(self.form, fields=fields))

    def hear(self, text: str, files: tuple[FileRef, ...] = (), remote: str = "") -> Wizard:
        """Take an answer (or *skip*, *back*, *done*); gives the wizard with the next question.

        ``remote`` is the person's message that holds the answer, where it may be taken back later.
        """
        heard = self._hear(text, files)
        if not remote:
            return heard
        asked = self._asked[self.step]
        gathered = self.gathered is not None and heard.values != self.values
        part = (Part(remote, asked.name, text.strip()),) if gathered else ()
        return replace(heard, sent=(*heard.sent, remote), parts=(*heard.parts, *part))

    def reword(self, message: str, text: str) -> Wizard | None:
        """Let a message of a gathered text say something else, or nothing; None for any other message."""
        field = next((part.field for part in self.parts if part.message == message), "")
        asked = next((one for one in self._asked if one.name == field), None)
        if not isinstance(asked, TextField):
            return None
        parts = tuple(
            replace(part, text=text.strip()) if part.message == message else part for part in self.parts
        )
        told = joined(parts, field, asked.initial)
        if len(told) > asked.max_length:
            hint = f"That would be {len(told)} characters; {asked.max_length} fit. It stays as it was."
            return replace(self, hint=hint)
        hint = f"Changed: {counted(len(told), 'character')} now."
        return replace(self, values={**self.values, field: told}, parts=parts, hint=hint)

    def _hear(self, text: str, files: tuple[FileRef, ...]) -> Wizard:
        asked = self._asked[self.step]
        word = text.strip().casefold()
        if word == "back":
            return replace(self, step=max(0, self.step - 1), hint="")
        if self.gathered is not None and isinstance(asked, TextField):
            return self._gather(asked, self.gathered, text, files)
        if files:
            return replace(self, hint="A picture does not fit here. Answer the question first.")
        if word == "skip":
            return self._skip(asked)
        return self._choose(asked, word) if isinstance(asked, ChoiceField) else self._write(asked, text)

    def _gather(self, asked: TextField, wanted: FilesField, text: str, files: tuple[FileRef, ...]) -> Wizard:
        if text.strip().casefold() == "done" and not files:
            return self._done(asked)
        told = "\n".join(part for part in (self.values.get(asked.name, ""), text.strip()) if part)
        gathered = (*self.files, *files)
        if len(told) > asked.max_length:
            return replace(
                self, hint=f"That would be {len(told)} characters; {asked.max_length} fit. Send less."
            )
        if len(gathered) > wanted.most:
            return replace(self, hint=f"At most {wanted.most} pictures; the last one was left out.")
        noted = f"Noted: {counted(len(told), 'character')}, {counted(len(gathered), 'picture')}."
        return replace(self, values={**self.values, asked.name: told}, files=gathered, hint=noted)

    def _done(self, asked: TextField) -> Wizard:
        if not self.values.get(asked.name) and not asked.optional:
            return replace(self, hint="There are no words yet. Write at least a sentence.")
        return replace(self, step=self.step + 1, hint="")

    def _skip(self, asked: Field) -> Wizard:
        if getattr(asked, "optional", False) or getattr(asked, "initial", ""):
            kept = {**self.values, asked.name: self.values.get(asked.name, getattr(asked, "initial", ""))}
            return replace(self, step=self.step + 1, values=kept, hint="")
        return replace(self, hint="This one is needed and cannot be skipped.")

    def _choose(self, asked: ChoiceField, word: str) -> Wizard:
        try:
            chosen = chosen_of(asked, word)
        except ValueError as wrong:
            return replace(self, hint=str(wrong))
        return replace(self, step=self.step + 1, values={**self.values, asked.name: chosen}, hint="")

    def _write(self, asked: Field, text: str) -> Wizard:
        answer = text.strip()
        if not answer:
            return replace(self, hint="That was empty. Write an answer.")
        if isinstance(asked, TextField) and len(answer) > asked.max_length:
            return replace(self, hint=f"That is {len(answer)} characters; {asked.max_length} fit. Send less.")
        return replace(self, step=self.step + 1, values={**self.values, asked.name: answer}, hint="")


def begin(form: Form) -> Wizard:
    """Start a form; what its fields hold already counts as said, unless it is told in passing only."""
    if form.passing:
        form = replace(form, fields=tuple(_emptied(item) for item in form.fields))
    told = {
        item.name: item.initial
        for item in form.fields
        if (isinstance(item, TextField) or (isinstance(item, ChoiceField) and item.detail)) and item.initial
    }
    return Wizard(form=form, values=told)


def _emptied(item: Field) -> Field:
    return item if isinstance(item, FilesField) else replace(item, initial="")


def lead_card(form: Form) -> Card | None:
    """Give what is to be seen before the first question as a card of its own; None without pictures.

    A card's pictures follow its words, so that in one card with the question they would come after it.
    """
    return Card(notice=form.title, blocks=form.lead, pictures=form.pictures) if form.pictures else None


def unseen_card(question: Card) -> Card:
    """Ask the first question although not all of what stands above it could be shown."""
    told = line("A picture could not be shown just now. ", Word("cancel"), " and start again to see it.")
    return replace(question, blocks=(Paragraph(told), *question.blocks))


def question_card(wizard: Wizard) -> Card:
    """Ask the next question; raises IndexError once the wizard is finished."""
    asked = wizard._asked[wizard.step]  # noqa: SLF001 - the card of this very type
    number, count = wizard.step + 1, len(wizard._asked)  # noqa: SLF001
    first = wizard.step == 0 and not wizard.hint
    lead: tuple[Block, ...] = wizard.form.lead if first and not wizard.form.pictures else ()
    lead = (*lead, *wizard.form.passing) if first else lead
    told = wizard.values.get(asked.name, "") if not wizard.hint and wizard.gathered is None else ""
    now = (Quote(told, label="So far"),) if told else ()
    said = wizard.hint or (wizard.form.why if first else "")
    hint = (Paragraph(line(said)),) if said else ()
    question = Paragraph(line(Strong(f"{wizard.form.title} ({number}/{count}): {asked.label}")))
    example = (Fine(line(asked.hint)),) if asked.hint else ()
    options = (
        (Items(tuple(line(option.label) for option in asked.options), numbered=asked.numbered),)
        if isinstance(asked, ChoiceField)
        else ()
    )
    return Card(
        notice=wizard.form.title,
        blocks=(*lead, *hint, question, *example, *now, *options, Fine(_ways(wizard, asked))),
    )


def _ways(wizard: Wizard, asked: Field) -> Line:
    ways: list[str | Strong | Word] = []
    if isinstance(asked, ChoiceField) and asked.most > 1:
        ways += ["Several at once: ", Strong(example_of(asked)), ". "]
    if wizard.gathered is not None:
        ways += ["Send text and pictures in any order, then ", Word("done"), ". "]
    elif getattr(asked, "optional", False) or getattr(asked, "initial", ""):
        keeps = " keeps it. " if wizard.values.get(asked.name) else ". "
        ways += ["Or ", Word("skip"), keeps]
    back: list[str | Word] = [Word("back"), " goes back, "] if wizard.step else []
    return line(*ways, *back, Word("cancel"), " stops.")


def cancelled_card(title: str, command: str) -> Card:
    """Confirm that a wizard was stopped."""
    return Card(
        notice="Stopped",
        blocks=(Paragraph(line(f"Stopped: {title}. Nothing was posted or kept.")),),
        buttons=(Button("Start again", command),),
    )
