"""A unit of work on the content database: repositories that share one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.ports.sealing import Sealer
from storage.connection import Connection
from storage.content.buckets import BucketRows
from storage.content.cases import CaseRows
from storage.content.claims import ClaimRows
from storage.content.comments import CommentRows
from storage.content.dialogs import DialogRows
from storage.content.drafts import DraftRows
from storage.content.erasure import Erasure
from storage.content.former import FormerRows
from storage.content.helpful import HelpfulRows
from storage.content.inbox import mark_handled
from storage.content.members import MemberRows
from storage.content.memos import MemoRows
from storage.content.opinions import OpinionRows
from storage.content.outcomes import OutcomeRows
from storage.content.pauses import PauseRows
from storage.content.pending_votes import forget_votes
from storage.content.pictures import PictureRows
from storage.content.polls import PollRows
from storage.content.postings import PostingRows
from storage.content.reminders import ReminderRows
from storage.content.reports import ReportRows
from storage.content.routing import FollowerRows, PageRows
from storage.content.schedule import ScheduleRows
from storage.content.search import SearchRows
from storage.content.standings import StandingRows
from storage.content.updates import UpdateRows
from storage.content.waiting import WaitingRows
from storage.content.words import WordRows


class ContentWork:
    """Fills :class:`bot.ports.work.Work`; ``erasure`` and ``wakes`` say what follows the commit."""

    def __init__(
        self,
        connection: Connection,
        sealer: Sealer,
        *,
        rooms: tuple[str, ...],
        moderators: str,
        now: datetime,
        new_id: Callable[[], str],
        new_key: Callable[[], bytes],
    ) -> None:
        """Make the repositories of one transaction."""
        self._connection = connection
        self._sealer = sealer
        self.erasure = Erasure()
        self.standings = StandingRows(connection, sealer, self.erasure)
        self.members = MemberRows(connection, self.erasure)
        self.drafts = DraftRows(connection, sealer, self.erasure, new_key)
        self.pictures = PictureRows(connection, sealer)
        self.words = WordRows(connection, self.erasure)
        self.cases = CaseRows(connection, self.words)
        self.search = SearchRows(connection)
        self.waiting = WaitingRows(connection)
        self.opinions = OpinionRows(connection)
        self.comments = CommentRows(connection)
        self.outcomes = OutcomeRows(connection, self.words)
        self.reminders = ReminderRows(connection)
        self.updates = UpdateRows(connection)
        self.helpful = HelpfulRows(connection)
        self.reports = ReportRows(connection)
        self.pages = PageRows(connection)
        self.followers = FollowerRows(connection)
        self.buckets = BucketRows(connection)
        self.polls = PollRows(connection, sealer, self.erasure)
        self.outbox = MemoRows(
            connection,
            sealer,
            rooms=rooms,
            moderators=moderators,
            now=now,
            new_id=new_id,
            standings=self.standings,
        )
        self.former = FormerRows(connection, self.erasure, self.outbox.tellings, self.cases)
        self.pauses = PauseRows(connection)
        self.schedule = ScheduleRows(connection)
        self.postings = PostingRows(connection)
        self.dialogs = DialogRows(connection, sealer, self.erasure)
        self.claims = ClaimRows(connection, self.dialogs)

    @property
    def wakes(self) -> bool:
        """Whether something of it is for the relay, or for who keeps time."""
        replaced_any = self.cases.replaced_any or self.polls.replaced_any
        return bool(self.outbox.put) or self.outbox.grouped_any or self._moved_any or replaced_any

    @property
    def listed_any(self) -> bool:
        """Whether deliveries are to be made of a list that was kept."""
        return self.outbox.tellings.kept_any

    @property
    def put(self) -> Mapping[str, datetime] | None:
        """For which destinations something was put, to leave at which moment at the soonest.

        None where more has changed for the relay than that, as when a group began: it may have ended already.
        """
        return None if self._moved_any or self.outbox.grouped_any else self.outbox.put

    @property
    def _moved_any(self) -> bool:
        return self.pauses.lifted_any or self.schedule.moved_any or self.former.moved_any

    async def handled(self, row: int) -> None:
        """Mark an inbox row as handled and erase its payload, in this transaction."""
        await mark_handled(self._connection, row)

    async def forget_votes(self, number: int) -> None:
        """Erase what waits to become a ballot of a poll: events not yet handled, forms half filled in."""
        await forget_votes(self._connection, self._sealer, number)
        self.erasure.owed = True
