"""The word cloud beside the themes is the usual one: words as they stand, counted by message."""

from kuulo.group.result import Grouping, Placement
from kuulo.message import Message
from kuulo.report.word_cloud import word_cloud


def cloud(*texts, language="fi", status="grouped"):
    messages = [Message(text=text) for text in texts]
    placements = tuple(Placement(status=status, theme="T1", language=language) for _ in texts)
    return {word.word: word for word in word_cloud(messages, Grouping(placements=placements, themes=()))}


def test_a_word_counts_once_a_message_and_common_words_not_at_all():
    found = cloud("Bussi ja bussi ja bussi", "se bussi on myöhässä", "kirjasto")
    assert found["bussi"].messages == 2
    assert "se" not in found
    assert "on" not in found


def test_the_most_usual_word_is_the_largest_and_words_stand_by_letter():
    found = cloud(*["bussi"] * 9, "kirjasto", "ankkalampi")
    assert list(found) == ["ankkalampi", "bussi", "kirjasto"]
    assert (found["bussi"].size, found["kirjasto"].size) == (6, 1)


def test_forty_words_at_most():
    letters = "abcdefghij"
    assert len(cloud(*[f"sana{one}{other}" for one in letters for other in letters])) == 40


def test_what_could_not_be_read_is_left_out():
    assert cloud("bussi", status="unreadable") == {}
    assert cloud("bussi", language="und") == {}
