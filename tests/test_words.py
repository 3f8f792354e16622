"""Every text of the page in every language, and nothing in a language that the page no longer says."""

import json
import re

import pytest

from tests import words

LANGUAGES = re.findall(r"^  (\w\w): ", (words.WEB / "page" / "translate.js").read_text(), re.M)
PLACE = re.compile(r"\{\w+\}")


def test_the_page_offers_five_languages():
    assert set(LANGUAGES) == {"en", "de", "es", "ja", "zh"}


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_a_language_says_all_of_it(language):
    translated = json.loads((words.WEB / "page" / "languages" / f"{language}.json").read_text())
    english = words.keys()
    assert english - set(translated) == set(), "not translated"
    assert set(translated) - english == set(), "no longer said"
    for text, translation in translated.items():
        assert sorted(PLACE.findall(text)) == sorted(PLACE.findall(translation)), text
        assert translation.strip() == translation or text.strip() != text, text
    same = [text for text, translation in translated.items() if text == translation and " " in text]
    assert len(same) < 12, same
