"""Of a mail's text, what its writer says now."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuulo.hear.mail_text import MAILWORDS, about, forwarded, fresh

GMAIL = {
    "fi": "ma 16. marrask. 2026 klo 14.05 Kunnan palaute <palaute@kunta.example> kirjoitti:",
    "sv": "Den mån 16 nov. 2026 kl 15:31 skrev Kommunens respons <palaute@kunta.example>:",
    "nb": "man. 16. nov. 2026 kl. 09:08 skrev Kommunens tilbakemelding <post@kommune.example>:",
    "nn": "måndag 16. november 2026 kl. 09:08 skreiv Tilbakemelding <post@kommune.example>:",
    "en": "On Mon, 16 Nov 2026 at 14:05, Feedback <feedback@town.example> wrote:",
    "da": "Den man. 16. nov. 2026 kl. 22.07 skrev Kommunen <post@kommune.example>:",
}


@pytest.mark.parametrize("language", MAILWORDS)
def test_history_and_signature_are_cut_in_every_language(language):
    words = MAILWORDS[language]
    block = "\n".join(
        f"{role[0].capitalize()}: {told}"
        for role, told in (
            (words.sender, "Kunta <palaute@kunta.example>"),
            (words.sent, "16.11.2026 15:30"),
            (words.to, "Aino <aino@example.org>"),
            (words.subject, "Asia"),
        )
    )
    older = [
        f"{GMAIL[language]}\n\n> Vanha teksti",
        GMAIL[language].replace(" <", "\n<") + "\n\n> Vanha teksti",
        f"________________________________\n{block}\n\nVanha teksti",
        f"-----{words.original[0].capitalize()}-----\nVanha teksti",
    ]
    for closing in words.closings:
        for history in older:
            signature = f"{closing.capitalize()}\nAino Esimerkki\n040 000 0000"
            assert fresh(f"Uusi teksti.\n\n{signature}\n\n{history}") == "Uusi teksti.", (closing, history)
    for device in words.devices:
        assert fresh(f"Uusi teksti.\n\n{device.capitalize()}") == "Uusi teksti."


@pytest.mark.parametrize("language", MAILWORDS)
def test_a_mail_sent_on_has_its_writer_inside_in_every_language(language):
    words = MAILWORDS[language]
    block = f"{words.sender[0]}: Aino <aino@example.org>\n{words.sent[0]}: eilen\n{words.subject[0]}: Asia"
    text = f"Teille.\n\n-- \nToimisto\n\n{block}\n\nTie on poikki.\n\n{words.closings[-1]}\nAino"
    for prefix in words.forward:
        inner = forwarded(f"{prefix.upper()}: Asia", text)
        assert (inner.name, inner.address, inner.text) == ("Aino", "aino@example.org", "Tie on poikki.")
    assert forwarded("Asia", text) is None
    assert forwarded("Re: Asia", text) is None


def test_the_same_letters_are_a_reply_in_one_language_and_sent_on_in_another():
    block = "{}: Kari <kari@example.org>\n{}: i går\n{}: Sak\n\nVeien er stengt."
    assert forwarded("VS: Sak", block.format("Fra", "Sendt", "Emne")).text == "Veien er stengt."
    assert forwarded("VS: Asia", block.format("Lähettäjä", "Lähetetty", "Aihe")) is None


@pytest.mark.parametrize(
    "text",
    [
        "Naapuri kirjoitti:\nTie on liukas.",
        "Den 16 november 2026 skrev jag till er:\nDet är halt.",
        "Bussen kör fel:\nFrån: Borgå\nTill: Helsingfors\nDet är fel.",
        "Terveisin",
        "t. Äijä",
        "Terveisiä Koulutieltä, jossa valo on ollut pimeänä jo kolme viikkoa.",
        "Asiaa on.\n\nTerveisin\nAino\n\nPS. Myös valot ovat rikki.",
        "Hei\n\nMvh Siv\n\nKan ni svara snart?",
        "1. valot\n2. tiet\n-----\n3. muuta",
        "On the 5th I wrote to you. Nothing happened.",
    ],
)
def test_what_the_writer_says_stays(text):
    assert fresh(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"{GMAIL['fi']}\n> Milloin näit sen?\n\nEilen illalla.", "> Milloin näit sen?\n\nEilen illalla."),
        (f"{GMAIL['en']}\n" + "> vanha\n" * 30 + "\nVastaan tähän alle.", "Vastaan tähän alle."),
        (
            "> Kysymys?\nVastaus.\n> Toinen?\nToinen vastaus.\n\n> loppu",
            "> Kysymys?\nVastaus.\n> Toinen?\nToinen vastaus.",
        ),
        ("> pelkkää vanhaa\n> tekstiä", ""),
        ("Hei.\n\nAino Esimerkki\n-- \nLähetetty iPhonesta", "Hei."),
    ],
)
def test_answers_between_the_lines_keep_their_questions(text, left):
    assert fresh(text, name="Aino Esimerkki") == left


def test_prefixes_are_no_part_of_what_a_mail_is_about():
    assert about("VS: Re: SV: [2] kuoppa") == "[2] kuoppa"
    assert about("Fwd: VL: Kuoppa") == "Kuoppa"


# what real mails are made of, in any order
_LINES = st.sampled_from(
    [
        "Hei,", "Tie on liukas.", "> lainaus", ">> vanha", "", "", "-- ", "Terveisin", "Mvh", "Aino", "____________",
        "kirjoitti:", "17.11.2026 14.20, X kirjoitti:", "skrev 5:", "Lähettäjä: X <x@example.org>", "Sent: 1", "Til: y",
        "Aihe: z", "-----Original Message-----", "Sent from my phone", "PS. vielä", *GMAIL.values(),
    ]
)  # fmt: skip
_MAILS = st.lists(_LINES | st.text(alphabet="ab> :5@\n", max_size=8), max_size=14).map("\n".join)


@given(_MAILS, st.sampled_from(["", "Aino"]))
def test_cutting_makes_nothing_up_and_cuts_all_at_once(text, name):
    left = fresh(text, name=name)
    assert fresh(left, name=name) == left
    remaining = iter(text.split("\n"))
    assert all(line in remaining for line in left.split("\n") if line.strip())


_WORDS = st.lists(st.sampled_from(["tie", "on", "liukas", "ja", "vägen", "5", "klo", "meillä,", "."]), min_size=1)


@given(st.lists(_WORDS.map(" ".join), min_size=1, max_size=8))
def test_what_is_all_new_is_left_whole(sentences):
    text = "\n".join(sentences)
    assert fresh(text) == text
