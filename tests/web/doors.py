"""The doors of the desk: every address, filled with numbers and names of what ``furnish`` makes."""

import re
from datetime import timedelta

import numpy as np
from django.urls import URLPattern, get_resolver
from django.utils import timezone
from tests.web.cast import person

from kuulo.models import (
    Alert,
    ApiKey,
    Author,
    Baseline,
    Concern,
    Connection,
    Correction,
    Delivery,
    Discussion,
    DiscussionStep,
    Duty,
    Event,
    Gazetteer,
    Intake,
    Membership,
    Message,
    Person,
    Place,
    Placement,
    PlannedEvent,
    Proposal,
    Regroup,
    RejectedRow,
    Role,
    SafetyCase,
    SavedView,
    Source,
    Storm,
    StormStep,
    Tag,
    Theme,
    Unit,
    UnreadItem,
    Watch,
    Whereabouts,
)

# Where who has not logged in may come: the way in, signs of life, the language, what went wrong.
OPEN = {
    "account_login",
    "account_logout",
    "account_inactive",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "openid_connect_login",
    "openid_connect_callback",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_signup",
    "welcome",
    "language",
    "listening",
    "live",
    "openapi",
    "theme_css",
}
# A person's own account: it needs a log-in and no role.
OWN = {
    "account",
    "account_change_password",
    "account_set_password",
    "account_reauthenticate",
    "socialaccount_connections",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
}
# For programs and residents elsewhere: each has a guard of its own, and no session.
CALLED = {"api_messages", "hook", "say"}
# For programs on this machine, or with the token.
WATCHED = {"ready", "metrics"}
N = 1_000_001


def patterns(found=None, before=""):
    """Every route with its whole path and its view's name."""
    for pattern in found if found is not None else get_resolver().url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from patterns(pattern.url_patterns, route)


def address(route):
    """Fill a route with numbers and names of what ``a_little_of_everything`` made."""
    route = re.sub(r"\(\?P<provider_id>[^)]*\)", "kuulo", route).replace("^", "").replace("$", "")
    route = re.sub(r"<str:token>", "nothing", route)
    route = re.sub(r"<(?:\w+:)?code>", "T1", route)
    route = re.sub(r"<(?:\w+:)?connector>", "rss", route)
    route = re.sub(r"<str:act>", "take", route)
    route = re.sub(r"<int:\w+>", str(N), route)
    route = re.sub(r"<(?:\w+:)?(\w+)>", r"\1", route)
    return "/" + route


DOORS = {pattern.name: (address(route), pattern.callback) for route, pattern in patterns()}


TEXTS = (
    ("fi", "Aura jätti taas lumivallin pihan eteen. #auraus", "form", "reports"),
    ("sv", "Plogen kommer alltid sist till vår gata, kan ni börja här någon gång?", "e-mail", "asks"),
    ("nb", "Takk for at dere brøyter så tidlig om morgenen!", "form", "thanks"),
    ("en", "The plough should come before seven, and <b>not</b> after: \u202e nine.", "", "wants"),
)


