"""A take of half a minute: every sample is kept, in order, and the stream keeps time. `make soak` is the long one."""

import io

import numpy as np
import soundfile

from tests.bench.live import bursts, onsets
from tests.browser import linnet_page
from tests.browser.test_live import begin, stop

TAKE_S = 20


def test_no_sound_is_lost_and_none_comes_twice(playwright, served, tmp_path):
    sound = tmp_path / "bursts.wav"
    bursts(sound)
    browser = linnet_page.launch(playwright, *linnet_page.FAKE_MICROPHONE, f"--use-file-for-fake-audio-capture={sound}")
    with linnet_page.fresh(browser, accept_downloads=True) as page:
        page.open(served.url)
        begin(page)
        page.page.wait_for_timeout(1000 * TAKE_S)
        stop(page)
        with page.page.expect_download() as download:
            page.page.click("#save-take")
        content = download.value.path().read_bytes()
        samples, rate_hz = soundfile.read(io.BytesIO(content), dtype="float32", always_2d=True)
        assert len(samples) / rate_hz > TAKE_S - 3
        apart_s = np.diff(onsets(samples[:, 0], rate_hz)) / rate_hz
        assert len(apart_s) > 20
        # what the microphone plays over and over; where its file begins anew it may make a small pause of its own
        assert np.mean(np.abs(apart_s - 0.6) < 0.005) > 0.8
        assert page.complaints == []
    browser.close()
