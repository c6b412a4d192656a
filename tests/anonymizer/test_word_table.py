import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.anonymizer.words import table as table_module
from bot.anonymizer.words.table import SortedTable

WORDS = st.text(st.characters(exclude_characters="\t\n", exclude_categories=["Cs"]), max_size=12)


def written(path: Path, rows: dict[str, str]) -> SortedTable:
    lines = sorted(f"{key}\t{value}\n".encode() for key, value in rows.items())
    path.write_bytes(b"".join(lines))
    return SortedTable(path)


@given(
    rows=st.dictionaries(WORDS, st.text("0123456789", max_size=6), min_size=1, max_size=60),
    asked=st.lists(WORDS),
)
def test_a_table_answers_like_a_dictionary_however_its_lines_fall_into_blocks(
    tmp_path_factory: pytest.TempPathFactory, rows: dict[str, str], asked: list[str]
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(table_module, "_BLOCK", 16)
        table = written(tmp_path_factory.mktemp("table") / "words.tsv", rows)

    for key in (*rows, *asked, *(word[:-1] for word in rows)):
        value = rows.get(key)
        assert table.find(key.encode()) == (None if value is None else value.encode())
        begins = any(row.startswith(key) for row in rows)
        assert table.has_beginning(key.encode()) == begins, key


def test_a_table_that_is_replaced_is_read_as_it_was_opened(tmp_path: Path) -> None:
    path = tmp_path / "words.tsv"
    table = written(path, {"anna": "1", "berta": "2"})
    path.unlink()
    path.write_text("anna\t9\n", encoding="utf-8")

    assert (table.find(b"anna"), table.find(b"berta")) == (b"1", b"2")


@pytest.mark.parametrize("text", ["a\t1\n" + "b" * 5000 + "\t2\n", "no tab\n", ""])
def test_a_file_that_is_no_such_table_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "words.tsv"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ValueError, match="too long or has no tab"):
        SortedTable(path)


_FIRST_TEXT = """
from bot.anonymizer import Anonymizer

def held():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))

anonymizer, before = Anonymizer(), held()
cleaned = anonymizer.clean({"body": "Seen with Anna Kowalska of Leeds: a rash, no fever."})
print(*cleaned.failed, held() - before)
"""


def test_the_first_text_loads_what_is_known_of_words_without_holding_the_whole_table() -> None:
    done = subprocess.run([sys.executable, "-c", _FIRST_TEXT], capture_output=True, text=True, check=True)

    assert int(done.stdout) < 20_000
