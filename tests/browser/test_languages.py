"""The page in the browser's language, and in one that was chosen."""

import pytest

from tests.browser import linnet_page

OPEN = {"de-AT": "Öffnen", "es-MX": "Abrir", "ja-JP": "開く", "zh-CN": "打开", "fr-FR": "Open"}


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
