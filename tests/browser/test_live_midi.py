"""Live notes to a MIDI port: the bytes, one by one, and that nothing is left sounding."""

import itertools

import pytest

from tests.browser.site import folder
from tests.browser.test_live import begin, choose, refuse_to_close, stop, until_told

# A port as Web MIDI gives it, which writes down what is sent. No real one can be had without a sound system.
STUB = """
window.sentMidi = [];
const port = {
  id: "stub", name: "Stub", state: "connected",
  send: (bytes) => {
    window.sentMidi.push([...bytes]);
    if (bytes[0] >> 4 === 9 && window.whileOneSounds) setTimeout(window.whileOneSounds);
    if (bytes[0] >> 4 === 9) window.whileOneSounds = null;
  },
};
const access = { outputs: new Map([["stub", port]]), onstatechange: null };
window.unplugMidi = () => {
  port.state = "disconnected";
  access.outputs.delete("stub");
  access.onstatechange?.(new Event("statechange"));
};
navigator.requestMIDIAccess = async () => access;
"""
BEFORE_PAGE = STUB
MAKE = """async ([folder, mode, batches]) => {
  const { MidiMessages } = await import(`/${folder}/page/live/midi-messages.js`);
  const messages = new MidiMessages(mode);
  const columns = (rows) => ({
    kind: Uint8Array.from(rows, (r) => r[0]), note: Int32Array.from(rows, (r) => r[1]),
    pitch: Uint8Array.from(rows, (r) => r[2]), velocity: Uint8Array.from(rows, (r) => r[3]),
    timeS: new Float64Array(rows.length), cents: Float32Array.from(rows, (r) => r[4] ?? 0),
  });
  return [messages.setUp(), ...batches.map((rows) => messages.take(columns(rows))), messages.panic()];
}"""
ON, OFF, BEND, BACK = range(4)


def made(page, mode, *batches):
    return page.page.evaluate(MAKE, [folder("app"), mode, batches])


def range_of(channel, semitones):
    head = 0xB0 | channel
    pairs = [(101, 0), (100, 0), (6, semitones), (38, 0), (101, 127), (100, 127)]
    return [[head, *pair] for pair in pairs] + [[0xE0 | channel, 0, 64]]


def test_one_channel_byte_by_byte(linnet):
    setup, first, chord, left, bent, off, panic = made(
        linnet, "single",
        [[ON, 0, 60, 90], [BEND, 0, 60, 90, 100]],
        [[ON, 1, 64, 70], [BEND, 0, 60, 90, 50]],
        [[BACK, 1, 64, 70]],
        [[BEND, 0, 60, 90, -200]],
        [[OFF, 0, 60, 90], [OFF, 0, 60, 90], [ON, 2, 67, 5]],
    )  # fmt: skip
    assert setup == range_of(0, 2)
    assert first == [[0x90, 60, 90], [0xE0, 0, 96]]  # a semitone is half of the range of two: 8192 + 4096
    assert chord == [[0xE0, 0, 64], [0x90, 64, 70]]  # chords are not bent: the wheel moves every note
    assert left == [[0x80, 64, 0], [0xE0, 0, 80]]  # alone again: half a semitone up, as it was told in the chord
    assert bent == [[0xE0, 0, 0]]
    assert off == [[0x80, 60, 0], [0xE0, 0, 64], [0x90, 67, 5]]
    assert panic == [[0x80, 67, 0], [0xB0, 123, 0], [0xB0, 120, 0], [0xB0, 121, 0], [0xE0, 0, 64]]


def test_mpe_byte_by_byte(linnet):
    setup, chord, bends, off, panic = made(
        linnet, "mpe",
        [[ON, 0, 60, 90], [ON, 1, 64, 80]],
        [[BEND, 1, 64, 80, 100], [BEND, 0, 60, 90, -100]],
        [[OFF, 0, 60, 90], [ON, 2, 60, 50]],
    )  # fmt: skip
    zone = [[0xB0, *pair] for pair in [(101, 0), (100, 6), (6, 15), (38, 0), (101, 127), (100, 127)]]
    assert setup == zone + range_of(0, 2) + [message for c in range(1, 16) for message in range_of(c, 48)]
    assert chord == [[0xE1, 0, 64], [0x91, 60, 90], [0xE2, 0, 64], [0x92, 64, 80]]
    up, down = 8192 + round(8192 / 48), 8192 - round(8192 / 48)
    assert bends == [[0xE2, up & 127, up >> 7], [0xE1, down & 127, down >> 7]]
    assert off == [[0x81, 60, 0], [0xE3, 0, 64], [0x93, 60, 50]]  # the channel that has rested longest
    assert panic[:2] == [[0x82, 64, 0], [0x83, 60, 0]]
    assert len(panic) == 2 + 16 * 4


