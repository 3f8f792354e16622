"""The page in the browser's language, and in one that was chosen."""

import pytest

from tests.browser import linnet_page

OPEN = {"de-AT": "Öffnen", "es-MX": "Abrir", "ja-JP": "開く", "zh-CN": "打开", "fr-FR": "Open"}


KEYS = ("B", "Bb", "C#", "C#m", "Abm")  # as linnet/theory.py has them
KEY_WORDS = {
    "de-AT": ["H-Dur", "B-Dur", "Des-Dur", "cis-Moll", "gis-Moll"],
    "es-MX": ["Si mayor", "Si♭ mayor", "Re♭ mayor", "Do♯ menor", "Sol♯ menor"],
    "ja-JP": ["B メジャー", "B♭ メジャー", "D♭ メジャー", "C♯ マイナー", "G♯ マイナー"],
    "zh-CN": ["B大调", "降B大调", "降D大调", "升C小调", "升G小调"],
    "fr-FR": ["B major", "B♭ major", "D♭ major", "C♯ minor", "G♯ minor"],
}
PITCHES = {"de-AT": ["A0", "B0", "H0"], "es-MX": ["La0", "Si♭0", "Si0"]}  # elsewhere by English letters
@pytest.mark.parametrize("locale", sorted(OPEN))
def test_the_browser_says_which_language(chromium, served, locale):
    with linnet_page.fresh(chromium, locale=locale, viewport={"width": 1024, "height": 768}) as page:
        page.page.goto(served.url, wait_until="domcontentloaded")
        page.page.wait_for_selector("#option-sensitivity", timeout=30_000)
        assert page.page.inner_text("#open").startswith(OPEN[locale])
        assert page.page.get_attribute("html", "lang") == (locale[:2] if locale != "fr-FR" else "en")
        for bar in ("header.bar", "footer.bar", "#panel"):  # longer words must not burst the page
            assert page.page.eval_on_selector(bar, "bar => bar.scrollWidth <= bar.clientWidth + 1"), bar
        assert page.complaints == []

        names = [page.page.text_content(f"#option-key option[value='{key}']") for key in KEYS]
        assert names == KEY_WORDS[locale]
        pitches = []
        for _ in range(3):
            pitches.append(page.page.text_content("output[for=option-lowest_pitch]"))
            page.page.press("#option-lowest_pitch", "ArrowRight")
        assert pitches == PITCHES.get(locale, ["A0", "B♭0", "B0"])

def test_a_chosen_language_stays(chromium, served, clip_file):
    with linnet_page.fresh(chromium, locale="de-DE") as page:
        page.open(served.url)
        assert page.page.inner_text("#option-program optgroup[label=Gitarre] option") == "Konzertgitarre"
        page.page.select_option("#language", "es")
        page.page.wait_for_selector("html[lang=es][data-linnet=ready]", state="attached", timeout=90_000)
        page.page.reload()
        page.page.wait_for_selector("html[lang=es][data-linnet=ready]", state="attached", timeout=90_000)
        page.transcribe(clip_file)
        assert "notas" in page.page.inner_text("#status")
