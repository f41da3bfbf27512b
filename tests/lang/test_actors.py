"""The kind of a sender is told by what the file says of it, in five languages."""

import pytest

from kuulo.lang.actors import actor_of, names_actors


@pytest.mark.parametrize(
    ("cell", "actor"),
    [
        ("Asukas", "resident"),
        ("yksityishenkilö", "resident"),
        ("invånare", "resident"),
        ("Innbyggjar", "resident"),
        ("a private person", "resident"),
        ("Rantakylän omakotiyhdistys ry", "association"),
        ("Naturskyddsföreningen", "association"),
        ("Fortidsminneforeningen", "association"),
        ("Lampilan Kukka Oy", "company"),
        ("Bygg og Grav AS", "company"),
        ("byggföretag", "company"),
        ("Museovirasto", "official"),
        ("Sivvåg kommune", "official"),
        ("Vassviken stad", "official"),
        ("Ruokavirasto", "official"),
        ("muu", ""),
        ("", ""),
        ("§§ 12", ""),
    ],
)
def test_a_cell_names_a_kind_of_sender(cell, actor):
    assert actor_of(cell) == actor


def test_a_column_of_senders_is_told_from_other_columns():
    assert names_actors(["asukas", "yritys", "asukas", "", "Kaislalahden kaupunki"])
    assert not names_actors(["keskusta", "Rantakylä", "Pappila", "Harju", "Satama", "Mäki"])
    assert not names_actors(["", " "])
