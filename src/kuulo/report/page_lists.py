"""Which messages each list of the page shows, and in which order: the most central first."""

from collections.abc import Mapping, Sequence

from kuulo.group.result import Grouping, Theme

UNCERTAIN = "uncertain"
PER_THEME = 200

Lists = Mapping[str, Sequence[int]]


def lists_of(grouping: Grouping) -> dict[str, list[int]]:
    """Give the messages of each theme and subtheme by its id, and the uncertain ones by theirs nearest.

    A message that speaks of further subthemes stands at the end of their lists too.
    """
    lists: dict[str, list[int]] = {name: [] for name in (*(theme.id for theme in grouping.themes), UNCERTAIN)}
    for index, placement in enumerate(grouping.placements):
        if placement.status == "uncertain":
            lists[UNCERTAIN].append(index)
        elif placement.status == "grouped":
            for name in placement.groups:
                lists[name].append(index)
    for theme in grouping.themes:
        _sort_by_centrality(lists[theme.id], grouping, theme)
    _sort_by_nearest(lists[UNCERTAIN], grouping)
    for index, placement in enumerate(grouping.placements):
        for name in sorted(set(placement.also) - {placement.subtheme}):
            lists[name].append(index)
    return lists


def most_central(grouping: Grouping, lists: Lists) -> list[int]:
    """Choose the first 200 texts of each theme and of the uncertain ones near it, without copies."""
    chosen: set[int] = set()
    taken: dict[tuple[str, str], int] = {}
    top = [theme.id for theme in grouping.themes if not theme.parent]
    for index in (index for name in (*top, UNCERTAIN) for index in lists[name]):
        placement = grouping.placements[index]
        pile = (placement.theme, placement.status)
        if placement.copy_of < 0 and taken.get(pile, 0) < PER_THEME:
            taken[pile] = taken.get(pile, 0) + 1
            chosen.add(index)
    return sorted(chosen)


def count_texts(grouping: Grouping) -> dict[int, int]:
    """Say how many times a text came, by its first message's index; texts that came once are left out."""
    times: dict[int, int] = {}
    for placement in grouping.placements:
        if placement.copy_of >= 0:
            times[placement.copy_of] = times.get(placement.copy_of, 1) + 1
    return times


def _sort_by_centrality(members: list[int], grouping: Grouping, theme: Theme) -> None:
    rank = {index: at for at, index in enumerate(theme.central)}
    members.sort(key=lambda index: (rank.get(index, len(rank)), -grouping.placements[index].fit, index))


def _sort_by_nearest(members: list[int], grouping: Grouping) -> None:
    rank = {theme.id: at for at, theme in enumerate(grouping.themes)} | {"": len(grouping.themes)}
    placements = grouping.placements
    members.sort(key=lambda index: (rank[placements[index].theme], -placements[index].fit, index))