def furnish():
    """One row of each table, by the same number, which no sequence of a database reaches; and a few messages."""
    now, vector = timezone.now(), np.full(768, 768**-0.5, np.float16).tobytes()
    admin = person(Role.ADMINISTRATOR)
    Unit.objects.create(pk=N, names={"en": "Streets", "fi": "Kadut"})
    Person.objects.create(pk=N, email="one@example.org")
    Membership.objects.create(pk=N, person_id=N, role=Role.READER)
    source = Source.objects.create(pk=N, name="Palautelomake", channel="form")
    told = {"code": "not-let-in", "kind": "auth", "facts": {"host": "lehti.example", "status": 401}}
    Connection.objects.create(
        pk=N,
        source=source,
        connector="rss",
        settings={"address": "https://lehti.example/syote", "holds": "comments"},
        state=Connection.State.QUEUED,
        due=now + timedelta(hours=6),
        trouble=told,
        passed={"own": 2},
        heard_count=4,
        unread_count=1,
    )
    Watch.objects.create(pk=N, name="Auraus", words="lumivalli")
    UnreadItem.objects.create(pk=N, source=source, code="no-text")
    Source.objects.create(pk=N + 1, name="Kylän ryhmä", channel="facebook", run_by="residents", followers=812)
    own = Source.objects.create(pk=N + 2, name="Oma lomake", channel="form")
    titles = {"title_fi": "Kerro meille", "title_sv": "Berätta", "title_nb": "Si det", "title_en": "Tell us"}
    said = {"page": "page", "ask_contact": "yes", **titles}
    Connection.objects.create(pk=N + 1, source=own, connector="form", settings=said, state="queued")
    ApiKey.objects.create(pk=N, source=source, name="Palautejärjestelmä", key_hash="0", begins="kuulo_abc")
    intake = Intake.objects.create(
        pk=N,
        source=source,
        file_name="palaute.csv",
        file_hash="0",
        file_size=900,
        state=Intake.State.DONE,
        rows_total=6,
        rows_done=6,
        added=5,
        rejected=1,
        brought_by=admin,
        started_at=now,
        finished_at=now,
    )
    RejectedRow.objects.create(pk=N, intake=intake, row=3, column="date", code="date")
    author = Author.objects.create(pk=N, key="a")
    tag = Tag.objects.create(pk=N, name="auraus")
    figures = {"messages": 4, "distinct": 3, "people": 1, "uncertain": 1, "channels": {"form": 2, "e-mail": 1, "": 1}}
    figures |= {
        "languages": {"fi": 1, "sv": 1, "nb": 1, "en": 1},
        "kinds": {"wants": 1},
        "voices": {"wants": 1, "opposes": 0},
    }
    theme = Theme.objects.create(
        pk=N,
        code="T1",
        names={"fi": "auraus", "sv": "plogning", "nb": "brøyting", "en": "ploughing"},
        keyphrases={"fi": ["lumivalli"]},
        central=[N],
        figures=figures | {"sources": {source.name: 4}, "latest": now.isoformat(), "first": now.isoformat()},
        stale=False,
        firmness=0.8,
        centroid=vector,
    )
    Theme.objects.create(
        pk=N + 1, code="T2", names={"fi": "koulumatkat"}, figures={"messages": 1}, stale=False, centroid=vector
    )
    part = Theme.objects.create(pk=N + 2, code="T1.1", parent=theme, names={"fi": "lumivallit"}, centroid=vector)
    for at, (language, text, channel, kind) in enumerate((*TEXTS, TEXTS[0])):
        message = Message.objects.create(
            pk=N + at,
            source=source,
            identity=f"{at}",
            intake=intake,
            arrived=now,
            text=text,
            search_text=text.lower(),
            status="uncertain" if at == 3 else "grouped",
            reason="far-from-others" if at == 3 else "",
            language=language,
            channel=channel,
            kind=kind,
            certainty=0.8,
            author=author if at == 0 else None,
            copy_of_id=N if at == 4 else None,
            vector=vector,
            background=[["Alue", "Keskusta"]],
        )
        Placement.objects.create(
            pk=N + at, message=message, theme=theme, subtheme=part, arrived=now, counted=at != 3, fit=0.5 + at / 10
        )
    Message.objects.get(pk=N).tags.add(tag)
    furnish_storm(theme, furnish_places(now, theme))
    died = {"code": "worker-died", "kind": "retry", "facts": {}}
    Delivery.objects.create(pk=N, message_id=N, key="k", text="Huomenna aamulla.", state="unknown", trouble=died)
    Concern.objects.create(pk=N, message_id=N + 1, kinds=["fire"], why=[["fire", 0, 5]], arrived=now)
    threat = Message.objects.create(
        pk=N + 9, source=source, identity="9", text="Tiedän missä asut.", arrived=now, status="safety"
    )
    SafetyCase.objects.create(pk=N, message=threat, reason="threat", status_before="grouped", opened_by=admin)
    furnish_discussions(source, Place.objects.get(pk=N), admin)
    SavedView.objects.create(pk=N, person=admin, page="inbox", name="Lomakkeet", query="channel=form")
    regroup = Regroup.objects.create(pk=N, state=Regroup.State.DONE)
    Proposal.objects.create(
        pk=N, regroup=regroup, kind="split", theme=theme, names={"fi": "vallit"}, messages=[N, N + 1]
    )
    was = {"names": {"fi": "auraus"}, "named_by_person": []}
    Correction.objects.create(
        pk=N, kind="rename", theme=theme, made_by=admin, facts={"names": {"fi": "lumi"}}, before=was
    )
    Event.objects.create(
        pk=N, kind="role-given", person=admin, facts={"person_id": N, "role": "reader", "unit": None}
    )


