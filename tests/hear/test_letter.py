"""What a mail's bytes hold."""

import base64
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.hear.letter import Unreadable, letter_id, read_letter, unwrapped

RECORDED = Path(__file__).parents[1] / "recorded" / "mail"
HEAD = "From: Aino <aino@example.org>\r\nMessage-ID: <1@example.org>\r\n"


def said(body: str | bytes, *headers: str) -> str:
    raw = body if isinstance(body, bytes) else body.encode()
    return read_letter("".join([HEAD, *(f"{one}\r\n" for one in headers), "\r\n"]).encode() + raw).text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("01", "Hei,\n\nluokassa oli eilen 14 °C. Milloin lämmitys korjataan?"),
        ("02", "Hei! Lämpölaskussa oli ylimääräistä 120 €. Kuka vastaa?"),
        ("03", "Kiitos! Vielä tänäänkin kylmä, 15 astetta."),
        ("04", "Valot ovat edelleen pimeänä numeroiden 3 ja 9 välillä."),
        ("05", "Aurattu nyt, kiitos."),
        ("06", "Tack, men det är fortfarande kallt."),
        ("07", "Nej, gatan är inte plogad."),
        ("08", "Takk, men fortauet er fortsatt ikke brøytet."),
        ("09", "Når får vi svar?"),
        ("13", "Hej!\n\nLekplatsen vid Björkgatan är trasig – när lagas den?"),
        ("14", "Katso liite."),
        ("15", "Kuoppa tässä:"),
        ("19", "Miksi pysäkki siirrettiin ilman tiedotusta?"),
        ("20", "> Gäller det hela vägen?\nJa, hela sträckan.\n> När såg du det?\nI går kväll."),
    ],
)
def test_recorded_mails_say_what_their_writer_says_now(name, text):
    (path,) = RECORDED.glob(f"{name}_*")
    assert read_letter(path.read_bytes()).text == text


@pytest.mark.parametrize(
    ("name", "kind"), [("10", "automatic"), ("11", "bounce"), ("12", "list"), ("16", "automatic"), ("17", "list")]
)
def test_what_a_machine_sent_is_no_letter(name, kind):
    (path,) = RECORDED.glob(f"{name}_*")
    assert read_letter(path.read_bytes()).kind == kind


def test_a_resident_inside_a_forwarded_mail_is_the_writer():
    letter = read_letter((RECORDED / "19_fi_forwarded_by_unit.eml").read_bytes())
    assert (letter.address, letter.name, letter.answer_to) == (
        "aino.esimerkki@example.org",
        "Aino Esimerkki",
        "aino.esimerkki@example.org",
    )
    assert letter.forwarder == "kunta.example"


def test_attachments_are_told_by_name_and_size():
    letter = read_letter((RECORDED / "15_fi_photo_inline_and_attached.eml").read_bytes())
    assert [(one.name, one.type) for one in letter.attachments] == [
        ("kuva1.png", "image/png"),
        ("päivystys.png", "image/png"),
    ]
    assert abs(letter.attachments[0].size - 70) < 4
    (winmail,) = read_letter((RECORDED / "14_fi_winmail_dat.eml").read_bytes()).attachments
    assert (winmail.name, winmail.type) == ("winmail.dat", "application/ms-tnef")


@pytest.mark.parametrize(
    ("raw", "declared"),
    [
        ("Hyvää työtä – 5 €".encode(), "utf-8"),
        ("Hyvää työtä – 5 €".encode("windows-1252"), "iso-8859-1"),
        ("Hyvää työtä – 5 €".encode("windows-1252"), ""),
        ("Hyvää työtä – 5 €".encode(), ""),
        ("Hyvää työtä – 5 €".encode(), "us-ascii"),
        ("Hyvää työtä – 5 €".encode("windows-1252"), "utf-8"),
        ("Hyvää työtä – 5 €".encode(), "x-tuntematon"),
        ("Hyvää työtä – 5 €".encode(), "hex"),
    ],
)
def test_letters_are_read_however_they_are_declared(raw, declared):
    kind = f"Content-Type: text/plain; charset={declared}" if declared else "Content-Type: text/plain"
    assert said(raw, kind) == "Hyvää työtä – 5 €"


def test_broken_bytes_spoil_only_themselves():
    assert said("Hyvää ".encode() + b"\xff" + "työtä".encode()) == "Hyvää \N{REPLACEMENT CHARACTER}työtä"


def test_names_in_headers_are_read_however_they_are_written():
    raw = (
        b"From: =?UTF-8?Q?=C3=84ij=C3=A4?= =?UTF-8?Q?_Asukas?= <aija@example.org>\r\n"
        b"Subject: Hyv\xc3\xa4\xc3\xa4 ty\xc3\xb6t\xc3\xa4\r\n\r\nHei"
    )
    letter = read_letter(raw)
    assert (letter.name, letter.address, letter.subject) == ("Äijä Asukas", "aija@example.org", "Hyvää työtä")


def test_an_address_hidden_in_a_name_is_not_the_senders():
    raw = b"From: =?UTF-8?Q?palaute=40kunta.example_=3Cpalaute=40kunta.example=3E?= <x@example.org>\r\n\r\nHei"
    assert (read_letter(raw).address, read_letter(raw).name) == ("x@example.org", "")


