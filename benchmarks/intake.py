"""How much memory and time a large file takes on its way in: python -m benchmarks.intake [MEGABYTES] [LETTERS]

It writes an invented CSV of that size with texts of about that many letters, brings it in on a database of its own
in a temporary folder, and tells the peak of the memory that the process held and how long each step took.
"""

import os
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

WORDS = (
    "lunta", "tiellä", "aura", "bussi", "myöhässä", "koulu", "piha", "valot", "pimeä", "katu", "kuoppa", "penkki",
    "skolan", "vägen", "snö", "gården", "lekplats", "veien", "måking", "skole", "lys", "road", "snow", "late",
)  # fmt: skip


def write(path: Path, *, megabytes: int, letters: int) -> int:
    """Write the file; give its rows."""
    dice, rows = random.Random(1), 0
    with path.open("w", encoding="utf-8") as file:
        file.write("id;pvm;kanava;nimimerkki;palaute\n")
        while file.tell() < megabytes << 20:
            for _ in range(1_000):
                text = " ".join(dice.choices(WORDS, k=max(1, letters // 6)))
                file.write(
                    f"K{rows};{dice.randint(1, 28)}.{dice.randint(1, 12)}.2026;lomake;v{rows % 9_000};{text}\n"
                )
                rows += 1
    return rows


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(megabytes: int, letters: int) -> None:
    with tempfile.TemporaryDirectory(prefix="kuulo-intake-") as folder:
        os.environ |= {"KUULO_DATA": folder, "DJANGO_SETTINGS_MODULE": "kuulo.settings"}
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        path = Path(folder) / "suuri.csv"
        rows = write(path, megabytes=megabytes, letters=letters)
        print(f"{rows} rows, {path.stat().st_size / (1 << 20):.0f} MB; before: {peak():.0f} MB held", flush=True)
        take(path)


def take(path: Path) -> None:
    from kuulo.desk.intake import bring, preview, source_named, start, take_in
    from kuulo.hear.reading import Orders
    from kuulo.models import Intake

    with path.open("rb") as file:
        intake = step("brought", lambda: bring(file, name=path.name, person=None))
    step("looked at", lambda: preview(intake))
    start(intake, orders=Orders(), source=source_named("Lomake"), person=None)
    Intake.objects.update(state=Intake.State.RUNNING)
    step("taken in", lambda: take_in(intake, stop=lambda: False))
    print(f"{intake.state}: {intake.added} added, {intake.known} known, {intake.rejected} rejected")


def step(name: str, work):
    started = time.monotonic()
    result = work()
    print(f"{name} in {time.monotonic() - started:.1f} s; peak {peak():.0f} MB", flush=True)
    return result


if __name__ == "__main__":
    main(*(int(given) for given in [*sys.argv[1:], *["200", "1000"][len(sys.argv) - 1 :]]))
