// Wires the page: store, session with the engine, views.
import { must } from "../shared/must.js";
import { APP, fetchOk } from "../shared/places.js";
import { Arranger } from "./arranger.js";
import { stepS } from "./beat-times.js";
import { EditHands, NUDGE_S } from "./edit/edit-hands.js";
import { Editor } from "./edit/editor.js";
import { label } from "./edit/label.js";
import { errorWords } from "./failures.js";
import { listenForFiles } from "./file-picker.js";
import { Keep } from "./keep.js";
import { listenForLive } from "./live/live.js";
import { listenForScope } from "./notes-to-save.js";
import { keepOffline } from "./offline.js";
import { saveFile } from "./save-file.js";
import { listenForSeeing } from "./see/see.js";
import { Session } from "./session.js";
import { Player } from "./sound/player.js";
import { Scrubber } from "./sound/scrubber.js";
import { Store } from "./store.js";
import { loadLanguage, t, translatePage } from "./translate.js";
import { listenForArranging } from "./views/arrange-panel.js";
import { listenForBars } from "./views/bars.js";
import { listenForEditBar } from "./views/edit-bar.js";
import { listenForEditKeys } from "./views/edit-keys.js";
import { PianoRoll } from "./views/piano-roll.js";
import { listenForPlayhead } from "./views/playhead-keys.js";
import { listenForPresets } from "./views/presets.js";
import { xOf, yOf } from "./views/roll-view.js";
import { listenToRuler } from "./views/ruler-gestures.js";
import { listenForWav } from "./views/save-wav.js";
import { buildSettings, defaultsOf } from "./views/settings.js";
import { listenForSheets } from "./views/sheet.js";
import { listenForTransport } from "./views/transport.js";
import { stem } from "./words.js";

/** @param {string} id */
const byId = (id) => must(document.getElementById(id), `#${id}`);

const store = new Store();
const [answer, presets] = await Promise.all([
  fetchOk("options.json", APP),
  fetchOk("presets.json", APP).then((found) => found.json()),
  loadLanguage(),
]);
/** @type {import("./views/settings.js").OptionSpec[]} */
const specs = await answer.json();
translatePage(document.documentElement);
const session = new Session(store); // it speaks, therefore after the language
store.set({ options: defaultsOf(specs), status: t("Starting") });
const decodeSpecs = specs.filter((spec) => spec.stage === "decode");
session.redecoder.optionNames = decodeSpecs.map((spec) => spec.name);

/** @param {string} name @param {number | string} value */
function setOption(name, value) {
  editor.setOptions(label(specs.find((spec) => spec.name === name)?.label ?? name), { [name]: value });
  showPreset(store.state.options);
  session.redecoder.decode();
}
const midiSpecs = specs.filter((spec) => spec.stage === "midi" && spec.name !== "program");
const programSpecs = specs.filter((spec) => spec.name === "program"); // it is heard, so it is chosen beside the transport
const arrangeSpecs = specs.filter((spec) => spec.stage === "arrange");
const isPitch = (/** @type {{ name: string }} */ { name }) => ["key", "scale", "snap"].includes(name);
const arranger = new Arranger(
  store,
  (notes, options) => session.arrange(notes, options),
  arrangeSpecs.map((spec) => spec.name),
);
/** @param {import("./edit/label.js").Label} what @param {import("../shared/messages.js").Options} options */
function setOptions(what, options) {
  editor.setOptions(what, options);
  followOptions();
}
const showPreset = listenForPresets(byId("presets"), presets, setOptions);
showPreset(store.state.options);
const shows = [
  showPreset,
  buildSettings(
    byId("time-panel"),
    arrangeSpecs.filter((spec) => !isPitch(spec)),
    store.state.options,
    setOption,
  ),
  buildSettings(byId("pitch-panel"), arrangeSpecs.filter(isPitch), store.state.options, setOption),
  buildSettings(byId("shape"), decodeSpecs, store.state.options, setOption),
  buildSettings(byId("save-options"), midiSpecs, store.state.options, setOption),
  buildSettings(byId("instrument"), programSpecs, store.state.options, setOption),
];
/** Values that came from elsewhere, on the controls. @param {import("../shared/messages.js").Options} options */
function showSettings(options) {
  for (const show of shows) show(options);
}

