"""Chores: what the worker does for the database itself."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from tests.desk.desk_rows import add_message, add_source

from kuulo.desk.places import gazetteers
from kuulo.models import Discussion, Gazetteer, Message, Place, Whereabouts
from kuulo.work.chores import Chores, count_for_planner
from kuulo.work.claim import MOST_TRIES, Claims, put_back_abandoned

pytestmark = pytest.mark.django_db


def test_copies_are_found_by_their_original_and_not_by_walking_through_a_channel():
    for _ in range(60):
        first = add_message(channel="form")
        add_message(channel="form", copy_of=first)
    count_for_planner()
    if connection.vendor == "sqlite":
        plan = Message.objects.filter(channel="form", copy_of__in=[first.pk]).explain()
        assert "copy_of" in plan
    assert Message.objects.filter(channel="form", copy_of__in=[first.pk]).count() == 1


def test_a_worker_forgets_once_a_night_and_goes_on_where_it_was_stopped():
    add_message(heard=timezone.now() - timedelta(days=400))
    chores = Chores(Claims("one"))
    chores.forget_what_is_old(lambda: True)
    assert Message.objects.get().text
    chores.forget_what_is_old(lambda: False)
    assert Message.objects.get().text == ""
    late = add_message("Toinen", heard=timezone.now() - timedelta(days=400))
    chores.forget_what_is_old(lambda: False)
    assert Message.objects.get(pk=late.pk).text


def test_a_worker_takes_in_places_looks_messages_through_and_counts(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    message = add_message("Lamppu on rikki Malmilassa.")
    row, _ = gazetteers.bring(io.BytesIO(b"id,nimi,laji\n1,Malmila,kaupunginosa\n"), name="a.csv", person=None)
    chores = Chores(Claims("one"))
    chores._is_prepared = True  # the word tables and the encoder play no part here
    assert chores.take_in_places(lambda: False)
    assert not chores.take_in_places(lambda: False)
    row.refresh_from_db()
    assert (row.state, row.claimed_by, row.looked_to) == ("done", "", 0)
    assert chores.place_and_look(lambda: False)
    assert not chores.place_and_look(lambda: False)
    assert Whereabouts.objects.get().message == message
    chores.count_places(lambda: False)
    assert Place.objects.get().messages == 1


def test_a_worker_follows_discussions_and_seeks_their_matter():
    one = Discussion.objects.create(
        name="Kouluruoka", source=add_source(), thread="h1", opened=timezone.localdate() - timedelta(days=20),
        wanted=2, within=14,
    )  # fmt: skip
    add_message("Lisää kasviksia", thread="h1", arrived=timezone.now())
    chores = Chores(Claims("one"))
    assert not chores.follow_discussions(lambda: False)
    one.refresh_from_db()
    assert (one.state, one.figures["messages"], one.sought) == ("quiet", 1, ["school-meals"])
    assert one.looked_to == Message.objects.get().pk
    add_message("Kiitos ruoasta", thread="h1", arrived=timezone.now())
    chores._follow_at = 0.0
    chores.follow_discussions(lambda: False)
    one.refresh_from_db()
    assert one.state == "enough"


def test_a_file_of_places_that_stops_its_worker_again_and_again_is_given_up(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    row, _ = gazetteers.bring(io.BytesIO(b"id,nimi\n1,Malmila\n"), name="a.csv", person=None)
    for _ in range(MOST_TRIES + 1):
        assert row.state == "queued"
        Claims("gone").take(Gazetteer.objects.all())
        put_back_abandoned()
        row.refresh_from_db()
    assert (row.state, row.refusal) == ("refused", {"code": "gave-up"})
