"""Bringing a file in by the browser: look, decide, start, see how far it is and where everything went."""

import json
import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kuulo.desk.intake import take_in
from kuulo.models import Intake, Membership, Message, Person, RejectedRow, Role, Source

pytestmark = pytest.mark.django_db
SURVEY = "id;pvm;alue;palaute\nA1;3/4/2026;Pajula;Aura jättää vallin portin eteen\nA2;4/13/2026;Pajula;<script>alert(1)</script> Bussi ei tule\nA2;;Videby;Toinen teksti tästä\n"


@pytest.fixture(autouse=True)
def own_folder(tmp_path, settings):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def as_role(client):
    def log_in(role):
        person = Person.objects.create_user(f"{role}@example.org", name=str(role))
        if role:
            Membership.objects.create(person=person, role=role)
        client.force_login(person)
        return client

    return log_in


@pytest.fixture
def official(as_role):
    return as_role(Role.OFFICIAL)


def brought(client, content=SURVEY, name="palautteet.csv"):
    answer = client.post("/bring/", {"file": SimpleUploadedFile(name, content.encode())})
    assert answer.status_code == 302, answer.content.decode()
    return Intake.objects.latest("pk")


def finished(client, intake, **form):
    answer = client.post(f"/intakes/{intake.pk}/order/", {"do": "start", "source": "Lomake", **form})
    assert answer.status_code == 302, answer.content.decode()
    Intake.objects.filter(pk=intake.pk).update(state="running")
    take_in(intake, stop=lambda: False)
    return intake


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize(
    ("role", "status"),
    [(None, 403), (Role.READER, 403), (Role.OFFICIAL, 200), (Role.MENTOR, 200), (Role.ADMINISTRATOR, 200)],
)
def test_only_officials_bring_files(as_role, role, status):
    assert as_role(role).get("/bring/").status_code == status


def test_a_reader_sees_what_became_of_a_file_and_changes_nothing(as_role, official):
    intake = brought(official)
    reader = as_role(Role.READER)
    assert reader.get(f"/intakes/{intake.pk}/").status_code == 403
    assert reader.post(f"/intakes/{intake.pk}/order/", {"do": "start", "source": "X"}).status_code == 403
    assert reader.post(f"/intakes/{intake.pk}/cancel/").status_code == 403
    Intake.objects.update(state="cancelled")
    assert reader.get(f"/intakes/{intake.pk}/").status_code == 200
    assert reader.get("/intakes/").status_code == 200


def test_a_stranger_is_asked_to_log_in(client):
    for address in ("/bring/", "/intakes/", "/intakes/1/"):
        assert client.get(address).headers["Location"].startswith("/accounts/login/")


def test_the_preview_shows_the_rows_as_text_and_each_columns_role(official):
    intake = brought(official)
    page = official.get(f"/intakes/{intake.pk}/").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    chosen = re.findall(r'<select[^>]*name="role-(\d)".*?<option value="(\w*)" selected', page, re.DOTALL)
    assert chosen == [("0", "id"), ("1", "time"), ("2", "background"), ("3", "text")]


def test_the_preview_names_the_faults_of_a_file(official):
    faulty = "id;pvm;palaute\n1;4.3.2026;Aura jättää vallin\n2;sometimes;Bussi ei tule\n3;1.1.2999;Lunta on paljon\n3;5.3.2026;A;B;C\n"
    page = words(official.get(f"/intakes/{brought(official, faulty).pk}/"))
    assert "Times that were not understood: 1. The first is sometimes on row 2." in page
    assert "Times that are in the future: 1. The first is 1.1.2999 on row 3." in page
    assert "Rows with an id that an earlier row has: 1. The first is row 4." in page
    assert "Messages looked through, from the beginning of the file: 4." in page
    bare = "4.3.2026;Aura jättää vallin portin eteen\n5.3.2026;Bussi ei tule ajallaan koskaan\n"
    assert "No header row was found." in words(official.get(f"/intakes/{brought(official, bare).pk}/"))
    assert "Nothing odd was found." in words(
        official.get(f"/intakes/{brought(official, 'palaute' + chr(10) + 'Lunta').pk}/")
    )


def test_a_new_source_is_not_made_by_accident(official):
    finished(official, brought(official))
    intake = brought(official, "palaute\nLunta tiellä\n")
    address = f"/intakes/{intake.pk}/order/"
    page = official.post(address, {"do": "start", "source": "Lomke"})
    assert page.status_code == 422
    assert "There is no source “Lomke” yet." in words(page)
    assert Source.objects.count() == 1
    assert 'name="new_source" value="Lomke"' in page.content.decode()
    assert official.post(address, {"do": "start", "source": "Lomke", "new_source": "Lomke"}).status_code == 302
    assert {source.name for source in Source.objects.all()} == {"Lomake", "Lomke"}
    finished(official, brought(official, "palaute\nLunta\n"), source="LOMAKE")
    assert Source.objects.count() == 2


