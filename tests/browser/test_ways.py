"""Ways in and ways out: paste, drop, share, open with; drag out and share; the sound of films."""

from __future__ import annotations

import base64
import subprocess

import mido
import pytest

from tests.browser import linnet_page

GIVE = """([kind, name, bytes]) => {
  const data = new DataTransfer();
  if (bytes === null) data.setData("text/uri-list", name), data.setData("text/plain", name);
  else data.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name));
  const place = document.getElementById("drop-target");
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
    : new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
  place.dispatchEvent(event);
}"""


def give(page, kind, name, content=None):
    page.page.evaluate(GIVE, [kind, name, None if content is None else base64.b64encode(content).decode()])


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_files_by_hand(own, clip_file, kind):
    give(own, kind, "by hand.flac", clip_file.read_bytes())
    own.page.wait_for_selector("#file-name:text('by hand.flac')")
    own.wait_for("done")
    assert len(own.notes()["onsetS"]) > 0


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_an_address_is_refused_with_a_word(linnet, kind):
    give(linnet, kind, "https://example.org/song.mp3")
    assert "this page connects to nothing" in linnet.alarm()
    linnet.page.click("#alarm-close")


COPY_PICTURE = """async () => {
  const picture = await new Promise((resolve) => document.getElementById("overview").toBlob(resolve, "image/png"));
  await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
}"""


def test_the_key_of_pasting_brings_in_what_was_copied_last(own, clip_file):
    own.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    own.transcribe(clip_file)
    count = len(own.notes()["onsetS"])
    own.page.focus("#roll")
    own.page.evaluate("navigator.clipboard.writeText('https://example.org/song.mp3')")
    own.page.keyboard.press("Control+v")
    assert "this page connects to nothing" in own.alarm()
    own.page.click("#alarm-close")
    own.page.evaluate(COPY_PICTURE)  # the one kind of file that a page may copy
    own.page.keyboard.press("Control+a")
    own.page.keyboard.press("Control+ArrowRight")  # the last one, far from the playhead
    own.page.keyboard.press("Control+c")
    own.page.keyboard.press("Control+v")
    own.until("linnet.notes().onsetS.length", lambda found: found == count + 1)
    own.page.keyboard.press("Control+x")
    own.until("linnet.notes().onsetS.length", lambda found: found == count)
    own.page.keyboard.press("Control+v")
    own.until("linnet.notes().onsetS.length", lambda found: found == count + 1)
    assert own.page.is_hidden("#alarm")
    own.page.evaluate(COPY_PICTURE)
    own.page.keyboard.press("Control+v")
    assert "image.png" in own.alarm()


@pytest.mark.parametrize(("ending", "codecs"), [
    ("mp4", ("-c:v", "libx264", "-c:a", "aac")),
    ("webm", ("-c:v", "libvpx", "-c:a", "libopus")),
])  # fmt: skip
def test_the_sound_of_films(linnet, clip_file, tmp_path, ending, codecs):
    path = tmp_path / f"film.{ending}"
    picture = ("-f", "lavfi", "-i", "testsrc=size=128x96:rate=10")
    command = ["ffmpeg", "-v", "error", *picture, "-i", clip_file, *codecs, "-shortest", path]
    subprocess.run(command, check=True)
    notes = linnet.transcribe(path)
    assert linnet.page.inner_text("#file-name") == path.name
    assert len(notes["onsetS"]) > 0


def test_files_shared_from_other_programs_without_a_network(chromium, clip_file):
    from tests.browser import site

    running = site.start()
    with linnet_page.fresh(chromium, works_offline=True) as page:
        page.open(running.url)
        page.until_offline()
        running.stop()
        share = """async (bytes) => {
          const form = new FormData();
          const content = Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0));
          form.append("files", new File([content], "Geteilt é.flac", { type: "audio/flac" }));
          const answer = await fetch("./share", { method: "POST", body: form });
          return answer.status;
        }"""
        assert page.page.evaluate(share, base64.b64encode(clip_file.read_bytes()).decode()) == 200  # the page again
        page.page.goto(running.url, wait_until="commit")
        page.page.wait_for_selector("#file-name:text('Geteilt é.flac')", timeout=linnet_page.BOOT_S * 1000)
        page.wait_for("done")
        assert len(page.notes()["onsetS"]) > 0
        page.page.goto(f"{running.url}?do=projects", wait_until="commit")  # one of the manifest's shortcuts
        page.page.wait_for_selector("#projects-sheet[open]")
        assert page.page.locator("#project-rows li").count() == 1


def test_files_opened_with_the_page(chromium, served, clip_file):
    hand_over = """Object.defineProperty(window, "launchQueue", {
      value: { setConsumer(take) { window.linnetLaunch = take; } },
    });"""
    with linnet_page.fresh(chromium) as page:
        page.page.add_init_script(hand_over)  # a browser gives files to installed pages alone
        page.open(served.url)
        launch = """(bytes) => {
          const content = Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0));
          const handle = { getFile: async () => new File([content], "opened.flac") };
          window.linnetLaunch({ files: [handle] });
        }"""
        page.page.evaluate(launch, base64.b64encode(clip_file.read_bytes()).decode())
        page.page.wait_for_selector("#file-name:text('opened.flac')")
        page.wait_for("done")


def test_the_midi_file_can_be_dragged_out(own, clip_file, tmp_path):
    notes = own.transcribe(clip_file)
    handle = own.page.locator("#drag-midi")
    handle.scroll_into_view_if_needed()
    handle.hover()
    own.page.wait_for_selector("#drag-midi.is-ready", timeout=60_000)
    dragged = """() => {
      const data = new DataTransfer();
      const event = new DragEvent("dragstart", { dataTransfer: data, bubbles: true, cancelable: true });
      document.getElementById("drag-midi").dispatchEvent(event);
      return data.getData("DownloadURL");
    }"""
    kind, name, address = own.page.evaluate(dragged).split(":", 2)
    assert (kind, name) == ("audio/midi", "clip.mid")
    assert address.startswith("blob:")
    fetch_it = """(address) => {
      const link = document.createElement("a");
      link.href = address;
      link.download = "clip.mid";
      link.click();
    }"""
    with own.page.expect_download() as download:
        own.page.evaluate(fetch_it, address)
    download.value.save_as(tmp_path / "clip.mid")
    starts = [m for track in mido.MidiFile(tmp_path / "clip.mid").tracks for m in track if m.type == "note_on"]
    assert sum(m.velocity > 0 for m in starts) == len(notes["onsetS"])


def test_the_midi_file_goes_to_other_apps(chromium, served, clip_file):
    able = """navigator.canShare = ({ files }) => files[0].type === "audio/midi";
    navigator.share = async ({ files }) => { window.linnetShared = [files[0].name, files[0].size]; };"""
    with linnet_page.fresh(chromium) as page:
        page.page.add_init_script(able)  # only phones have it
        page.open(served.url)
        page.transcribe(clip_file)
        page.page.click("#share-midi")
        name, size = page.until("window.linnetShared ?? null", bool)
        assert name == "clip.mid"
        assert size > 100
