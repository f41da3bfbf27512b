"""A file brought in twice adds nothing, equal rows stay apart, whatever the file holds."""

import csv
import io
import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kuulo.desk.identity import Identities
from kuulo.models import Message

cells = st.sampled_from(["", "a", "b", "Lunta tiellä", "lunta tiellä", "1", "x|1", "\u200b", "ä"])
SOURCES = itertools.count()
rows = st.lists(st.tuples(st.sampled_from(["", "", "1", "2"]), cells, cells, cells), max_size=12)


def identities(table, *, several=False):
    made = Identities(several=several)
    return [made.of(origin_id=one, column=column, text=text, time=time) for one, column, text, time in table]


@given(rows)
def test_the_same_rows_are_the_same_messages_again(table):
    assert identities(table) == identities(table)


@given(rows)
def test_rows_without_id_are_never_one(table):
    without = [("", *rest) for _, *rest in table]
    assert len(set(identities(without))) == len(without)


@given(rows, rows)
def test_rows_that_come_before_do_not_change_those_with_an_id(table, before):
    known = [row for row in table if row[0]]
    assert identities([*before, *known])[len(before) :] == identities(known)


@given(rows)
def test_a_longer_file_keeps_the_messages_of_its_beginning(table):
    assert identities(table)[: len(table) // 2] == identities(table[: len(table) // 2])


def test_texts_of_one_row_are_told_apart_by_their_column():
    row = [("7", "hyvä", "Bussi", ""), ("7", "huono", "Bussi", "")]
    assert len(set(identities(row, several=True))) == 2
    assert len(set(identities(row))) == 1


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), min_size=1, max_size=8))
def test_any_file_twice_adds_nothing_and_loses_nothing(take, table):
    number = next(SOURCES)
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="\n").writerows([("aika", "palaute"), *table])
    content = written.getvalue().encode("utf-8", "surrogatepass")
    orders = {"text": ("palaute",), "time": "aika", "delimiter": ";", "header": True, "encoding": "utf-8"}
    first = take(content, source=str(number), **orders)
    if first.state == "refused":
        assert first.refusal["code"] in {"empty-file", "only-header", "not-text", "bad-encoding", "no-such-column"}
        return
    assert (first.added, first.known, first.rejected) == (first.rows_total, 0, 0)
    again = take(content, source=str(number), **orders)
    assert (again.added, again.known, again.rejected) == (0, first.rows_total, 0)
    assert Message.objects.filter(source__name=str(number)).count() == first.rows_total
