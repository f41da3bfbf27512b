"""Every service has everyday words, in every language."""

import pytest

from kuulo.lang.everyday import everyday, everyday_words
from kuulo.lang.services import LANGUAGES, concepts


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_service_has_everyday_words(language):
    assert [one.id for one in concepts() if not everyday(one.id, language).split()] == []


def test_bokmaal_and_nynorsk_share_theirs():
    assert everyday("gritting", "nb") == everyday("gritting", "nn") != everyday("gritting", "sv")


def test_all_everyday_words_are_given_together():
    assert {"lumi", "snö", "snow"} <= everyday_words()
    assert "" not in everyday_words()
