"""Bytes become text by mark, by evidence or by order; what is broken is marked where it stands."""

import pytest

ROWS = "id;palaute\n1;Åke bor på ön\n2;Käynti – “hyvä”\n3;Ærlig talt, fort og gærent\n"
WANTED = ["Åke bor på ön", "Käynti – “hyvä”", "Ærlig talt, fort og gærent"]


@pytest.mark.parametrize(
    ("codec", "bom", "shown"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8-sig"),
        ("utf-16-le", b"\xff\xfe", "utf-16"),
        ("utf-16-be", b"\xfe\xff", "utf-16"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
        ("cp1252", b"", "windows-1252"),
    ],
)
def test_the_encoding_is_found(hear, codec, bom, shown):
    reading = hear(bom + ROWS.encode(codec))
    assert [message.text for message in reading.messages] == WANTED
    assert reading.guess.encoding == shown
    assert reading.guess.id == "id"
    assert not any(message.unreadable for message in reading.messages)


def test_a_guessed_encoding_is_noted(hear):
    assert [note.code for note in hear(ROWS.encode("cp1252")).notes] == ["encoding-guessed"]


@pytest.mark.parametrize("order", ["cp850", "mac-roman", "UTF8", "utf-16-le"])
def test_an_ordered_encoding_is_used(hear, order):
    content = ROWS.replace("– ", "").replace("“", "").replace("”", "")
    reading = hear(content.encode(order), encoding=order)
    assert reading.messages[0].text == "Åke bor på ön"
    assert not any(message.unreadable for message in reading.messages)


def test_a_mark_is_dropped_also_where_the_encoding_is_ordered(hear):
    reading = hear(b"\xff\xfe" + ROWS.encode("utf-16-le"), encoding="utf-16-le")
    assert reading.guess.id == "id"


def test_broken_bytes_in_utf8_mark_only_their_own_rows(hear):
    content = ROWS.encode().replace("bor på".encode(), b"bor p\xff")
    reading = hear(content)
    assert [message.text for message in reading.messages] == ["Åke bor p\ufffd ön", *WANTED[1:]]
    assert [message.unreadable for message in reading.messages] == ["encoding", "", ""]
    assert [(note.code, note.facts) for note in reading.notes] == [("encoding-repaired", {"rows": 1, "row": 1})]


def test_a_character_cut_at_the_end_of_the_file_is_marked(hear):
    reading = hear(("palaute\nHyvä ilma\nHyvä sää\nHyv" + "ä").encode()[:-1])
    assert [message.unreadable for message in reading.messages] == ["", "", "encoding"]


@pytest.mark.parametrize("odd", [b"\x00", b"\x00\xd8", b"\x00\xdc"])
def test_broken_utf16_is_marked(hear, odd):
    reading = hear(b"\xff\xfe" + "palaute\nHyvä ilma\nHuono".encode("utf-16-le") + odd)
    assert [message.unreadable for message in reading.messages] == ["", "encoding"]


def test_bytes_that_windows_1252_lacks_are_marked(hear):
    reading = hear(b"palaute\nHyv\xe4 s\xe4\xe4\nHuono\x81 s\xe4\xe4\n")
    assert [message.unreadable for message in reading.messages] == ["", "encoding"]


def test_a_broken_byte_beside_the_text_leaves_the_text_readable(hear):
    reading = hear(b"nimi;palaute\nPekka \xff;" + "Töyräällä pöllö\n".encode())
    assert (reading.messages[0].unreadable, reading.messages[0].author) == ("", "Pekka \ufffd")