/** Options came from elsewhere: controls and notes follow. */
function followOptions() {
  showSettings(store.state.options);
  session.redecoder.decode();
}

const keep = new Keep(store, session, specs, presets, byId);
const editor = new Editor(store, followOptions);
/** For those who do not see it. @param {string} words */
function say(words) {
  byId("said").textContent = words;
}
/** Lets a note be heard. @param {number} pitch @param {number} velocity */
function audition(pitch, velocity) {
  if (!player.isPlaying) player.audition(pitch, velocity);
}
/** Bounds of the pitches that are looked for. @param {number} lowest @param {number} highest */
function setRange(lowest, highest) {
  setOptions(label("pitch range"), { lowest_pitch: lowest, highest_pitch: highest });
}
const editHands = new EditHands(editor, {
  audition,
  say,
  look: (timeS, pitch) => roll.lookAt(timeS, pitch),
  middle: () => roll.middlePitch,
});

const roll = new PianoRoll(
  /** @type {HTMLCanvasElement} */ (byId("roll")),
  /** @type {HTMLCanvasElement} */ (byId("roll-overlay")),
  /** @type {HTMLCanvasElement} */ (byId("overview")),
  { audition, setRange, editor },
);
const player = new Player(
  () => store.state.notes,
  (playheadS, isPlaying) => store.set({ playheadS, isPlaying }),
);

/** @param {number} timeS */
function seek(timeS) {
  store.set({ playheadS: timeS });
  if (player.isPlaying) player.play(timeS);
}

const scrubber = new Scrubber(store, player);
listenToRuler(roll.roll.canvas, roll, {
  seek,
  scrub: (timeS) => scrubber.move(timeS),
  scrubbed: () => scrubber.end(),
  loop: (loop) => store.set({ loop, isLooping: loop !== null }),
});

function playOrPause() {
  if (store.state.isRecording) return live.record(); // what stops the sound stops a take; to play would be recorded
  if (store.state.notes.onsetS.length === 0) return;
  if (!player.isPlaying) return player.play(store.state.playheadS);
  player.stop();
  store.set({ isPlaying: false });
}

/** What the roll and the player have now: what is told of the same once more changes neither view nor sound. */
const open = { projectId: "", durationS: 0, file: /** @type {File | null} */ (null) };
/** What is drawn above the roll's picture, and changes 60 times a second. @type {ReadonlySet<string>} */
const MOVING = new Set(["playheadS", "isPlaying"]);
store.listen((state, changed) => {
  const isOther = state.projectId !== open.projectId || (changed.has("fileName") && !state.projectId);
  if (isOther || state.durationS !== open.durationS) roll.open(state.durationS);
  const isOtherFile = state.file !== open.file;
  Object.assign(open, { projectId: state.projectId, durationS: state.durationS, file: state.file });
  if (isOtherFile) {
    player.open(state.file);
    if (state.isPlaying) store.set({ isPlaying: false });
  }
  if (changed.has("projectId")) showSettings(state.options);
  if ((changed.has("notes") || changed.has("isArranging")) && !(state.isArranging && session.isReady)) {
    roll.show(state.notes, state.noteKeys);
  }
  if (changed.has("analysis")) roll.grid = state.analysis?.grid ?? null;
  if (changed.has("notes")) player.refresh();
  if (changed.has("selection")) roll.selection = state.selection;
  if (changed.has("stage") && state.stage === "done") roll.complete();
  if (changed.has("doneS")) {
    roll.doneS = state.doneS;
    roll.extend(state.doneS);
  }
  if (changed.has("options")) {
    roll.range = [Number(state.options.lowest_pitch ?? 21), Number(state.options.highest_pitch ?? 108)];
  }
  if (changed.has("playheadS") || changed.has("isPlaying")) roll.play(state.playheadS, state.isPlaying);
  if ([...changed].some((name) => !MOVING.has(name))) roll.touch();
});

