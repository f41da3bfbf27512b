"""Records are cut as spreadsheets write them, and survive quotes that nobody closed."""

import io
from collections import Counter

import pytest

from kuulo.hear.records import records


def cut(text: str, delimiter: str = ";"):
    repairs: Counter[str] = Counter()
    return list(records(iter(io.StringIO(text, newline="")), delimiter=delimiter, repairs=repairs)), repairs.total()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_quotes_hold_delimiters_line_breaks_and_doubled_quotes(end):
    text = f'1;"a;b"{end}2;"c{end}d"{end}3;"e ""f"""{end}'
    assert cut(text) == ([["1", "a;b"], ["2", f"c{end}d"], ["3", 'e "f"']], 0)


def test_a_quote_within_a_cell_is_a_letter():
    assert cut('1;26" pyörä\n2;x\n') == ([["1", '26" pyörä'], ["2", "x"]], 0)


def test_words_after_a_closing_quote_keep_the_line_as_it_stands():
    assert cut('1;"Hyvä" sanoi joku;x\n2;y;z\n') == ([["1", '"Hyvä" sanoi joku', "x"], ["2", "y", "z"]], 1)


def test_an_unclosed_quote_does_not_swallow_the_rest():
    assert cut('1;"Auraus\n2;toinen\n3;kolmas\n') == ([["1", '"Auraus'], ["2", "toinen"], ["3", "kolmas"]], 1)


def test_an_unclosed_quote_does_not_swallow_up_to_the_next_quoted_cell():
    found, repairs = cut('1;"Auraus\n2;toinen\n3;"hyvä; kyllä"\n')
    assert found == [["1", '"Auraus'], ["2", "toinen"], ["3", "hyvä; kyllä"]]
    assert repairs == 1


def test_a_file_full_of_stray_quotes_ends_in_time():
    found, _ = cut('a";"\n' * 100_001)
    assert len(found) >= 1


def test_control_characters_do_not_cut_a_single_cell():
    text = "".join(map(chr, range(1, 10))) + "a\x1eb\x1fc"
    assert cut(text + "\n", "")[0] == [[text]]


def test_a_line_without_anything_has_no_cells():
    assert cut('1;a\n\n""\n')[0] == [["1", "a"], [], [""]]
