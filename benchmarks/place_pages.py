"""Times of the pages of places and storms over many messages: python -m benchmarks.place_pages 100000 300

A desk of invented messages (benchmarks/desk_data.py) gets 200 districts and 2,000 places in them; two thirds of the
messages are about a district, a fifth about one place more, as unevenly as in life. In a few themes many people wrote
in the last hours, and the watch for storms is let look. Told are the seconds of taking the places in, of looking the
messages through and of counting; of each page the processor's time in one process; and the times of all pages as
eight readers get them from ``kuulo serve`` (benchmarks/desk_load.py).
"""

import argparse
import io
import json
import math
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import median

from benchmarks import desk_load

TIMES = 20
# how many people wrote in the last two hours, by theme
RISING = {"T1": 240, "T4": 90, "T30": 60, "T120": 40}


def main() -> None:
    """Fill, count, read, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("messages", type=int)
    parser.add_argument("themes", type=int)
    parser.add_argument("--folder", type=Path, help="a filled desk from an earlier run, or where to make one")
    parser.add_argument("--places", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=60, help="so long the eight readers read; 0: not at all")
    parser.add_argument("--port", type=int, default=8878)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kuulo-places-") as made:
        folder = asked.folder or Path(made)
        folder.mkdir(exist_ok=True)
        os.environ["KUULO_DATA"] = str(folder)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kuulo.settings")
        if not (folder / "kuulo.sqlite3").exists():
            fill = [sys.executable, "-m", "benchmarks.desk_data", str(asked.messages), str(asked.themes)]
            subprocess.run(fill, check=True)
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        places(asked.places)
        storms()
        pages = addresses()
        measure(pages)
        if asked.seconds:
            cookies = [desk_load.session(f"reader{at}@example.org") for at in range(desk_load.READERS)]
            desk_load.measure(pages, cookies, port=asked.port, seconds=asked.seconds, calm=True)


def places(count: int) -> None:
    """Bring the places and say where the messages are about."""
    from kuulo.desk.places import again, counts, gazetteers
    from kuulo.models import Gazetteer, Whereabouts

    row, is_new = gazetteers.bring(io.BytesIO(town(count)), name="town.geojson", person=None)
    if is_new:
        Gazetteer.objects.filter(pk=row.pk).update(state="running")
        row.refresh_from_db()
        told("taking in the places", lambda: gazetteers.take_in(row, stop=lambda: False))
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"most memory then: {most:.0f} MB; {row.told.get('places')} places")
    told("looking the messages through", lambda: all(iter(lambda: again.look_through(limit=250), 0)))
    if not Whereabouts.objects.exists():
        strew()
    told("counting", counts.draw_up)


def town(count: int) -> bytes:
    """Draw a municipality of 200 districts in a grid, with crooked borders, and so many places in them."""
    pick = random.Random(5)
    features = [_feature("town", "Suurkunta", "municipality", _polygon(_ring(24, 60, 24.4, 60.2, pick)))]
    for at in range(200):
        west, south = 24 + at % 20 * 0.02, 60 + at // 20 * 0.02
        name = f"Alue{at}la"
        features.append(
            _feature(f"d{at}", name, "district", _polygon(_ring(west, south, west + 0.02, south + 0.02, pick)))
        )
    for at in range(count):
        point = {"type": "Point", "coordinates": [24 + pick.random() * 0.4, 60 + pick.random() * 0.2]}
        features.append(_feature(f"p{at}", f"Paikka{at}la", "school", point))
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _feature(code: str, name: str, kind: str, geometry: object) -> dict[str, object]:
    properties = {"id": code, "name_fi": name, "kind": kind}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _polygon(ring: list[list[float]]) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def _ring(west: float, south: float, east: float, north: float, pick: random.Random) -> list[list[float]]:
    middle, size = ((west + east) / 2, (south + north) / 2), (east - west, north - south)
    turns = [at / 400 * math.tau for at in range(400)]
    far = [0.47 + 0.02 * pick.random() for _ in turns]
    return [
        [middle[0] + size[0] * r * math.cos(a), middle[1] + size[1] * r * math.sin(a)]
        for a, r in zip(turns, far, strict=True)
    ]


def strew() -> None:
    """Say of two thirds of the messages that they are about a district, of a fifth also about a place."""
    from kuulo.models import Message, Place, Whereabouts

    pick = random.Random(6)
    districts = list(Place.objects.filter(kind="district").order_by("pk").values_list("pk", flat=True))
    points = list(Place.objects.filter(kind="school").order_by("pk").values_list("pk", flat=True))
    weights = [1 / (at + 3) ** 0.9 for at in range(len(districts))]
    rows = []
    for message, arrived in Message.objects.filter(status__in=["grouped", "uncertain"]).values_list("pk", "arrived"):
        if pick.random() < 0.66:
            rows.append(
                Whereabouts(
                    message_id=message, place_id=pick.choices(districts, weights)[0], by="text", arrived=arrived
                )
            )
        if pick.random() < 0.2:
            rows.append(
                Whereabouts(message_id=message, place_id=pick.choice(points), by="coordinates", arrived=arrived)
            )
    Whereabouts.objects.bulk_create(rows, batch_size=5_000)
    print(f"{len(rows)} whereabouts")


def told(what: str, do: object) -> None:
    """Do something and tell how long it took."""
    start = time.monotonic()
    do()  # type: ignore[operator]
    print(f"{what}: {time.monotonic() - start:.2f} s", flush=True)


def storms() -> None:
    """Let many people write in a few themes just now, and look for storms."""
    from django.utils import timezone

    from kuulo.desk.storm import normal, watch
    from kuulo.models import Storm

    if Storm.objects.filter(closed=None).exists():
        return
    now = timezone.now()
    for code, people in RISING.items():
        write(code, people, now)
    past = normal.look_back(now)
    assert past is not None
    told("learning what is normal", lambda: normal.learn(past, now=now))
    told("looking for storms", lambda: watch.look(now))
    print(f"{Storm.objects.filter(closed=None).count()} storms are open")


def write(code, people, now) -> None:
    """Let so many people repeat what others wrote in a theme earlier, in the last two hours, in one district."""
    from kuulo.models import Message, Place, Placement, Theme, Whereabouts

    theme = Theme.objects.get(code=code)
    district = Place.objects.filter(kind="district").order_by("-messages", "pk")[people % 20]
    earlier = Message.objects.filter(placements__theme=theme, placements__counted=True, copy_of=None, author__gt=0)
    for at, row in enumerate(earlier.order_by("author", "pk").distinct()[: 3 * people : 3]):
        said = now - timedelta(hours=2) * (1 - (at + 1) / people)
        row.pk, row._state.adding = None, True
        row.identity, row.arrived, row.heard = f"{code}-{at}-{said:%d%H%M%S}", said, said
        row.save()
        Placement.objects.create(message=row, theme=theme, counted=True, fit=0.5, arrived=said)
        Whereabouts.objects.create(message=row, place=district, by="text", arrived=said)


def addresses() -> dict[str, list[str]]:
    """Give the addresses of each page."""
    from kuulo.models import Place, Storm

    town = Place.objects.get(code="town").pk
    most = list(Place.objects.filter(kind="district").order_by("-messages").values_list("pk", flat=True)[:20])
    few = list(Place.objects.filter(kind="school").order_by("messages").values_list("pk", flat=True)[:20])
    storms = Storm.objects.filter(closed=None).order_by("pk").values_list("pk", flat=True)
    return {
        "places": ["/places/"],
        "places, by name": ["/places/?name=alue1"],
        "place, the whole town": [f"/places/{town}/"],
        "place, a district": [f"/places/{pk}/" for pk in most],
        "place, a school": [f"/places/{pk}/" for pk in few],
        "map": ["/places/map/"],
        "map, with 2,000 points": ["/places/map/?points=1"],
        "map, of a theme": ["/places/map/?theme=T1", "/places/map/?theme=T2", "/places/map/?theme=T90"],
        "map, of some days": ["/places/map/?since=2026-09-01&until=2026-09-20"],
        "theme": ["/themes/T1/", "/themes/T2/", "/themes/T90/"],
        "inbox, the whole town": [f"/inbox/?place={town}"],
        "inbox, a district": [f"/inbox/?place={pk}" for pk in most],
        "inbox, a school": [f"/inbox/?place={pk}" for pk in few],
        "inbox, a theme in a district": [f"/inbox/?place={pk}&theme=T1&copies=all" for pk in most],
        "message": [f"/messages/{pk}/" for pk in range(1000, 1040)],
        "storms": ["/storms/"],
        "storm": [f"/storms/{pk}/" for pk in storms],
        "inbox, a storm": [f"/inbox/?storm={pk}&copies=all" for pk in storms],
    }


def measure(pages: dict[str, list[str]]) -> None:
    """Ask for the pages in turn, and tell."""
    from django.test import Client

    from kuulo.models import Membership, Person, Role

    person, _ = Person.objects.get_or_create(email="places@example.org")
    Membership.objects.get_or_create(person=person, role=Role.OFFICIAL, unit=None)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    print("\n| page | processor ms, median | most | kB |\n|---|---|---|---|")
    for name, asked in pages.items():
        times, size = [], 0
        for at in range(TIMES + 2):
            start = time.process_time()
            answer = client.get(asked[at % len(asked)])
            assert answer.status_code == 200, (name, answer.status_code)
            times.append((time.process_time() - start) * 1000)
            size = max(size, len(answer.content))
        times = sorted(times[2:])
        print(f"| {name} | {median(times):.0f} | {times[-1]:.0f} | {size / 1000:.0f} |", flush=True)
    print()


if __name__ == "__main__":
    main()
