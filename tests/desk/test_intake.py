"""A file becomes messages: nothing is lost, nothing doubled, and what is odd is told with its row."""

import pytest

from kuulo.desk import uploads
from kuulo.desk.seal import unseal
from kuulo.desk.tag_words import tags_in
from kuulo.models import Author, Event, Message, RawText, RejectedRow, Tag

pytestmark = pytest.mark.django_db
SURVEY = """id;pvm;nimimerkki;kanava;ketju;palaute
A1;4.3.2026 klo 14.05;Ville;lomake;k1;Aura jättää vallin portin eteen #Auraus #lumi
A2;5.3.2026;ville;puhelin;k1;Bussi 18 on aina myöhässä, katso https://example.org/#osa
A3;;Anna;lomake;;
"""


def test_a_row_becomes_a_message_with_what_stands_beside_it(take):
    intake = take(SURVEY)
    first, second, third = Message.objects.order_by("row")
    assert (first.origin_id, first.channel, first.thread, first.language) == ("A1", "lomake", "k1", "fi")
    assert (first.arrived.isoformat(), first.dated) == ("2026-03-04T12:05:00+00:00", True)
    assert [tag.name for tag in first.tags.order_by("name")] == ["auraus", "lumi"]
    assert first.author == second.author != third.author
    assert second.channel == "puhelin"
    assert (third.status, third.reason, third.dated) == ("empty", "no-text", False)
    assert first.background == [["kanava", "lomake"]]
    assert (intake.state, intake.rows_total, intake.rows_done, intake.added) == ("done", 3, 3, 3)


def test_no_authors_name_is_kept(take):
    take(SURVEY)
    assert not Author.objects.filter(key__icontains="ville").exists()
    assert all(len(author.key) == 32 for author in Author.objects.all())


def test_the_same_file_twice_adds_nothing(take):
    take(SURVEY)
    again = take(SURVEY)
    assert (again.added, again.known, again.rejected) == (0, 3, 0)
    assert Message.objects.count() == 3
    assert Tag.objects.count() == 2


def test_a_text_is_masked_for_work_and_kept_sealed_for_a_while(take):
    file = (
        "id;palaute\nA1;Soita 040 123 4567, valo rikki\n;Terveisin Matti Virtanen, matti@posti.example\n;Hyvä bussi\n"
    )
    take(file)
    texts = list(Message.objects.order_by("row").values_list("text", flat=True))
    assert texts == ["Soita [phone], valo rikki", "Terveisin [name], [email]", "Hyvä bussi"]
    assert [unseal(raw.sealed, "text") for raw in RawText.objects.order_by("pk")] == [
        "Soita 040 123 4567, valo rikki",
        "Terveisin Matti Virtanen, matti@posti.example",
    ]
    assert not Message.objects.filter(search_text__contains="4567").exists()
    assert (take(file).known, take(file).rejected) == (3, 0)
    RawText.objects.all().delete()  # as when its time is over
    assert (take(file).known, take(file).rejected) == (3, 0)


def test_an_id_with_another_number_in_its_text_is_another_text(take):
    take("id;palaute\nA1;Soita 040 123 4567\n")
    assert take("id;palaute\nA1;Soita 040 123 9999\n").rejected == 1


def test_another_source_has_messages_of_its_own(take):
    take(SURVEY)
    assert take(SURVEY, source="Toinen").added == 3


def test_an_id_with_another_text_changes_nothing_and_is_told(take):
    take("id;palaute\nA1;Lunta tiellä\n")
    again = take("id;palaute\nA1;Lunta kadulla\nA2;Hyvä bussi\n")
    assert (again.added, again.known, again.rejected) == (1, 0, 1)
    row = RejectedRow.objects.get()
    assert (row.row, row.column, row.code, row.facts, row.message) == (
        1,
        "id",
        "id-with-other-text",
        {"id": "A1"},
        None,
    )
    assert Message.objects.get(origin_id="A1").text == "Lunta tiellä"


def test_a_time_that_cannot_be_goes_in_undated_and_is_told(take):
    intake = take("id;pvm;palaute\n1;4.3.2999;Lunta tiellä\n2;joskus;Hyvä bussi\n3;4.3.2020;Pimeä katu\n")
    assert (intake.added, intake.rejected) == (3, 0)
    told = RejectedRow.objects.order_by("row").values_list("row", "column", "code", "message__row")
    assert list(told) == [(1, "pvm", "time-in-future", 1), (2, "pvm", "time-not-understood", 2)]
    assert list(Message.objects.order_by("row").values_list("dated", flat=True)) == [False, False, True]


def test_a_file_that_cannot_be_read_is_refused_with_its_reason(take):
    intake = take("n;m\n1;2\n3;4\n5;6\n")
    assert (intake.state, intake.refusal["code"], Message.objects.count()) == ("refused", "no-text-column", 0)


def test_the_upload_is_gone_when_the_intake_is_over(take):
    intake = take(SURVEY)
    assert not uploads.place(intake.pk).exists()
    assert len(intake.file_hash) == 64
    assert list(uploads.folder().iterdir()) == []


def test_every_step_is_in_the_history_without_a_residents_word(take):
    take(SURVEY)
    assert list(Event.objects.order_by("pk").values_list("kind", flat=True)) == [
        "intake-brought", "intake-started", "intake-done",
    ]  # fmt: skip
    assert Event.objects.latest("pk").facts == {"added": 3, "known": 0, "rejected": 0}


def test_only_words_that_writers_marked_are_tags():
    text = "#Auraus #auraus, #2026 #tie_18 https://example.org/#osa &#228; mail#ei #snöröjning!"
    assert tags_in(text) == ("auraus", "tie_18", "snöröjning")
