"""`curbside polls`: a table to standard output or a new file, and one sentence where there is none."""

from tests.cli.stage import Terminal

TABLE = "poll,option\r\n45,Crème\r\n"


def test_the_table_goes_to_standard_output_as_it_is(terminal: Terminal) -> None:
    terminal.bot.poll_tables.tables[45] = TABLE

    ended = terminal.type("polls", "export", "45")

    assert (ended.code, ended.out, ended.err) == (0, TABLE, "")
    assert terminal.bot.story == ["open", "stop"]


def test_the_table_goes_into_a_new_file_only(terminal: Terminal) -> None:
    terminal.bot.poll_tables.tables[45] = TABLE
    file = terminal.folder / "45.csv"

    assert terminal.type("polls", "export", "45", "--out", str(file)).code == 0
    assert file.read_bytes() == TABLE.encode()

    again = terminal.type("polls", "export", "45", "--out", str(file))
    assert (again.code, again.err) == (2, f"curbside: {file} is there already; name a new file\n")
    nowhere = terminal.type("polls", "export", "45", "--out", str(terminal.folder / "no" / "45.csv"))
    assert (nowhere.code, "cannot be written" in nowhere.err) == (2, True)


def test_where_there_is_no_table_it_says_so(terminal: Terminal) -> None:
    ended = terminal.type("polls", "export", "46")

    assert (ended.code, ended.out, ended.err) == (1, "", "curbside: There is no poll 46.\n")
    assert terminal.type("polls", "export", "many").code == 2
