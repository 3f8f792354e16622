import numpy as np
import pytest

from linnet import BadModel, Grid


def test_bins_are_thirds_of_a_semitone_from_a0():
    grid = Grid()
    assert grid.bin_hz[0] == pytest.approx(27.5)
    assert grid.bin_hz[3 * (69 - 21)] == pytest.approx(440.0)
    assert np.allclose(grid.bin_hz[36:] / grid.bin_hz[:-36], 2.0)


def test_frames_and_seconds_are_each_others_inverse():
    grid = Grid()
    assert grid.frame_to_s(grid.s_to_frame(1.2345)) == pytest.approx(1.2345)
    assert grid.frame_to_s(86.1328125) == pytest.approx(1.0)
    assert [grid.frame_count(n) for n in (0, 1, 256, 257)] == [0, 1, 1, 2]


@pytest.mark.parametrize(
    ("change", "word"),
    [({"bin_count": 320}, "bin_count"), ({"gamma_hz": -1.0}, "gamma_hz"), ({"hop_samples": 0}, "hop_samples")],
)
def test_an_impossible_grid_is_refused_by_name(change, word):
    with pytest.raises(BadModel, match=word):
        Grid(**change)


def test_a_manifest_with_an_unknown_key_is_refused():
    with pytest.raises(BadModel, match="exactly the keys"):
        Grid.from_mapping({"sample_rate_hz": 22050, "hops": 1})