def furnish_places(now, theme):
    """A gazetteer with two areas, one in the other, and a school; messages about them."""
    faults = [{"row": 4, "code": "mended-area", "kept": True, "facts": {}}]
    told = {
        "rows": 4,
        "places": 3,
        "new": 3,
        "known": 0,
        "gone": 0,
        "refused": 1,
        "kinds": {"district": 2, "school": 1},
    }
    gazetteer = Gazetteer.objects.create(
        pk=N,
        name="alueet.geojson",
        sha256="0",
        state="done",
        finished_at=now,
        told=told | {"faults": {"mended-area": 1}, "listed": faults},
    )
    ring = [[24.0, 60.0], [25.0, 60.0], [25.0, 61.0], [24.0, 61.0]]
    figures = {"days": {now.date().isoformat(): 2}, "themes": [[theme.pk, 2]]}
    shared = {
        "gazetteer": gazetteer,
        "latitude": 60.5,
        "longitude": 24.5,
        "own": 1,
        "messages": 2,
        "figures": figures,
    }
    town = Place.objects.create(
        pk=N,
        code="town",
        kind="district",
        names={"fi": ["Kaislalahti", "Lahti"], "sv": ["Sivvåg"]},
        outline=[ring],
        area={"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
        search="\nkaislalahti\n",
        **shared,
    )
    small = [[x - 0.3, y - 0.3] for x, y in ring]
    Place.objects.create(
        pk=N + 1, code="part", kind="district", names={"fi": ["Ranta"]}, outline=[small], parent=town, **shared
    )
    Place.objects.create(
        pk=N + 2, code="school", kind="school", names={"fi": ["Rannan koulu"]}, parent=town, **shared
    )
    why = {"reason": "own-case", "form": "Rannalla", "name": "Ranta", "times": 1}
    Whereabouts.objects.create(message_id=N, place_id=N + 1, by="text", start=0, end=4, why=why, arrived=now)
    Whereabouts.objects.create(message_id=N, place_id=N, by="coordinates", sure=0.9, arrived=now)
    Whereabouts.objects.create(message_id=N + 1, place_id=N, by="person", arrived=now)
    return town


def furnish_discussions(source, place, by):
    """A discussion to which few come, with what is said of its matter elsewhere; and one that is over."""
    today = timezone.localdate()
    told = {"source": source, "wanted": 5, "within": 14, "learnt": 0, "sought": ["snow-ploughing-of-streets"]}
    figures = {"messages": 1, "people": 0, "unknown": 1, "voices": {"0": 1}, "is_cut": False}
    one = Discussion.objects.create(
        pk=N, name="Auraus <ensi> talvena", question="Mitä toivot?", place=place, state="quiet", figures=figures,
        opened=today - timedelta(days=20), closes=today + timedelta(days=9), counted_at=timezone.now(),
        opened_known=False, url="https://kaislalahti.example/auraus", **told,
    )  # fmt: skip
    one.elsewhere.set([N + 1, N + 2])
    Discussion.objects.create(
        pk=N + 1, name="Vanha", thread="vanha", opened=today - timedelta(days=90), closes=today - timedelta(days=60),
        state="closed-quiet", **told | {"sought": []},
    )  # fmt: skip
    facts = {
        "where": "Kylän ryhmä",
        "on": today.isoformat(),
        "before": {"taken_at": None},
        "after": {"taken_at": None},
    }
    DiscussionStep.objects.create(pk=N, discussion=one, person=by, kind="taken-to", facts=facts, note="Kiitos!")


def furnish_storm(theme, place):
    """A storm with a line on its card and what was done in it, one that is over, and who is told of it."""
    now = timezone.now()
    told = {"level": "storm", "threshold": 12.4, "evidence": 20, "peak": 20}
    told |= {"window": 7200, "counted": 17, "people": 14, "expected": 1.2, "told_at": 17, "opened": now}
    told |= {"began": now - timedelta(hours=2), "seen": now}
    of_theme = {"stream": f"theme:{theme.pk}", "scope": "theme", "theme": theme, "first_message_id": N}
    storm = Storm.objects.create(pk=N, record={"weeks": 12, "most": 6}, **of_theme, **told)
    there = {"scope": "theme-place", "theme": theme, "place": place, "part_of": storm}
    Storm.objects.create(pk=N + 1, stream=f"theme-place:{theme.pk}@{place.pk}", **there, **told)
    Storm.objects.create(pk=N + 2, stream="pile", scope="pile", closed=now, mark="nothing", **told)
    Baseline.objects.create(pk=N, stream=storm.stream, profile=[1.0] * 72, level=0.2)
    kept = {"before": {"taken_by_id": None}, "after": {"taken_by_id": N}}
    StormStep.objects.create(pk=N, storm=storm, person_id=N, kind="taken", facts=kept)
    PlannedEvent.objects.create(pk=N, name="Vaalit", since=now, until=now + timedelta(days=3))
    duty = Duty.objects.create(pk=N, person_id=N)
    Duty.objects.create(pk=N + 1, address="https://chat.example/hook", least="uproar", nights=True)
    made = {"storm": storm, "duty": duty, "person_id": N, "level": "storm", "count": 17}
    Alert.objects.create(pk=N, kind="opened", key="0", state="failed", trouble={"code": "no-mail"}, **made)
    Alert.objects.create(pk=N + 1, kind="doubled", key="1", **made | {"level": "uproar", "count": 34})
