"""What is similar to a message: near in meaning, each text once, never itself."""

from kuulo.group.similar import similar_messages


def test_each_message_names_others_nearest_first(golden):
    found = similar_messages(golden)
    placements = golden.grouping.placements
    assert set(found) == {at for at, place in enumerate(placements) if place.theme and place.copy_of < 0}
    for one, others in found.items():
        assert one not in others
        assert len(set(others)) == len(others) <= 6
        assert all(placements[other].copy_of < 0 for other in others)
    # mostly the neighbours of a message stand in its own theme
    same = [placements[one].theme == placements[other].theme for one, others in found.items() for other in others]
    assert sum(same) > 0.5 * len(same)
