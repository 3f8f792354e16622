"""Files that are not what they seem: a sentence that helps, and a page that goes on."""

import numpy as np
import pytest
import soundfile


def wav(path, samples, rate_hz=22050, **options):
    soundfile.write(path, samples, rate_hz, **options)
    return path


def empty(folder):
    (folder / "empty.wav").write_bytes(b"")
    return folder / "empty.wav"


def text_named_wav(folder):
    (folder / "text.wav").write_text("This is no sound at all.\n" * 50)
    return folder / "text.wav"


def no_samples(folder):
    return wav(folder / "none.wav", np.zeros(0))


def cut_in_the_head(folder):
    whole = wav(folder / "whole.wav", np.zeros(22050)).read_bytes()
    (folder / "cut.wav").write_bytes(whole[:30])
    return folder / "cut.wav"


def not_a_number(folder):
    samples = 0.1 * np.ones(22050, np.float32)
    samples[11025] = np.nan
    return wav(folder / "nan.wav", samples, subtype="FLOAT")


def random_named_mp3(folder):
    (folder / "noise.mp3").write_bytes(np.random.default_rng(0).bytes(4000))
    return folder / "noise.mp3"


CASES = [
    (empty, "empty"),
    (text_named_wav, "no audio"),
    (no_samples, "0 s"),
    (cut_in_the_head, "cut off"),
    (not_a_number, "not numbers"),
    (random_named_mp3, "no audio"),
]


@pytest.mark.parametrize(("make", "words"), CASES, ids=lambda value: getattr(value, "__name__", ""))
def test_says_what_happened_and_goes_on(linnet, tmp_path, clip_file, make, words):
    linnet.choose(make(tmp_path))
    message = linnet.alarm()
    assert words in message
    assert "Nothing else changed" in message or "kept" in message
    assert "Error" not in message
    assert "Traceback" not in message
    linnet.page.click("#alarm-close")
    assert len(linnet.transcribe(clip_file)["onsetS"]) > 0


@pytest.mark.parametrize("decoders", ["new", "old"])
def test_truncated_flac_keeps_what_came_before(request, tmp_path, clip_file, decoders):
    page = request.getfixturevalue("shared_page" if decoders == "new" else "old_decoders_page")
    content = clip_file.read_bytes()
    (tmp_path / "cut.flac").write_bytes(content[: len(content) // 2])
    page.choose(tmp_path / "cut.flac")
    page.page.wait_for_selector("#file-name:text('cut.flac')")
    page.page.wait_for_selector("html[data-linnet=done], html[data-linnet=failed]", state="attached", timeout=60_000)
    page.page.wait_for_selector("#status:text-matches('^[1-9][0-9]* note')")
    assert len(page.notes()["onsetS"]) > 0
    if page.page.get_attribute("html", "data-linnet") == "failed":
        assert "notes up to there are kept" in page.alarm()


def test_type_is_told_by_content(linnet, tmp_path, clip_file):
    wrong = tmp_path / "really-flac.mp3"
    wrong.write_bytes(clip_file.read_bytes())
    right_notes = linnet.transcribe(clip_file)
    assert linnet.transcribe(wrong) == right_notes


def test_a_fifth_of_a_second(linnet, tmp_path):
    linnet.transcribe(wav(tmp_path / "short.wav", 0.3 * np.sin(np.arange(4410) * 0.125)))