def test_a_role_is_changed_by_hand_and_holds(official):
    intake = brought(official)
    form = {"role-0": "", "role-1": "", "role-2": "text", "role-3": "text"}
    official.post(f"/intakes/{intake.pk}/order/", {"do": "look", "source": "Lomake", **form})
    page = official.get(f"/intakes/{intake.pk}/").content.decode()
    assert re.findall(r'<option value="(\w*)" selected', page) == ["text", "text"]
    finished(official, intake, **form)
    assert Message.objects.count() == 6
    assert set(Message.objects.values_list("origin_id", "dated")) == {("", False)}


def test_a_new_way_to_read_has_its_columns_guessed_anew(official):
    intake = brought(official)
    answer = official.post(f"/intakes/{intake.pk}/order/", {"do": "look", "delimiter": "none", "source": "Oma"})
    page = official.get(answer.headers["Location"]).content.decode()
    assert page.count("name=role-") + page.count('name="role-') == 1
    assert 'value="Oma"' in page


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"source": ""}, "Name the source"),
        ({"role-3": "", "role-2": ""}, "No column looks like messages"),
        ({"role-1": "id"}, "Only one column can be: id"),
    ],
)
def test_what_cannot_be_started_is_said_and_nothing_is_taken_in(official, form, said):
    intake = brought(official)
    answer = official.post(f"/intakes/{intake.pk}/order/", {"do": "start", "source": "Lomake", **form})
    assert answer.status_code == 422
    assert said in words(answer)
    intake.refresh_from_db()
    assert intake.state == "preview"


def test_nobody_starts_or_cancels_what_is_over(official):
    intake = finished(official, brought(official))
    for act in ("order", "cancel"):
        assert official.post(f"/intakes/{intake.pk}/{act}/", {"do": "start", "source": "X"}).status_code == 409
    assert official.get(f"/intakes/{intake.pk}/order/").status_code == 405


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "Choose a file or paste some text"),
        ({"text": "  \n"}, "Choose a file or paste some text"),
        ({"file": SimpleUploadedFile("a.csv", b"")}, "a.csv is empty"),
    ],
)
def test_nothing_is_no_file(official, form, said):
    answer = official.post("/bring/", form)
    assert (answer.status_code, said in words(answer)) == (422, True)
    assert Intake.objects.count() == 0


def test_a_request_that_is_too_large_is_not_kept(official, monkeypatch):
    monkeypatch.setattr("kuulo.web.uploading.MOST", -(4 << 20))
    answer = official.post("/bring/", {"file": SimpleUploadedFile("a.csv", b"palaute\nLunta\n")})
    assert (answer.status_code, "too large" in words(answer)) == (422, True)
    assert Intake.objects.count() == 0


def test_pasted_text_is_a_file_too(official):
    official.post("/bring/", {"text": "Lunta tiellä liikaa\nBussi on myöhässä aina\n"})
    intake = finished(official, Intake.objects.get())
    assert (intake.file_name, intake.added) == ("pasted.txt", 2)


def test_a_file_that_is_none_is_told_and_can_be_read_otherwise(official):
    intake = brought(official, "%PDF-1.7 \x00", "raportti.csv")
    page = words(official.get(f"/intakes/{intake.pk}/"))
    assert "raportti.csv is not a table or text but a PDF" in page


def test_the_ledger_adds_up_and_leads_to_the_messages(official):
    intake = finished(official, brought(official))
    page = official.get(f"/intakes/{intake.pk}/")
    assert "3 read = 2 new + 0 known + 1 left out" in words(page)
    assert "The sum is right." in words(page)
    assert f'href="/inbox/?intake={intake.pk}&amp;status=new&amp;copies=all">2<' in page.content.decode()
    assert "The id A2 already has a message with another text." in words(page)
    assert "the month comes before the day" in words(page)
    assert [str(m.arrived.date()) for m in Message.objects.order_by("row")] == ["2026-03-03", "2026-04-12"]


def test_every_number_of_the_ledger_opens_as_many_messages_with_their_copies(official):
    intake = finished(
        official, brought(official, "id;palaute\n1;Bussi ei tule\n2;Bussi ei tule\n3;\n4;Aura ei tule\n")
    )
    first, copy = Message.objects.filter(text="Bussi ei tule").order_by("row")
    Message.objects.filter(pk=copy.pk).update(copy_of=first, status="grouped")
    Message.objects.filter(pk=first.pk).update(status="grouped")
    page = official.get(f"/intakes/{intake.pk}/").content.decode()
    links = [(unescape(address), int(n)) for address, n in re.findall(r'href="(/inbox/[^"]*)">(\d+)<', page)]
    assert [n for _, n in links] == [4, 2, 1, 1]
    for address, n in links:
        assert len(json.loads(official.get(f"{address}&format=json").getvalue())) == n


def test_what_was_known_before_opens_the_very_messages(official):
    finished(official, brought(official, "id;palaute\n1;Bussi ei tule\n2;Aura ei tule\n"))
    again = finished(
        official, brought(official, "id;palaute\n2;Aura ei tule\n3;Uusi asia\n2;Aura ei tule\n1;Muuta\n")
    )
    page, listed = (official.get(address).content.decode() for address in (f"/intakes/{again.pk}/", "/intakes/"))
    link = f'<a href="/inbox/?known={again.pk}&amp;copies=all">2</a>'
    assert link in page
    assert link in listed
    rows = json.loads(official.get(f"/inbox/?known={again.pk}&copies=all&format=json").getvalue())
    assert [row["text"] for row in rows] == ["Aura ei tule"]  # it stands in the file twice
    assert "Known when a file was brought in" in words(official.get(f"/inbox/?known={again.pk}"))


