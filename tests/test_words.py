"""Every text of the page in every language, and nothing in a language that the page no longer says."""

import json
import re
from collections import Counter

import pytest

from tests import words

LANGUAGES = re.findall(r"^  (\w\w): ", (words.WEB / "page" / "translate.js").read_text(), re.M)
# Errors of the core that nobody on the page meets, in each module. Whoever makes another decides: what a person can
# meet gets a reason, and a sentence in web/page/refusals.js.
NEVER_MET = Counter({
    # what the page sends is checked against the same table of options
    "beats.py": 2, "export.py": 1, "options.py": 5, "presets.py": 1, "quantise.py": 1, "scale.py": 1,
    # the build puts core and model together
    "grid.py": 4, "level.py": 2, "manifest.py": 5, "planes.py": 2,
    # the worker calls in turn, with arrays as they are asked for
    "bridge.py": 6, "engine.py": 6, "notes.py": 4, "part.py": 3, "pcm.py": 1, "vqt.py": 1,
})  # fmt: skip
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


def test_what_the_core_refuses_is_said_in_words_of_the_page():
    made = list(words.errors())
    told = words.refusals()
    assert {reason for _, reason, _ in made if reason} == set(told)
    for module, reason, values in made:
        assert not reason or told[reason] <= values, f"{module}, {reason}: the page tells what the error does not hold"
    assert Counter(module for module, reason, _ in made if not reason) == NEVER_MET
