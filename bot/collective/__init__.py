"""The collective list: many ranked free-text opinions as one. A library that knows nothing of the bot.

`collective_list` ranks; `namer().named` says which disease a text means, or which it may mean; `group_answer`
is what a case's summary shows.
"""

from bot.collective.answer import (
    FEWEST,
    TOO_FEW,
    AgreementWord,
    Confidence,
    GroupAnswer,
    MinorityView,
    Opinion,
    Shown,
    agreement_word,
    group_answer,
)
from bot.collective.asking import Unclear, names_nothing, settled, unclear
from bot.collective.changes import NO_CHANGES, Bucket, Changes, Merge, Split
from bot.collective.matching import NOT_NAMED, group_rank, ranks_of
from bot.collective.names import Disease
from bot.collective.naming import Named, Namer, namer
from bot.collective.ranking import CollectiveList, Ranked, collective_list

__all__ = [
    "FEWEST",
    "NOT_NAMED",
    "NO_CHANGES",
    "TOO_FEW",
    "AgreementWord",
    "Bucket",
    "Changes",
    "CollectiveList",
    "Confidence",
    "Disease",
    "GroupAnswer",
    "Merge",
    "MinorityView",
    "Named",
    "Namer",
    "Opinion",
    "Ranked",
    "Shown",
    "Split",
    "Unclear",
    "agreement_word",
    "collective_list",
    "group_answer",
    "group_rank",
    "namer",
    "names_nothing",
    "ranks_of",
    "settled",
    "unclear",
]