def test_of_two_ways_to_write_a_text_the_plain_one_is_read_unless_it_is_empty():
    mail = EmailMessage()
    mail["From"] = "aino@example.org"
    mail.set_content("Pelkkä teksti")
    mail.add_alternative("<p>Muotoiltu teksti</p>", subtype="html")
    assert read_letter(mail.as_bytes()).text == "Pelkkä teksti"
    mail.get_body(("plain",)).set_content("\n \n")
    assert read_letter(mail.as_bytes()).text == "Muotoiltu teksti"


@pytest.mark.parametrize(
    "older",
    [
        '<div class="gmail_quote"><div>ma 16. marrask. 2026 klo 14.05 X &lt;x@example.org&gt; kirjoitti:<br></div>'
        "<blockquote>Vanha teksti</blockquote></div>",
        '<div id="divRplyFwdMsg"><b>Von:</b> X</div><div>Vanha teksti</div>',
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>Saatja:</b> X</p></div><p>Vanha teksti</p>',
        '<blockquote type="cite">Vanha<blockquote>Vielä vanhempi</blockquote>teksti</blockquote>',
    ],
)
def test_history_in_html_is_cut(older):
    assert said(f"<div>Uusi teksti</div>{older}", "Content-Type: text/html; charset=utf-8") == "Uusi teksti"


def test_a_mail_with_only_a_subject_says_that():
    assert said("", "Subject: Kuoppa Koulutiellä") == "Kuoppa Koulutiellä"
    assert said("> vanha", "Subject: Re: Kuoppa", "In-Reply-To: <0@example.org>") == ""


def test_the_thread_is_told():
    raw = HEAD + "References: <a@x> <b@x>\r\n <c@x>\r\nIn-Reply-To: <b@x>\r\n\r\nHei"
    letter = read_letter(raw.encode())
    assert (letter.references, letter.parent) == (("a@x", "c@x", "b@x"), "b@x")
    assert read_letter((HEAD + "References: <a@x> <b@x>\r\n\r\nHei").encode()).parent == "b@x"


def test_a_mail_without_a_name_has_one_of_its_own_that_stays():
    first, other = b"From: a@example.org\r\n\r\nHei", b"From: a@example.org\r\n\r\nHei!"
    assert read_letter(first).id == read_letter(first).id != read_letter(other).id
    assert letter_id(first) == ""


def test_lines_broken_by_a_program_are_joined():
    assert unwrapped("Tämä on \npitkä rivi.\nUusi rivi\n> lainattu \n> rivi\n-- \nAino", joined=False) == (
        "Tämä on pitkä rivi.\nUusi rivi\n> lainattu rivi\n-- \nAino"
    )
    assert unwrapped("pal \naute", joined=True) == "palaute"


def nested(depth: int) -> bytes:
    heads = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(depth))
    return (HEAD + heads + "Content-Type: text/plain\r\n\r\nHei").encode()


def test_mails_made_to_harm_are_read_or_refused():
    parts = "".join(f"--b\r\nContent-Type: image/png; name={n}.png\r\n\r\nx\r\n" for n in range(1000))
    many = f'{HEAD}Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nHei\r\n{parts}--b--'
    letter = read_letter(many.encode())
    assert (letter.text, len(letter.attachments)) == ("Hei", 100)
    assert read_letter(nested(500)).text == "Hei"
    for bomb, code in (
        (nested(5000), "too-nested"),
        (b"X: y\r\n" * 20_001 + b"\r\nHei", "too-many-headers"),
        (b"\r\n" * (13 << 20), "too-large"),
    ):
        with pytest.raises(Unreadable) as refused:
            read_letter(HEAD.encode() + bomb)
        assert refused.value.code == code


def test_a_large_file_is_told_and_a_large_text_is_cut():
    encoded = base64.encodebytes(b"x" * (15 << 20))
    head = f'{HEAD}Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nHei\r\n--b\r\n'.encode()
    kind = b"Content-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    letter = read_letter(head + kind + encoded + b"--b--")
    assert (letter.text, letter.attachments[0].size) == ("Hei", 15 << 20)
    assert len(said(encoded, "Content-Type: text/plain", "Content-Transfer-Encoding: base64")) == 400_000


def test_a_very_long_header_is_cut():
    letter = read_letter(HEAD.encode() + b"Subject: " + b"x" * (1 << 20) + b"\r\n\r\nHei")
    assert len(letter.subject) < 10_000
    assert letter.text == "Hei"


@given(st.binary(max_size=400), st.sampled_from(["", "Content-Type: multipart/mixed; boundary=b\r\n", "From: "]))
def test_no_bytes_harm(raw, before):
    letter = read_letter(before.encode() + raw)
    assert letter.id


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=60),
    st.sampled_from(["quoted-printable", "base64", "8bit"]),
)
def test_a_word_arrives_as_it_was_written(word, how):
    mail = EmailMessage()
    mail["From"] = "aino@example.org"
    mail.set_content("Asia on " + word, cte=how)
    assert read_letter(mail.as_bytes()).text == "Asia on " + word
