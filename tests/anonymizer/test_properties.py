"""Properties of any text: offsets lead back, nothing found remains, cleaning twice changes nothing."""

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.anonymizer import Anonymizer, CleanedText
from bot.anonymizer.normalise import normalise

CLEANER = Anonymizer()
PIECES = (
    *(
        "Mrs. Perpetua Quillfeather",
        "dr okonkwo",
        "pt jane roe",
        "ROE, JANE",
        "J.S.",
        "his wife Tamsin",
        "Ravi",
    ),
    *("3/4/2024", "12/16", "Mar '24", "Christmas Eve", "14-MAR-24", "june", "on the 3rd", "2023-10-12"),
    *("mrn 4417-2290", "SSN 412-55-9081", "call 555-201-7788", "fax: 412-555-0199", "a.roe@mail.example"),
    *("93yo", "she is ninety-four", "97 F", "Oakdene Hospital", "from Spokane, WA 99201", "12 Larch Lane"),
    *(
        "<@U0AB12CD3>",
        "@roe:chat.example.org",
        "https://roe.example/x",
        "10.1.2.3",
        "roe_cxr_1.png",
        "S/N AB123456",
    ),
    *(
        "BP 120/80",
        "T2-weighted",
        "C5-C6",
        "Foley",
        "Murphy's sign",
        "trop 2867",
        "3/5 strength",
        "known Crohn's",
    ),
    *(
        "and",
        "with",
        "on",
        "\n",
        ".",
        ",",
        "(",
        ")",
        ":",
        "the",
        "patient",
        "wbc 12.4",
        "[day 0]",
        "[patient]",
        "90+yo",
    ),
    *("\u200b", "é", "Дмитрий", "ﬁ", "½", "🙂", "病人", "\u202e", "İ", "a\u0301"),
)
WORDS = st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join)
TEXTS = st.one_of(WORDS, st.text(max_size=80), st.tuples(WORDS, st.text(max_size=20)).map("".join))
CALM = settings(
    max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


@CALM
@given(st.text(max_size=60))
def test_every_normalised_character_leads_back_to_where_it_came_from(text: str) -> None:
    normal = normalise(text)
    before = 0
    for at in range(len(normal.text)):
        start, end = normal.original(at, at + 1)
        assert 0 <= start < end <= len(text)
        assert start >= before
        before = start
        assert (
            normalise(text[start:end]).text.startswith(normal.text[at])
            or normal.text[at] in normalise(text).text
        )


@CALM
@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=60))
def test_plain_characters_stand_where_they_stood(text: str) -> None:
    normal = normalise(text)
    assert len(normal.text) == len(text)
    assert normal.original(0, len(text)) == (0, len(text))


@CALM
@given(WORDS)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = CLEANER.clean({"x": text}).text("x")
    assert CLEANER.clean({"x": once}).text("x") == once


@CALM
@given(TEXTS, TEXTS)
def test_nothing_raises_and_the_pieces_make_up_the_input(one: str, two: str) -> None:
    cleaned = CLEANER.clean({"a": one, "b": two})
    assert cleaned.failed == ()
    for field, text in (("a", one), ("b", two)):
        spans = [(f.start, f.end) for f in cleaned.findings if f.field == field]
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(left[1] <= right[0] for left, right in pairwise(spans))
        assert cleaned.text(field) == _replaced(text, cleaned, field)


def _replaced(text: str, cleaned: CleanedText, field: str) -> str:
    for finding in reversed([f for f in cleaned.findings if f.field == field]):
        text = text[: finding.start] + finding.surrogate + text[finding.end :]
    return text


@CALM
@given(TEXTS)
def test_what_was_replaced_is_not_in_the_output_as_a_whole_finding(text: str) -> None:
    cleaned = CLEANER.clean({"x": text})
    kept = [piece.text for piece in cleaned.pieces["x"] if hasattr(piece, "text")]
    for finding in cleaned.findings:
        original = text[finding.start : finding.end]
        if finding.tier == "auto" and finding.category in ("MRN", "SSN", "PHONE", "EMAIL", "URL", "PHOTO"):
            assert all(original not in piece for piece in kept)


@CALM
@given(TEXTS)
def test_one_original_has_one_surrogate(text: str) -> None:
    cleaned = CLEANER.clean({"x": text})
    seen: dict[tuple[str, str], str] = {}
    for finding in cleaned.findings:
        key = (finding.category, text[finding.start : finding.end].casefold())
        if finding.category not in ("DATE", "NAME"):
            assert seen.setdefault(key, finding.surrogate) == finding.surrogate


@CALM
@given(TEXTS)
def test_the_same_text_gives_the_same_result(text: str) -> None:
    assert CLEANER.clean({"x": text}) == CLEANER.clean({"x": text})
