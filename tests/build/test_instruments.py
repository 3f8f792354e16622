"""The instruments of the page: one small soundfont per program, the same bytes again, with their licence."""

import subprocess

PROGRAMS = 128
MOST_BYTES = 600_000


def test_every_program_has_its_own_small_soundfont(named):
    fonts = sorted(named("instruments").glob("*.sf3"))
    assert [path.stem for path in fonts] == [f"{program:03}" for program in range(PROGRAMS)]
    for path in fonts:
        content = path.read_bytes()
        assert (content[:4], content[8:12]) == (b"RIFF", b"sfbk"), path.name
        assert len(content) < MOST_BYTES, path.name
        assert b"Frank Wen" in content, path.name  # the copyright stays with the samples


def test_the_licence_lies_beside_the_samples(named):
    text = (named("instruments") / "LICENSE-soundfont.md").read_text()
    assert "MIT license" in text
    assert "Frank Wen" in text


def test_the_synthesiser_imports_by_address(named):
    text = (named("instruments") / "spessasynth_core.js").read_text()
    assert 'from "./stb-vorbis.js"' in text
    assert 'from "stb-vorbis"' not in text


def test_cutting_twice_gives_the_same_bytes(build, named, tmp_path):
    font = build("fetch").npm_file(build("pins").SOUNDFONT)
    subprocess.run(["node", build("instruments").CUTTER, font, tmp_path], cwd=build("fetch").ROOT, check=True)
    for path in sorted(tmp_path.iterdir()):
        assert path.read_bytes() == (named("instruments") / path.name).read_bytes()
