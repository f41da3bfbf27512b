"""People come in by a link that works once, hold what they were given, and never leave the desk without anybody."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.web.cast import person

from kuulo.desk import people
from kuulo.desk.permissions import NotAllowed, roles
from kuulo.models import Event, Invitation, Membership, Person, Role, Unit

pytestmark = pytest.mark.django_db


def come_in(token, **told):
    return people.accept(token, **{"email": "liv@example.org", "name": "Liv", "password": "x"} | told)


def refused(code):
    return pytest.raises(people.NotNow, check=lambda error: error.code == code)


def token_of(link):
    assert link.startswith("/welcome/")
    return link.removeprefix("/welcome/").rstrip("/")


def test_the_first_administrator_comes_in_once_by_the_newest_link_alone():
    earlier = token_of(people.first_administrator_link())
    newest = token_of(people.first_administrator_link())
    with refused("link-unknown"):
        come_in(earlier)
    first = come_in(newest, email="Liv@Example.org ")
    assert (first.email, roles(first), first.check_password("x")) == ("liv@example.org", {Role.ADMINISTRATOR}, True)
    with refused("link-used"):
        come_in(newest)
    assert people.first_administrator_link() is None


def test_a_link_for_the_first_is_void_when_there_is_an_administrator():
    link = token_of(people.first_administrator_link())
    person(Role.ADMINISTRATOR)
    with refused("link-used"):
        people.look_at(link)


def test_an_invited_person_gets_the_role_and_the_address_of_the_link():
    admin, streets = person(Role.ADMINISTRATOR), Unit.objects.create(names={"en": "Streets"})
    token = people.invite(admin, email="Olav@example.org", role=Role.OFFICIAL, unit=streets)
    olav = come_in(token, email="other@example.org", name="Olav")
    (held,) = olav.memberships.all()
    assert (olav.email, held.role, held.unit) == ("olav@example.org", Role.OFFICIAL, streets)
    with refused("known-already"):
        people.invite(admin, email="OLAV@example.org", role=Role.READER, unit=None)


def test_a_link_grows_old_and_a_later_one_makes_it_void():
    admin = person(Role.ADMINISTRATOR)
    first = people.invite(admin, email="a@example.org", role=Role.READER, unit=None)
    second = people.invite(admin, email="a@example.org", role=Role.READER, unit=None)
    with refused("link-unknown"):
        people.look_at(first)
    Invitation.objects.update(expires=timezone.now() - timedelta(seconds=1))
    with refused("link-expired"):
        come_in(second)
    assert not Person.objects.filter(email="a@example.org").exists()


def test_no_token_is_kept():
    token = people.invite(person(Role.ADMINISTRATOR), email="a@example.org", role=Role.READER, unit=None)
    assert token not in str(Invitation.objects.values().get())


def test_a_new_link_gives_a_new_password_and_no_more():
    admin, reader = person(Role.ADMINISTRATOR), person(Role.READER)
    come_in(people.new_link(admin, reader), name="Reader", password="another")
    reader.refresh_from_db()
    assert reader.check_password("another")
    assert [held.role for held in reader.memberships.all()] == [Role.READER]
    with refused("no-role"):
        people.new_link(admin, person(None))


@pytest.mark.parametrize("role", [Role.READER, Role.OFFICIAL, Role.MENTOR, Role.SUPERVISOR, None])
def test_only_administrators_manage_people(role):
    somebody, reader = person(role), person(Role.READER, name="Other")
    for attempt in (
        lambda: people.invite(somebody, email="a@example.org", role=Role.READER, unit=None),
        lambda: people.new_link(somebody, reader),
        lambda: people.give_role(somebody, somebody, role=Role.ADMINISTRATOR, unit=None),
        lambda: people.take_role(somebody, reader.memberships.get()),
        lambda: people.deactivate(somebody, reader),
        lambda: people.activate(somebody, reader),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert not Event.objects.exists()


def test_nobody_gives_more_than_they_have():
    streets, parks = Unit.objects.create(names={"en": "Streets"}), Unit.objects.create(names={"en": "Parks"})
    local, reader = person(Role.ADMINISTRATOR, unit=streets), person(Role.READER, unit=streets)
    people.give_role(local, reader, role=Role.OFFICIAL, unit=streets)
    for unit in (parks, None):
        with pytest.raises(NotAllowed):
            people.give_role(local, reader, role=Role.READER, unit=unit)
        with pytest.raises(NotAllowed):
            people.invite(local, email="a@example.org", role=Role.READER, unit=unit)
    everywhere = person(Role.ADMINISTRATOR, name="Chief")
    with pytest.raises(NotAllowed):
        people.take_role(local, everywhere.memberships.get())
    with pytest.raises(NotAllowed):
        people.new_link(local, everywhere)
    with pytest.raises(NotAllowed):
        people.deactivate(local, everywhere)


def test_the_last_administrator_stays():
    streets = Unit.objects.create(names={"en": "Streets"})
    admin = person(Role.ADMINISTRATOR)
    person(Role.ADMINISTRATOR, name="Local", unit=streets)  # administers a part only
    held = admin.memberships.get()
    with refused("last-administrator"):
        people.take_role(admin, held)
    with refused("last-administrator"):
        people.deactivate(admin, admin)
    second = person(Role.ADMINISTRATOR, name="Second")
    people.deactivate(admin, second)
    with refused("last-administrator"):
        people.take_role(admin, held)
    people.activate(admin, second)
    people.take_role(admin, held)
    assert not Membership.objects.filter(pk=held.pk).exists()


def test_an_administrator_may_give_up_another_role():
    admin = person(Role.ADMINISTRATOR)
    people.give_role(admin, admin, role=Role.READER, unit=None)
    people.take_role(admin, admin.memberships.get(role=Role.READER))
    assert [held.role for held in admin.memberships.all()] == [Role.ADMINISTRATOR]


def test_a_closed_account_has_no_open_link():
    admin, reader = person(Role.ADMINISTRATOR), person(Role.READER)
    token = people.new_link(admin, reader)
    people.deactivate(admin, reader)
    with refused("link-unknown"):
        people.look_at(token)


def test_the_log_in_service_brings_the_role_that_waits():
    admin, newcomer = person(Role.ADMINISTRATOR), person(None)
    assert not people.claim(newcomer)
    Invitation.objects.create(
        email=newcomer.email,
        token_hash="x",
        role=Role.MENTOR,
        expires=timezone.now() + timedelta(days=1),
        made_by=admin,
    )
    assert people.claim(newcomer)
    assert not people.claim(newcomer)
    assert roles(newcomer) == {Role.MENTOR}


def test_the_history_tells_each_change_and_no_address():
    admin = person(Role.ADMINISTRATOR)
    olav = come_in(people.invite(admin, email="olav@example.org", role=Role.READER, unit=None), name="Olav")
    people.give_role(admin, olav, role=Role.OFFICIAL, unit=None)
    people.give_role(admin, olav, role=Role.OFFICIAL, unit=None)
    people.take_role(admin, olav.memberships.get(role=Role.READER))
    people.new_link(admin, olav)
    people.deactivate(admin, olav)
    people.activate(admin, olav)
    kinds = ["person-invited", "person-joined", "role-given", "role-taken", "link-renewed", "account-closed"]
    assert [event.kind for event in Event.objects.order_by("pk")] == [*kinds, "account-opened"]
    assert "example.org" not in str(list(Event.objects.values()))


def test_a_link_for_a_password_does_not_bring_back_a_role_that_was_taken():
    admin, official = person(Role.ADMINISTRATOR), person(Role.OFFICIAL)
    token = people.new_link(admin, official)
    people.take_role(admin, official.memberships.get())
    with refused("link-unknown"):
        come_in(token)
    assert roles(Person.objects.get(pk=official.pk)) == set()


def test_an_invitation_ends_with_the_right_of_who_made_it():
    admin, other = person(Role.ADMINISTRATOR), person(Role.ADMINISTRATOR, name="Other")
    made = [people.invite(other, email=f"{n}@example.org", role=Role.ADMINISTRATOR, unit=None) for n in "ab"]
    people.look_at(made[0])
    people.deactivate(admin, other)
    with refused("link-unknown"):
        come_in(made[0])
    people.activate(admin, other)
    people.take_role(admin, other.memberships.get())
    with refused("link-unknown"):
        come_in(made[1])
    vouched = Person.objects.create(email="b@example.org")
    assert not people.claim(vouched)
    assert roles(vouched) == set()
