"""What the page's script draws its long lists and its search from: messages, themes and lists, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kuulo.group.result import Grouping, Theme
from kuulo.message import Message
from kuulo.report.encoding import quotable, visible
from kuulo.report.names import name_of
from kuulo.report.origin import file_name
from kuulo.report.words import Speech

EMBED_ALL = 20_000
PER_THEME = 200
ROWS_APART = 1_000

_SCRIPT_WORDS = (
    "also",
    "clear",
    "close_all",
    "counted_in",
    "messages.many",
    "messages.one",
    "more",
    "nearest",
    "open_all",
    "part",
    "part.apart",
    "read_on",
    "search.found",
    "search.found_texts",
    "search.none",
    "thousands",
    "times.many",
    "times.one",
)


@dataclass(frozen=True, slots=True)
class Origins:
    """Says where a message stood in as few words as this input needs."""

    speech: Speech
    several_files: bool
    several_columns: bool

    def of(self, message: Message) -> str:
        """Name the file and column only where there are several, the row, and the id if there is one."""
        parts = [file_name(message.file)] if self.several_files else []
        parts.append(self.speech.say("origin.row", n=message.row))
        parts += [message.column] if self.several_columns else []
        parts += [message.id] if message.id else []
        return visible(" · ".join(part for part in parts if part))


def origins(messages: Sequence[Message], speech: Speech) -> Origins:
    """Look at all messages once to see what tells them apart."""
    files = {message.file for message in messages}
    columns = {message.column for message in messages}
    return Origins(speech, len(files) > 1, len(columns) > 1)


def page_data(
    messages: Sequence[Message],
    grouping: Grouping,
    *,
    speech: Speech,
    language: str,
    embed_all: int = EMBED_ALL,
) -> dict[str, object]:
    """Gather the script's data; above ``embed_all`` messages only the most central texts of each theme.

    A message is ``[text, language, origin, theme, subtheme, first copy, times, also, is uncertain, reason]``,
    where themes and messages are numbers (indices into ``themes`` and ``messages``), -1 for none.
    """
    numbers = {theme.id: number for number, theme in enumerate(grouping.themes)}
    numbers[""] = -1
    lists = _lists(grouping, numbers)
    is_part = len(messages) > embed_all
    chosen = _most_central(grouping, lists) if is_part else [i for i, m in enumerate(messages) if m.text]
    place = {index: at for at, index in enumerate(chosen)}
    return {
        "words": {key: speech.words[key] for key in _SCRIPT_WORDS},
        "part": is_part,
        "themes": [_theme(theme, language) for theme in grouping.themes],
        "messages": _embedded(messages, grouping, speech, numbers, place),
        "lists": {key: [place[index] for index in list_ if index in place] for key, list_ in lists.items()},
        "uncertain": len(lists["uncertain"]),
        "apart": _apart(messages, grouping, speech),
    }


def _lists(grouping: Grouping, numbers: Mapping[str, int]) -> dict[str, list[int]]:
    """Give each theme's and subtheme's messages and the uncertain ones, most central first."""
    lists: dict[str, list[int]] = {str(number): [] for number in range(len(grouping.themes))}
    lists["uncertain"] = []
    for index, placement in enumerate(grouping.placements):
        if placement.status == "uncertain":
            lists["uncertain"].append(index)
        elif placement.status == "grouped":
            for theme in {placement.theme, placement.subtheme} - {""}:
                lists[str(numbers[theme])].append(index)
    for number, theme in enumerate(grouping.themes):
        _sort_by_centrality(lists[str(number)], grouping, theme)
    lists["uncertain"].sort(key=lambda index: _nearest_first(grouping, numbers, index))
    for index, placement in enumerate(grouping.placements):
        for subtheme in sorted(set(placement.also) - {placement.subtheme}):
            lists[str(numbers[subtheme])].append(index)
    return lists


def _sort_by_centrality(members: list[int], grouping: Grouping, theme: Theme) -> None:
    rank = {index: at for at, index in enumerate(theme.central)}
    members.sort(key=lambda index: (rank.get(index, len(rank)), -grouping.placements[index].fit, index))


def _nearest_first(grouping: Grouping, numbers: Mapping[str, int], index: int) -> tuple[int, float, int]:
    placement = grouping.placements[index]
    return numbers[placement.theme], -placement.fit, index


def _most_central(grouping: Grouping, lists: Mapping[str, list[int]]) -> list[int]:
    """Choose the first texts of each theme and of the uncertain pile near it; copies would only repeat them."""
    chosen: set[int] = set()
    taken: dict[tuple[str, str], int] = {}
    top = [str(number) for number, theme in enumerate(grouping.themes) if not theme.parent]
    for index in (index for key in (*top, "uncertain") for index in lists[key]):
        placement = grouping.placements[index]
        pile = (placement.theme, placement.status)
        if placement.copy_of < 0 and taken.get(pile, 0) < PER_THEME:
            taken[pile] = taken.get(pile, 0) + 1
            chosen.add(index)
    return sorted(chosen)


def _theme(theme: Theme, language: str) -> list[object]:
    name = name_of(theme, language)
    return [visible(name.value), name.language, theme.id, theme.messages]


def _embedded(
    messages: Sequence[Message],
    grouping: Grouping,
    speech: Speech,
    numbers: Mapping[str, int],
    place: Mapping[int, int],
) -> list[list[object]]:
    where = origins(messages, speech)
    times = count_texts(grouping)
    found: list[list[object]] = []
    for index in place:
        message, placement = messages[index], grouping.placements[index]
        found.append(
            [
                quotable(message.text),
                language_tag(placement.language),
                where.of(message),
                numbers[placement.theme],
                numbers[placement.subtheme],
                place.get(placement.copy_of, -1),
                times.get(index, 1),
                [numbers[subtheme] for subtheme in placement.also],
                int(placement.status == "uncertain"),
                speech.reason(placement.reason),
            ]
        )
    return found


def count_texts(grouping: Grouping) -> dict[int, int]:
    """Say how many times a text came, by the index of its first message; texts that came once are left out."""
    times: dict[int, int] = {}
    for placement in grouping.placements:
        if placement.copy_of >= 0:
            times[placement.copy_of] = times.get(placement.copy_of, 1) + 1
    return times


def language_tag(code: str) -> str:
    """Give a language code as HTML's lang attribute wants it: "" where the language is not known."""
    is_tag = code.isascii() and code.replace("-", "").isalnum() and 2 <= len(code) <= 35
    return code if is_tag and code != "und" else ""


def _apart(messages: Sequence[Message], grouping: Grouping, speech: Speech) -> dict[str, object]:
    where = origins(messages, speech)
    rows = [
        [
            where.of(message),
            speech.say(f"status.{placement.status}"),
            speech.reason(placement.reason or message.unreadable),
        ]
        for message, placement in zip(messages, grouping.placements, strict=True)
        if placement.status in {"empty", "unreadable"}
    ]
    return {"rows": rows[:ROWS_APART], "all": len(rows)}
