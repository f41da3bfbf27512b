"""Whatever a file holds: every row comes back, and nothing but a Reading or a Refused comes out."""

import csv
import io

from hypothesis import assume, given
from hypothesis import strategies as st

from kuulo.hear.files import Orders, Refused, read

# What cleaning changes is left out: lone surrogates cannot be encoded, NUL becomes U+FFFD.
CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
SHAPES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8)
)


@given(
    rows=SHAPES,
    delimiter=st.sampled_from(",;\t|^"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    headed=st.booleans(),
    data=st.data(),
)
def test_a_table_written_by_csv_comes_back_whole(rows, delimiter, encoding, headed, data):
    column = data.draw(st.integers(1, len(rows[0])))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    if headed:
        writer.writerow([f"Kysymys {number}" for number in range(len(rows[0]))])
    writer.writerows(rows)
    try:
        content = out.getvalue().encode(encoding)
    except UnicodeEncodeError:
        assume(False)
    orders = Orders(text=(str(column),), encoding=encoding, delimiter=delimiter, header=headed)
    reading = read("-", orders=orders, stdin=io.BytesIO(content))
    assert [message.text for message in reading.messages] == [row[column - 1] for row in rows]
    assert [message.row for message in reading.messages] == list(range(1, len(rows) + 1))


PIECES = st.sampled_from(
    [b";", b",", b"\t", b'"', b"\n", b"\r", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"[{", b"}]", b'{"a":', b"id",
     b"palaute", b"1.2.26", b"fi", b"\xc3\xa4", b"\xe4", b"PK\x03\x04", b"sep=;", b" ", b"teksti tassa", b"42", b"?"]
)  # fmt: skip
HOSTILE = st.one_of(st.binary(max_size=200), st.lists(PIECES, max_size=40).map(b"".join))


@given(
    content=HOSTILE.filter(lambda content: not content.startswith(b"PK")),
    header=st.sampled_from([None, True, False]),
    delimiter=st.sampled_from(["", ";", "none"]),
    encoding=st.sampled_from(["", "utf-8", "utf-16-le", "cp1252"]),
)
def test_any_bytes_give_a_reading_or_a_refusal(content, header, delimiter, encoding):
    orders = Orders(header=header, delimiter=delimiter, encoding=encoding)
    try:
        reading = read("-", orders=orders, stdin=io.BytesIO(content))
    except Refused:
        return
    rows = {message.row for message in reading.messages}
    assert rows == set(range(1, len(reading.messages) // len(reading.guess.text) + 1))
    for message in reading.messages:
        message.text.encode()


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30), min_size=1, max_size=10
    )
)
def test_a_list_of_answers_keeps_every_line(lines):
    wanted = [line for line in lines if line.strip()]
    assume(wanted)
    content = "".join(f"{line}\n" for line in lines).encode()
    orders = Orders(text=("1",), delimiter="none", header=False, encoding="utf-8")
    reading = read("-", orders=orders, stdin=io.BytesIO(content))
    if reading.guess.format == "text":
        bare = wanted[0].removeprefix("\ufeff")
        assert [message.text for message in reading.messages] == [bare, *wanted[1:]]