def test_the_sixteenth_note_takes_the_oldest_channel(linnet):
    _, many, panic = made(linnet, "mpe", [[ON, n, 40 + n, 80] for n in range(16)])
    starts = [message for message in many if message[0] >> 4 == 9]
    assert len(starts) == 16
    assert [0x81, 40, 0] in many  # the oldest gives way
    assert starts[-1] == [0x91, 55, 80]
    assert starts[-2][0] == 0x99  # drums' channel only where all others sound
    assert len([message for message in panic if message[0] >> 4 == 8]) == 15


def pick(page, **settings):
    choose(page, **settings)
    page.page.click("#live-open")
    page.page.select_option("#live-port", "ask")
    page.page.wait_for_selector("#live-port option[value=stub]", state="attached")
    assert page.page.input_value("#live-port") == "stub"
    page.page.keyboard.press("Escape")


def sent(page):
    return page.page.evaluate("window.sentMidi")


def hanging(messages):
    """Notes switched on and not off again, by channel and pitch."""
    on = set()
    for status, first, second in messages:
        if status >> 4 == 9 and second > 0:
            on.add((status & 15, first))
        elif status >> 4 == 8:
            on.discard((status & 15, first))
    return on


@pytest.mark.parametrize("settings", [{"midiMode": "single"}, {"midiMode": "mpe"}, {"mode": "play"}])
def test_notes_are_sent_while_one_plays_and_none_hangs(live, settings):
    pick(live, **settings)
    begin(live)
    until_told(live, 4)
    told = sent(live)
    assert len([m for m in told if m[0] >> 4 == 9]) >= 3
    stop(live)
    messages = sent(live)
    assert hanging(messages) == set()
    for status, first, second in messages:
        assert 0x80 <= status <= 0xEF
        assert 0 <= first <= 127
        assert 0 <= second <= 127
    if settings.get("midiMode") == "mpe":
        channels = [m[0] & 15 for m in messages if m[0] >> 4 == 9]
        assert all(a != b for a, b in itertools.pairwise(channels))


def test_silence_switches_all_off_and_the_take_goes_on(live):
    pick(live)
    begin(live)
    until_told(live, 2)
    live.page.click("#live-silence")
    messages = sent(live)
    assert [0xB0, 123, 0] in messages
    assert [0xB0, 120, 0] in messages
    assert live.page.get_attribute("#record", "data-recording") == "true"
    stop(live)


def test_a_closed_tab_leaves_no_note(live):
    pick(live)
    begin(live)
    until_told(live, 2)
    live.page.evaluate("(() => { window.dispatchEvent(new Event('pagehide')); })()")
    messages = sent(live)
    last = max(i for i, m in enumerate(messages) if m == [0xB0, 123, 0])
    assert hanging(messages[: last + 1]) == set()
    stop(live)


def test_a_tab_that_asks_before_it_closes_leaves_no_note_meanwhile(live):
    pick(live)
    begin(live)
    until_told(live, 2)
    refuse_to_close(live)
    messages = sent(live)
    last = max(i for i, m in enumerate(messages) if m == [0xB0, 123, 0])
    assert hanging(messages[: last + 1]) == set()
    assert live.page.get_attribute("#record", "data-recording") == "true"
    until_told(live, 4)  # it goes on
    stop(live)


def test_a_port_that_goes_without_a_take_is_said(live):
    pick(live)
    live.page.evaluate("window.unplugMidi()")
    assert live.alarm() == "The MIDI port “Stub” is gone."


def test_a_port_that_goes_is_said_and_the_take_goes_on(live):
    pick(live)
    begin(live)
    until_told(live, 1)
    live.page.evaluate("window.unplugMidi()")
    assert live.alarm() == "The MIDI port “Stub” is gone. The take goes on without it."
    count = len(sent(live))
    until_told(live, 3)
    assert len(sent(live)) == count
    stop(live)
