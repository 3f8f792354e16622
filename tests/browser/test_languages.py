"""The page in the browser's language, and in one that was chosen."""

import numpy as np
import pytest
import soundfile

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
        names = [page.page.text_content(f"#option-key option[value='{key}']") for key in KEYS]
        assert names == KEY_WORDS[locale]
        pitches = []
        for _ in range(3):
            pitches.append(page.page.text_content("output[for=option-lowest_pitch]"))
            page.page.press("#option-lowest_pitch", "ArrowRight")
        assert pitches == PITCHES.get(locale, ["A0", "B♭0", "B0"])
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


def test_what_the_engine_refuses_is_said_in_the_language(chromium, served, clip_file, tmp_path):
    samples = np.full(22050, 0.1, np.float32)
    soundfile.write(tmp_path / "slow.wav", samples, 500)
    samples[11025] = np.nan
    soundfile.write(tmp_path / "nan.wav", samples, 22050, subtype="FLOAT")
    with linnet_page.fresh(chromium, locale="de-DE") as page:
        page.open(served.url)
        page.choose(tmp_path / "nan.wav")
        assert page.alarm().startswith("Die Aufnahme enthält Samples, die keine Zahlen sind; ")
        page.page.click("#alarm-close")
        page.choose(tmp_path / "slow.wav")
        words = "Die Aufnahme hat 500 Samples pro Sekunde, gelesen werden nur 1.000 bis 1.536.000; "
        assert page.alarm().startswith(words)
        page.page.click("#alarm-close")
        page.transcribe(clip_file)
        page.page.press("#option-lowest_pitch", "End")
        page.page.press("#option-highest_pitch", "ArrowLeft")
        assert page.alarm().startswith("Die tiefste gesuchte Note (C8) liegt über der höchsten (H7); ")
        assert page.complaints == []


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("de-DE", "In der Engine ist etwas schiefgegangen (MemoryError). Sonst hat sich nichts geändert."),
        ("ja-JP", "エンジンで問題が発生しました（MemoryError）。ほかに変更はありません。"),
    ],
)
def test_what_nobody_has_foreseen_is_a_sentence_of_the_language(chromium, served, locale, words):
    with linnet_page.fresh(chromium, locale=locale) as page:
        kept = "constructor(...of) { super(...of); (window.made ??= []).push(this); }"
        page.page.add_init_script(f"window.Worker = class extends Worker {{ {kept} }}")
        page.open(served.url)
        failed = {"type": "failed", "job": None, "during": "redecode", "code": "internal", "reason": "", "values": {}}
        script = "data => made[0].dispatchEvent(new MessageEvent('message', { data }))"
        page.page.evaluate(script, failed | {"message": "MemoryError"})
        assert page.alarm() == words
