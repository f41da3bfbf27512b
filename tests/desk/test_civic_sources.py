"""What hearings, initiatives, forums, sites and videos hold goes all the way into the desk, and out again."""

from contextlib import closing

import pytest
from tests.hear.test_decidim import Process
from tests.hear.test_discourse import Forum
from tests.hear.test_kerrokantasi import Hearings
from tests.hear.test_kuntalaisaloite import Initiatives
from tests.hear.test_lausuntopalvelu import Service
from tests.hear.test_wordpress import Site
from tests.hear.test_youtube import Channel

from kuulo.desk.listen import keep_secrets, listen
from kuulo.models import Connection, Message, Source

pytestmark = pytest.mark.django_db
SECRET = {"key", "secret", "password"}


def connected(counterpart) -> Connection:
    settings = counterpart.settings()
    connection = Connection(
        source=Source.objects.create(name="Lähde", channel="web"),
        connector=counterpart.connector.name,
        settings={name: value for name, value in settings.items() if name not in SECRET},
        own_network=True,
        state="running",
    )
    keep_secrets(connection, {name: value for name, value in settings.items() if name in SECRET})
    connection.save()
    return connection


def heard(connection: Connection) -> Connection:
    Connection.objects.filter(pk=connection.pk).update(state="running")
    listen(connection, stop=lambda: False)
    connection.refresh_from_db()
    assert connection.trouble == {}
    return connection


@pytest.mark.parametrize("made", [Process, Forum, Hearings, Initiatives, Service, Site, Channel])
def test_what_is_said_comes_once_and_what_is_taken_back_goes(made):
    counterpart = made()
    with closing(counterpart.door):
        one, other = counterpart.say("Tie on liukas"), counterpart.say("Valo ei pala")
        connection = heard(heard(connected(counterpart)))
        assert set(Message.objects.values_list("origin_id", flat=True)) == {one, other}
        assert connection.heard_count == 2
        counterpart.delete(one)
        connection = heard(heard(connection))
        gone = Message.objects.get(status="gone")
        assert (gone.text, Message.objects.exclude(status="gone").get().origin_id) == ("", other)
        assert connection.gone_count == 1
