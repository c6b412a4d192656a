"""Dates in every shape in which people write them, holidays included; times of day and durations stay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bot.anonymizer.finders.datelike import calendar, month_by_cue, no_score_before, not_a_verb
from bot.anonymizer.finders.patterns import Pattern, find_all
from bot.anonymizer.found import Found
from bot.anonymizer.submission import Submission

_LONG: Final = "january|february|april|june|july|august|september|october|november|december"
_SHORT: Final = "jan|febr?|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
_ANY: Final = f"(?:(?:{_LONG}|march|may)\\b\\.?|(?:{_SHORT})\\b\\.?)"
_DAY: Final = r"(?:3[01]|[12]\d|0?[1-9])"
_NTH: Final = rf"{_DAY}(?: ?(?:st|nd|rd|th))?"
_YEAR: Final = r"(?:(?:19|20)\d\d|'\d\d)"
_ANY_YEAR: Final = r"(?:(?:19|20)\d\d|'?\d\d)"
_WORDS_NTH: Final = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth"
    "|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth|(?:twenty"
    "|thirty)[-"
    " ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
)
_CUE: Final = (
    r"(?:on|fall|fell|falls|event|onset|injury|injured|accident|crash|no-?show|off|back on|until|since"
    r"|relapse|flare|attack|mri|xr|x-ray|film|transplant|chemo|delivery|delivered|intubated|extubated"
    r"|treated|reviewed|rev|appointment|booking|lmp|scan of|review|re-?visit|re-?scan|stent|mi|stroke"
    r"|tia|on call|worked|shift|week of|weekend of|episode|seizure|dialysis|missed|until|till|til|thru"
    r"|through|by|from|dated?|date|doa|dob|dos|dod|d/c|dc|admitted|admit"
    r"|admission|adm|discharged?|seen|last|next"
    r"|due|sched(?:uled)?|appt|surgery|op|procedure|born|birth|visit|f/u|fu|follow"
    r" ?up|after|before|between|as of|effective|exp|expires"
    r"|started|stopped|began|done|performed|collected|drawn|resulted|signed|reviewed|presented|returned|came"
    r" in|arrived|transferred|back|expired"
    r"|died|interrogated|placed|implanted|removed|repeat|lmp|edd|edc|worse|sent|travel|hospital|clinic"
    r"|center|echo|ct|mri|cxr|labs|bx|biopsy|scan|us|cath|pet|note|cultures?"
    r"|vaccinated|shot|dose|diagnosed|dx|dx'd|noted|booked|called|texted|mon|tues?|wed|thurs?|fri|sat"
    r"|sun|today)"
)
_NOT_A_SCORE: Final = (
    r"(?![ ]*(?:glomeruli|(?!was\b|https\b|is\b|has\b|as\b|vs\b|this\b|labs\b|thus\b|plus\b|results\b|shows\b"
    r"|sees\b|looks\b|pls\b|records\b|notes\b|meds\b|she's|he's|yes\b)[a-z]{3,}s\b|strength|power|murmur"
    r"|sem|systolic|diastolic|pain|motor|of|units?|prbcs?|ffp|pulses?|reflexes|cycles?|lumens?|vessels?"
    r"|inch|tab|positive|blasts?|score|blood"
    r" cultures|bottles|nodes|cores|hpf|wks?|weeks|months?|days|hours|hrs|years|yrs|cup|pack|ppd|times"
    r"|criteria|grade|ns|kg|ml|mg|sirs|stages?|visits|joules|domains|orthostatic|lle|rle|lue|rue"
    r"|bilaterally|throughout|in"
    r" all))"
)

_FOREIGN_MONTH: Final = (
    "janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[uû]t|septembre|octobre|novembre|d[ée]cembre"
    "|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
    "|januar|februar|m[äa]rz|juni|juli|oktober|dezember|janeiro|fevereiro|mar[çc]o|maio|junho|julho|setembro"
    "|outubro|novembro|dezembro|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre"
)

DATES: Final = (
    Pattern(
        "DATE",
        "This is a date with the name of a month.",
        rf"(?<![\w./-]){_DAY}(?:\.|er|º)? (?:de )?(?:{_FOREIGN_MONTH})\b(?:(?: de| del)? {_YEAR}\b)?",
        digits=True,
    ),
    Pattern(
        "DATE",
        "This is a date.",
        r"(?<![\w./-])(?:19|20)\d\d([-/.])(?:1[0-2]|0?[1-9])\1(?:3[01]|[12]\d"
        r"|0?[1-9])(?:T[\d:.]+Z?)?(?![\w/-]|\.\d)",
        digits=True,
    ),
    Pattern(
        "DATE",
        "This is a date.",
        r"(?<![\w./-])(?:3[01]|[12]\d|0?[1-9])([-/.])(?:3[01]|[12]\d|0?[1-9])\1(?:(?:19|20)\d\d"
        r"|'?\d\d)(?![\w/-]|\.\d)",
        when=lambda m: calendar(m.group()),
        digits=True,
    ),
    Pattern(
        "DATE",
        "This is a date.",
        r"(?<![\w./-])(?:19|20)\d\d(?:1[0-2]|0[1-9])(?:3[01]|[12]\d|0[1-9])(?![\w.-])",
        digits=True,
    ),
    Pattern(
        "DATE",
        "This is a month of a year.",
        r"(?<![\w./-])(?:1[0-2]|0?[1-9])[/-](?:19|20)\d\d(?![\w/-]|\.\d)|(?<![\w./-])(?:19"
        r"|20)\d\d-(?:1[0-2]|0[1-9])(?![\w/-]|\.\d)",
        digits=True,
    ),
    Pattern(
        "DATE",
        "This is a date with the name of a month.",
        rf"\b{_ANY},? ?(?:the )?{_NTH}(?![\d:%/]|\.\d|[ ]?(?:mg|mcg|ml|cm|mm|kg|%|units?|yo|y/o)\b)(?:,?"
        rf" ?{_ANY_YEAR}\b(?!:)|[ ]?(?:-|to|and|through)[ ]?{_NTH}(?![\d:%/]|\.\d|[ ]?(?:mg|mcg|ml|cm"
        rf"|mm|kg|%|units?|hours?|days?)\b))?",
        when=not_a_verb,
        digits=True,
    ),
    Pattern(
        "DATE",
        "This is a date with the name of a month.",
        rf"(?:\bthe )?(?<![\w./-]){_NTH}(?: (?:day )?of)?[ -/]{{1,2}}{_ANY}(?:[ ,-/]{{0,2}}{_ANY_YEAR}\b)?",
        when=not_a_verb,
        digits=True,
    ),
    Pattern(
        "DATE",
        "This is a date with the name of a month.",
        rf"(?<![\w./-]){_DAY}(?:{_LONG}|{_SHORT}|march|may){_ANY_YEAR}\b|\b{_ANY}[/-]{_DAY}[/-]{_ANY_YEAR}\b",
        digits=True,
    ),
    Pattern(
        "DATE",
        "This is a date with the name of a month.",
        rf"\b(?:19|20)\d\d[ -/,]{{1,2}}{_ANY}(?:[ -/]{_DAY})?\b",
        digits=True,
    ),
    Pattern(
        "DATE",
        "This is a date with the name of a month.",
        rf"\b(?:the )?(?:{_WORDS_NTH}) (?:day )?(?:of )?{_ANY}(?:,? {_ANY_YEAR})?|\b(?:{_LONG}|march|may)"
        rf" (?:the )?(?:{_WORDS_NTH})\b",
    ),
    Pattern(
        "DATE",
        "This is a month of a year.",
        rf"\b{_ANY},?(?: of)? ?[-/]?{_YEAR}\b|\b{_ANY}[-/]\d\d\b",
        digits=True,
    ),
    Pattern("DATE", "This names a month.", rf"\b(?:(?:early|mid|late)[- ])?(?:{_LONG})\b"),
    Pattern(
        "DATE",
        "This names a month.",
        r"\b(?:in|since|last|next|this|until|till|by|from|of|during|for|before|after|early|mid|late|end"
        r" of|and|to)["
        rf" -](?P<v>(?:march|may|{_SHORT})\b\.?)(?!\s*(?:be|have|not|need|also|help|benefit|require))",
        when=month_by_cue,
    ),
    Pattern(
        "DATE",
        "This names a season of a year.",
        r"\b(?:spring|summer|fall|autumn|winter|q[1-4])(?: of)?,? (?:of )?(?:(?:19|20)\d\d|'\d\d)\b",
        digits=True,
    ),
    Pattern(
        "DATE",
        "This is a day of a month.",
        r"\b(?:(?:on|since|until|till|by|from|for|after|before|between|and) the|on|since|until)"
        r" (?P<v>(?:3[01]|[12]?\d)(?:st|nd|rd|th))\b(?!"
        r" (?:of|day|week|month|floor|rib|toe|finger|digit|metatarsal|metacarpal|percentile|cycle|dose"
        r"|nerve|ventricle|intercostal|post|visit|admission|time|attempt|line|course|trimester|lumbar"
        r"|thoracic|cervical|cranial|interspace|ics|hospital|pod|street|st|ave))",
        digits=True,
    ),
    Pattern(
        "DATE",
        "This is a date after a word that announces one.",
        rf"(?<![\w]){_CUE}["
        rf" :(=~]{{1,3}}(?P<v>(?:1[0-2]|0?[1-9])/(?:3[01]|[12]\d|0?[1-9])|(?:3[01]|2\d|1[3-9])/(?:1[0-2]"
        rf"|0?[1-9]))(?![\d/%]|[.-]\d){_NOT_A_SCORE}",
        when=no_score_before,
        digits=True,
    ),
    Pattern(
        "DATE",
        "This is a day of a month.",
        r"(?<![\w./+<>=-])(?P<v>(?:1[0-2]|0?[1-9])/(?:1[36-9]|2[235689]|31))(?![\d/%+]"
        rf"|[.-]\d){_NOT_A_SCORE}",
        when=no_score_before,
        digits=True,
    ),
    Pattern(
        "DATE",
        "This may be a date.",
        rf"(?<![\w./+<>=-])(?P<v>(?:1[0-2]|0?[1-9])/(?:3[01]|2[0-35-9]|1\d|0[1-9]|[7-9]))(?![\d/%+]"
        rf"|[.-]\d){_NOT_A_SCORE}",
        tier="ask",
        when=no_score_before,
        digits=True,
    ),
    Pattern(
        "DATE",
        "This may be a date.",
        r"(?:^|\n|\b(?:on|am|vom|le|el|il|since|the|seen|admitted|op|date|dob|born)[ :]+)"
        r"(?P<v>(?:3[01]|[12]\d|0?[1-9])\.(?:1[0-2]|0?[1-9])\.)(?!\d)",
        tier="ask",
        digits=True,
    ),
    Pattern(
        "DATE",
        "This may be a date.",
        r"(?:^|\n|[-,;(] )(?P<v>(?:1[0-2]|0?[1-9])/(?:3[01]|[12]\d|0?[1-9]))(?=:| -|,|\)"
        r"| [A-Za-z]{3,})(?![\d/%]|[.-]\d)" + _NOT_A_SCORE,
        tier="ask",
        when=no_score_before,
        digits=True,
    ),
    Pattern(
        "DATE",
        "This may be a day of a month.",
        r"\b(?:admitted|seen|discharged|born|operated|due|back|until|by|before|after"
        r"|on) (?P<v>the (?:3[01]|[12]?\d)(?:st|nd|rd|th))\b"
        r"(?! (?:day|week|month|floor|rib|toe|finger|digit|dose|cycle|time|attempt|line|course"
        r"|trimester|nerve|percentile))",
        tier="ask",
        digits=True,
    ),
    Pattern(
        "DATE",
        "This is a range of dates.",
        r"(?<![\w./-])(?:1[0-2]|0?[1-9])/(?:3[01]|[12]\d|0?[1-9])[ ]?(?:-|to|thru)["
        r" ]?(?:1[0-2]|0?[1-9])/(?:3[01]|[12]\d|0?[1-9])(?![\d/]|\.\d)",
        when=lambda m: no_score_before(m, ""),
        digits=True,
    ),
    Pattern(
        "DATE",
        "This names a holiday.",
        r"\b(?:(?:the )?(?:4th|fourth) of july|july (?:4th|fourth)|christmas(?:"
        r" (?:eve|day|morning|night))?|x-?mas(?: eve)?|boxing day|thanksgiving(?: day)?|new year'?s?(?:"
        r" (?:eve|day))?(?=\W|$)"
        r"|nye|easter(?: (?:sunday|monday))?|good friday|ash wednesday|palm sunday|pentecost|labou?r"
        r" day|memorial day|veterans'? day|presidents'? day|columbus day"
        r"|independence day|martin luther king(?: jr\.?)? day|mlk day|juneteenth|halloween|valentine'?s?(?:"
        r" day)?(?=\W|$)|mother'?s'? day|father'?s'? day|st\.? patrick'?s(?: day)?"
        r"|ramadan|eid(?: al-?(?:fitr|adha))?|diwali|holi|hanukkah|chanukah|passover|pesach|yom kippur|rosh"
        r" hashanah?|kwanzaa|(?:lunar|chinese) new year|cinco de mayo"
        r"|mardi gras|super ?bowl (?:sunday|weekend)|black friday|(?:spring |may |august |early may )?bank"
        r" holiday|may day|guy fawkes|bonfire night|canada day|australia day"
        r"|whitsun(?:day)?|whit (?:sunday|monday)|(?:vietnamese )?tet (?:holiday|nguyen dan)|hogmanay|purim"
        r"|sukkot|shavuot|maundy thursday|all souls'? day|corpus christi|mid-autumn festival|burns night"
        r"|(?:victoria|waitangi|flag|remembrance|armistice|election|republic|patriots'?|pioneer|constitution"
        r"|national|assumption|inauguration|tax|indigenous peoples'?|st\.? (?:stephen|nicholas|george"
        r"|andrew|david|lucia|nicolas|brigid|swithin)'?s?) day|orthodox (?:easter|christmas)"
        r"|anzac day|bastille day|groundhog day|april fool'?s'?(?: day)?|oktoberfest|midsummer|all saints'?"
        r" day|epiphany day|king'?s day|vesak|nowruz|songkran)\b",
    ),
)


class Dates:
    """Finds dates, months and holidays; a date of birth is marked as one."""

    name = "dates"

    def find(self, submission: Submission, before: Sequence[Found]) -> Iterator[Found]:
        """Yield what the patterns find in every field."""
        for field in submission.fields:
            for found in find_all(DATES, field):
                yield (
                    _born(found)
                    if _BIRTH.search(field.text[max(0, found.start - 24) : found.start])
                    else found
                )


_BIRTH: Final = re.compile(
    r"(?:\bdob|d\.o\.b\.?|\bborn|birth ?(?:date|day)|date of birth|\bbd)\W*(?:is|on|was)?\W*$", re.IGNORECASE
)


def _born(found: Found) -> Found:
    return Found(found.field, found.start, found.end, "DATE", found.tier, "This is a date of birth.", "birth")