/** @param {import("../shared/messages.js").FileKind} kind */
async function save(kind) {
  store.set({ isSaving: true });
  try {
    await arranger.settled();
    const name = stem(store.state.fileName);
    saveFile(name, kind, await session.exportFile(kind, name));
    store.set({ isSaving: false });
  } catch (error) {
    const why = errorWords(error);
    store.set({
      isSaving: false,
      alarm: t("The file could not be made ({why}). The notes are kept. Try again, or save CSV.", { why }),
    });
  }
}

const live = listenForLive({ store, session, projects: keep.projects, roll, byId, setOptions, say });

function record() {
  player.stop(); // else the microphone hears it
  if (store.state.isPlaying) store.set({ isPlaying: false });
  live.record();
}

/** Stop what is under way; what is done is kept. */
function cancel() {
  if (store.state.isRecording) live.record();
  else session.cancel();
}

/** @param {readonly File[]} files */
function bringIn(files) {
  if (!store.state.isRecording) return void keep.bringIn(files);
  store.set({ alarm: t("A take is being recorded. Stop it first; it stays as a recording of its own.") });
}

async function openExample() {
  const bytes = await (await fetchOk("example.flac", APP)).blob();
  bringIn([new File([bytes], "Linnet example.flac", { type: "audio/flac" })]);
}

listenForTransport(store, byId, { player, roll, seek });
listenForScope(store, byId);
listenForPlayhead(store, byId("ruler"), roll, { seek, say });
listenForWav(store, /** @type {HTMLButtonElement} */ (byId("save-wav")));
byId("example").addEventListener("click", openExample);
// first: they come before other keys where notes are chosen
listenForEditKeys(store, editHands, () => {
  const { analysis, options, playheadS } = store.state;
  return stepS(analysis?.grid, options, playheadS) ?? NUDGE_S;
});
listenForBars(store, byId, { save, cancel, play: playOrPause, record });
listenForArranging(store, byId, setOptions, () => (player.isPlaying ? player.timeS : store.state.playheadS));
listenForSheets(store, byId, (timeS, pitch) => roll.lookAt(timeS, pitch));
listenForEditBar(store, byId, editHands);
listenForSeeing({ store, session, roll, editor, byId, audition, say });
listenForFiles(
  {
    input: /** @type {HTMLInputElement} */ (byId("file-input")),
    buttons: [byId("open"), byId("welcome-open")],
    target: byId("drop-target"),
  },
  {
    choose: bringIn,
    refuse: (alarm) => store.set({ alarm }),
    paste: () => (store.state.isRecording ? undefined : editHands.paste()),
  },
);

keep.begin({ record, projects: () => byId("projects-open").click() });

/** @param {import("../shared/note-columns.js").NoteColumns} notes */
function plainArrays(notes) {
  return Object.fromEntries(Object.entries(notes).map(([name, column]) => [name, Array.from(column)]));
}

Object.assign(window, {
  linnet: {
    /** The notes as plain arrays. */
    notes: () => plainArrays(store.state.notes),
    /** Where a time and a pitch lie on the roll's canvas, in CSS pixels. */
    place: (/** @type {number} */ timeS, /** @type {number} */ pitch) => ({
      x: xOf(roll.view, timeS),
      y: yOf(roll.view, pitch) + roll.view.lanePx / 2,
    }),
    chosen: () => editor.chosen(),
    analysis: () => store.state.analysis,
    ghosts: () => plainArrays(store.state.ghosts),
    /** Resolves when everything on the page is on disk. */
    saved: () => keep.projects.flush(),
    timings: () => ({ ...session.timings }),
    /** What was measured while a take was recorded: frames and when they were heard, onsets and when they were told. */
    live: () => live.figures(),
    /** Where the notes are and where the recording is, in seconds, and how loud each. */
    playing: () => ({
      notesS: player.timeS,
      sourceS: player.sourceS,
      isPlaying: player.isPlaying,
      loudness: player.loudness,
      sampledProgram: player.sampledProgram,
      loop: store.state.isLooping ? store.state.loop : null,
      speed: store.state.speed,
    }),
  },
});

await session.whenBooted();
if (session.isReady) document.documentElement.dataset.engine = "ready";
// without an engine too: the version that mends it may be waiting
await keepOffline({ offer: (reload) => keep.offerUpdate(reload) });