def test_left_out_opens_the_rows_that_were_left_out_alone(official):
    future = SURVEY + "A4;1/1/2999;Pajula;Tulevaisuudesta\n"
    intake = finished(official, brought(official, future))
    out = f"/intakes/{intake.pk}/?rows=out"
    for address in ("/intakes/", f"/intakes/{intake.pk}/"):
        assert f'<a href="{out}#rows">1</a>' in official.get(address).content.decode()
    odd_rows = official.get(f"/intakes/{intake.pk}/").context["rows"]
    assert {odd.code for odd, _ in odd_rows} == {"id-with-other-text", "time-in-future"}
    assert [odd.code for odd, _ in official.get(out).context["rows"]] == ["id-with-other-text"]
    rows = json.loads(official.get(f"{out}&format=json").getvalue())
    assert [row["row"] for row in rows if row["row"]] == [3]
    assert "Row 1 of the file is the header row" in words(official.get(out))


def test_the_very_same_file_is_recognised(official):
    finished(official, brought(official))
    again = brought(official)
    page = words(official.get(f"/intakes/{again.pk}/"))
    assert "This very file was brought in on" in page
    assert "Brought by official." in page
    finished(official, again)
    again.refresh_from_db()
    assert (again.added, again.known, again.rejected) == (0, 2, 1)


def test_the_data_of_the_ledger_is_what_the_page_shows(official):
    intake = finished(official, brought(official))
    answer = official.get(f"/intakes/{intake.pk}/?format=json")
    rows = json.loads(answer.getvalue())
    assert {row["what"]: row["number"] for row in rows if row["number"] is not None}["added"] == 2
    assert [(row["row"], row["column"]) for row in rows if row["row"]] == [(3, "id")]
    listed = json.loads(official.get("/intakes/?format=json").getvalue())
    assert [(row["file"], row["added"], row["left_out"]) for row in listed] == [("palautteet.csv", 2, 1)]
    assert official.get("/intakes/?format=csv").getvalue().decode().startswith("\ufeffid,file")


def test_progress_is_polled_and_ends_in_the_ledger(official):
    intake = brought(official)
    official.post(f"/intakes/{intake.pk}/order/", {"do": "start", "source": "Lomake"})
    page = official.get(f"/intakes/{intake.pk}/").content.decode()
    assert 'hx-trigger="every 2s"' in page
    part = official.get(f"/intakes/{intake.pk}/", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "HX-Refresh" not in part.headers
    Intake.objects.update(state="running", rows_total=10, rows_done=5)
    part = official.get(f"/intakes/{intake.pk}/", headers={"HX-Request": "true"})
    assert '<progress class="how-far" max="10" value="5"' in part.content.decode()
    Intake.objects.update(state="done")
    assert official.get(f"/intakes/{intake.pk}/", headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_a_cancelled_intake_leaves_no_file(official, tmp_path):
    intake = brought(official)
    assert official.post(f"/intakes/{intake.pk}/cancel/").status_code == 302
    intake.refresh_from_db()
    assert intake.state == "cancelled"
    assert list((tmp_path / "uploads").iterdir()) == []


def queries(client, address):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_no_page_asks_more_often_for_more_rows(official):
    source = Source.objects.create(name="Lomake")
    intakes = [
        Intake.objects.create(
            file_name=f"{n}.csv", file_size=1, state="done", source=source, brought_by=Person.objects.get()
        )
        for n in range(3)
    ]
    RejectedRow.objects.create(intake=intakes[0], row=1, code="time-in-future", facts={"cell": "x"})
    Intake.objects.filter(pk__in=[row.pk for row in intakes[1:]]).update(state="preview")
    Intake.objects.exclude(pk=intakes[0].pk).delete()
    one = (queries(official, "/intakes/"), queries(official, f"/intakes/{intakes[0].pk}/"))
    for n in range(2):
        Intake.objects.create(
            file_name=f"{n}.csv", file_size=1, state="done", source=source, brought_by=Person.objects.get()
        )
        RejectedRow.objects.create(intake=intakes[0], row=n, code="time-in-future", facts={"cell": "x"})
    assert (queries(official, "/intakes/"), queries(official, f"/intakes/{intakes[0].pk}/")) == one


def test_later_pages_begin_where_the_earlier_ended(official):
    for n in range(52):
        Intake.objects.create(file_name=f"tiedosto{n}.csv", file_size=1, state="done")
    first = official.get("/intakes/").content.decode()
    assert first.count("<tr ") == 51
    after = re.search(r'href="\?before=(\d+)"', first)
    assert after
    second = official.get(f"/intakes/?before={after[1]}").content.decode()
    assert ("tiedosto1.csv" in second, "tiedosto2.csv" in second) == (True, False)
