"""Columns get their roles from the words above them and from what stands in them."""

import pytest


@pytest.mark.parametrize(
    ("names", "roles"),
    [
        ("Tunniste;Saapumisaika;Lähettäjä;Asiointikieli;Viesti", "fi"),
        ("Ärendenummer;Inkommen;Avsändare;Språk;Meddelande", "sv"),
        ("Saksnummer;Mottatt;Avsender;Språk;Melding", "nb"),
        ("Saksnummer;Motteke;Avsendar;Målform;Innspel", "nn"),
        ("Response ID;Completion time;Name;Language;Feedback", "en"),
    ],
)
def test_roles_are_known_by_their_words(hear, names, roles):
    rows = "A-1;16.11.2026 9:15;Kari;nb;Ta bort brøytekanten\nA-2;17.11.2026 9:15;Siv;nb;Lys mangler på stien\n"
    guess = hear(f"{names}\n{rows}").guess
    assert [guess.id, guess.time, guess.author, guess.language, *guess.text] == names.split(";"), roles


@pytest.mark.parametrize(
    "time",
    ["16.11.2026 9:15", "16.11.2026", "2026-11-16", "2026-11-16T09:15:00Z", "2026-11-16 09:15:00+02:00",
     "11/16/26 9:15:22", "16/11/2026", "16.11.2026 klo 9.15", "ma 16.11.2026 9.15", "11/16/2026 9:15 AM"],
)  # fmt: skip
def test_roles_are_known_by_their_cells(hear, time):
    rows = "".join(f"K{row};{time};fi;Täällä on jotain vialla kohdassa {row}\n" for row in range(4))
    guess = hear(rows, header=False).guess
    assert (guess.id, guess.time, guess.language, guess.text) == ("1", "2", "3", ("4",))


def test_several_open_answers_are_all_text(hear):
    rows = "".join(
        f"{row};3;Täysin samaa mieltä asiasta;Puisto numero {row} on siisti;Lisää penkkejä reitille {row}\n"
        for row in range(30)
    )
    guess = hear("Nro;Arvosana;Väite;Mistä pidit?;Mitä lisäisit?\n" + rows).guess
    assert guess.text == ("Mistä pidit?", "Mitä lisäisit?")


def test_titles_places_and_choices_are_not_text(hear):
    long = "Tässä kerron pitkästi, mitä koulun pihalla tapahtui, ja mitä siitä seurasi meille kaikille."
    rows = "".join(f"{row};Otsikko numero {row};Koulukatu {row} A;kyllä;{long} {row}\n" for row in range(10))
    assert hear("id;otsikko;osoite;saako julkaista?;kertomus\n" + rows).guess.text == ("kertomus",)


def test_an_answer_of_the_office_is_not_the_residents_text(hear):
    guess = hear("id;teksti;vastaus\n1;Katu auraamatta;Välitetty kunnossapidolle heti\n").guess
    assert guess.text == ("teksti",)


def test_an_answer_is_text_where_nothing_else_is(hear):
    assert hear("ID;Svar\n1;Mer lys\n2;Ny benk\n").guess.text == ("Svar",)


def test_a_column_named_text_is_text_though_empty(hear):
    reading = hear("id;palaute\n1;\n2;\n")
    assert [message.text for message in reading.messages] == ["", ""]


def test_an_id_that_comes_again_and_again_is_not_the_messages_own(hear):
    rows = "".join(f"7;Kysymys numero {row} tästä aiheesta\n" for row in range(10))
    assert hear("category_id;question\n" + rows).guess.id == ""


def test_a_writers_id_is_an_author(hear):
    guess = hear("author-id,comment-id,comment-body\n5,1,I like this place\n5,2,More buses please\n").guess
    assert (guess.author, guess.id, guess.text) == ("author-id", "comment-id", ("comment-body",))


def test_birthdays_are_no_arrival_times(hear):
    guess = hear("syntymäaika;palaute\n1.2.1960;Penkki puuttuu täältä\n3.4.1970;Hyvä pysäkki tämä\n").guess
    assert guess.time == ""


def test_an_ordered_column_is_found_with_and_without_its_group(hear):
    content = (
        ";Avoimet;\nnro;Hyvää?;Huonoa?\n1;Ranta on siisti;Vessa on kiinni\n2;Laituri on uusi;Tie on kuoppainen\n"
    )
    for order in ("Hyvää?", "avoimet / hyvää?", "2"):
        assert hear(content, text=(order,)).guess.text == ("Avoimet / Hyvää?",)


def test_what_answers_can_be_sorted_by_is_kept_with_them(hear):
    rows = "".join(
        f"{row};{('Keskusta', 'Rantakylä', 'Harju')[row % 3]};{20 + row};liisa{row}@example.fi;040 123 45{row:02}"
        f";{('asukas', 'Pursiseura ry')[row % 2]};Pihatie {row};Puisto numero {row} on siisti ja hoidettu\n"
        for row in range(40)
    )
    reading = hear("Nro;Alue;Ikä;Sähköposti;Puhelin;Rooli;Osoite;Palaute\n" + rows)
    assert reading.guess.background == ("Alue", "Rooli")
    assert reading.guess.unread == ("Ikä", "Sähköposti", "Puhelin", "Osoite")
    assert reading.messages[1].background == (("Alue", "Rantakylä"), ("Rooli", "Pursiseura ry"))
    assert [message.actor for message in reading.messages[:2]] == ["resident", "association"]


def test_ages_are_kept_and_a_running_number_is_not(hear):
    rows = "".join(f"{row};{18 + row % 50};{row * 7};Puisto numero {row} on siisti\n" for row in range(100))
    assert hear("Nro;Ikä;Leima;Palaute\n" + rows).guess.background == ("Ikä",)


def test_the_actor_may_be_ordered(hear):
    rows = "Kylä;X Oy;Puisto on siisti ja hoidettu\nKaupunki;Y ry;Tänne pitäisi saada penkkejä\n"
    reading = hear("alue;vastaus antoi;palaute\n" + rows, actor="vastaus antoi")
    assert [message.actor for message in reading.messages] == ["company", "association"]


def test_what_could_tell_who_a_resident_is_is_never_kept(hear):
    rows = "".join(
        f"{('Matti Virtanen', 'Liisa Nieminen')[row % 2]};04012345{row % 2}7;m{row % 2}@x.fi;Harju"
        f";{('Matti Virtanen', 'Sari Korhonen')[row % 2]};Puisto numero {row} on siisti ja hoidettu\n"
        for row in range(12)
    )
    header = "Nimi (vapaaehtoinen);GSM;Yhteystiedot;Alue;Kuka täytti;Palaute\n"
    assert hear(header + rows).guess.background == ("Alue",)


def test_a_column_of_contacts_is_no_answer_and_late_values_are_looked_at_too(hear):
    early = "".join(f"ei;Puisto numero {row} on siisti;Maija M, 050 76543{row % 90 + 10}\n" for row in range(2_100))
    late = "kyllä;Puisto on siisti;-\nSoita 040 1237000 tai maija@esim.fi;Puisto on hoidettu;-\n"
    reading = hear("Lisätieto;Palaute;Yhteystiedot (jos haluat vastauksen)\n" + early + late)
    assert reading.guess.text == ("Palaute",)
    assert {value for message in reading.messages for _, value in message.background} == {"ei", "kyllä"}


def test_schools_and_channels_are_background(hear):
    rows = "".join(
        f"{('sähköposti', 'puhelu')[row % 2]};{('Aleksis Kiven koulu', 'Rantakoulu')[row % 2]};Piha {row} on siisti\n"
        for row in range(20)
    )
    assert hear("Contact channel;School;Palaute\n" + rows).guess.background == ("Contact channel", "School")


def test_a_question_about_a_name_is_still_a_question(hear):
    rows = "".join(f"{row};Puiston nimi voisi olla Ankkalampi numero {row}\n" for row in range(20))
    assert hear("nro;Nimi uudelle puistolle, mitä ehdotat?\n" + rows).guess.text == (
        "Nimi uudelle puistolle, mitä ehdotat?",
    )
