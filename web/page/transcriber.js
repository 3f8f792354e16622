// The window's side of the engine worker: typed calls out, events in, never more than two blocks of audio under way.

import { listenToEngine } from "./engine.js";
import { refused } from "./refusals.js";
import { t } from "./translate.js";

/** @typedef {import("../shared/messages.js").Request} Request */
/** @typedef {import("../shared/messages.js").Reply} Reply */
/** @typedef {import("../shared/messages.js").Options} Options */
/** @typedef {import("../shared/messages.js").FileKind} FileKind */
/** @typedef {import("./audio/audio-source.js").AudioSource} AudioSource */
/** @typedef {import("../shared/note-columns.js").NoteColumns} NoteColumns */

/** @typedef {import("../shared/messages.js").Analysis} Analysis */
/** @typedef {Extract<Reply, { type: "arranged" }>} Arranged */

/** @typedef {Exclude<Reply, { type: "file" | "arranged" | "planes" | "restored" } | import("../shared/messages.js").Answer>} TranscriberEvent */
/** @typedef {import("../shared/messages.js").UnderlayWindow} UnderlayWindow */
/** @typedef {{ resolve(bytes: Uint8Array<ArrayBuffer>): void, reject(error: Error): void }} Waiting */

const BLOCKS_UNDER_WAY = 2;

export class Transcriber {
  #worker;
  #job = 0;
  #underWay = 0;
  /** @type {(() => void) | null} */
  #wake = null;
  /** @type {Waiting[]} */
  #files = [];
  /** Answered in order, each of them. @type {{ resolve(reply: Arranged): void, reject(error: Error): void }[]} */
  #arranging = [];
  /** Questions under way; answered with null when another recording takes over. @type {Map<number, (reply: Reply | null) => void>} */
  #questions = new Map();
  #lastId = 0;
  /** Who waits for planes, or for the engine to have taken them over. @type {Waiting[]} */
  #planes = [];
  #isRunning = false;
  /** Blocks of the present recording that went to the engine. */
  blocksSent = 0;

  /** @param {(event: TranscriberEvent) => void} listen */
  constructor(listen) {
    this.listen = listen;
    this.#worker = listenToEngine(
      ({ data: reply }) => this.#receive(reply.type === "failed" ? refused(reply) : reply),
      (event) => {
        const failure = {
          code: "worker",
          reason: "",
          values: {},
          message: event.message || t("it could not be loaded"),
        };
        this.listen({ type: "failed", job: null, during: "open", ...failure });
      },
    );
  }

  /** True from the first block of audio to the last note. */
  get isRunning() {
    return this.#isRunning;
  }

  /**
   * @param {Request} request
   * @param {Transferable[]} [transfer]
   */
  #send(request, transfer = []) {
    this.#worker.postMessage(request, transfer);
  }

  /** @param {Reply} reply */
  #receive(reply) {
    if (reply.type === "file") return this.#files.shift()?.resolve(reply.bytes);
    if (reply.type === "failed" && (reply.during === "export" || reply.during === "exportParts")) {
      return this.#files.shift()?.reject(new Error(reply.message));
    }
    if ("job" in reply && reply.job !== null && reply.job !== this.#job) return;
    if ("id" in reply) {
      this.#questions.get(reply.id)?.(reply);
      this.#questions.delete(reply.id);
      return;
    }
    if (reply.type === "arranged") return this.#arranging.shift()?.resolve(reply);
    if (reply.type === "failed" && reply.during === "arrange") {
      return this.#arranging.shift()?.reject(new Error(reply.message));
    }
    if (reply.type === "planes") return this.#planes.shift()?.resolve(reply.packed);
    if (reply.type === "restored") return this.#planes.shift()?.resolve(new Uint8Array());
    if (reply.type === "failed" && (reply.during === "planes" || reply.during === "restore")) {
      return this.#planes.shift()?.reject(new Error(reply.message));
    }
    if (reply.type === "progress") this.#underWay -= 1;
    const isLast = (reply.type === "notes" && reply.whole) || (reply.type === "live" && reply.isLast);
    if (reply.type === "failed" || isLast) this.#isRunning = false;
    if (reply.type !== "phase" && reply.type !== "ready") this.#wake?.();
    this.listen(reply);
  }

  /**
   * Feed a recording; notes arrive as events. Rejects where the recording cannot be read to its end: what came
   * before is transcribed all the same, and `blocksSent` says whether there was any.
   * @param {AudioSource} source
   * @param {Options} options
   * @param {import("../shared/messages.js").PartToHear | null} [part] what of a recording the source is, where it is not all
   */
  async transcribe(source, options, part = null) {
    const job = ++this.#job;
    this.#forgetQuestions();
    this.#underWay = 0;
    this.blocksSent = 0;
    this.#isRunning = true;
    this.#send({ type: "transcribe", job, rateHz: source.rateHz, channels: source.channels, options, part });
    const goesOn = () => this.#isRunning && job === this.#job;
    try {
      for await (const pcm of source.blocks()) {
        if (!goesOn()) return;
        this.#underWay += 1;
        this.blocksSent += 1;
        this.#send({ type: "audio", job, pcm }, [pcm.buffer]);
        while (goesOn() && this.#underWay >= BLOCKS_UNDER_WAY) await this.#woken();
      }
    } finally {
      if (goesOn()) this.#send({ type: "audioEnd", job });
    }
  }

  /**
   * Begin a take, whose sound goes to the engine through `port` without the window; its notes arrive as live events.
   * @param {Omit<Extract<Request, { type: "live" }>, "type" | "job">} take
   */
  live(take) {
    this.#isRunning = true;
    this.#forgetQuestions();
    this.#send({ type: "live", job: ++this.#job, ...take }, [take.port]);
  }

  /** Nothing more is wanted of the present recording. */
  forget() {
    this.#job += 1;
    this.#isRunning = false;
  }

  /** @returns {Promise<void>} */
  #woken() {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #forgetQuestions() {
    for (const forget of this.#questions.values()) forget(null);
    this.#questions.clear();
  }

  /** Stop; what is done comes as notes and stays. */
  cancel() {
    if (this.#isRunning) this.#send({ type: "cancel", job: this.#job });
  }

  /** @param {Options} options */
  redecode(options) {
    this.#send({ type: "redecode", job: this.#job, options });
  }

  /**
   * What lies under the notes from one frame to another; null where it cannot be had.
   * @param {import("../shared/messages.js").UnderlayKind} kind
   * @param {number} fromFrame
   * @param {number} toFrame
   * @param {number} step frames to a column
   * @returns {Promise<UnderlayWindow | null>}
   */
  async underlay(kind, fromFrame, toFrame, step) {
    const id = ++this.#lastId;
    const reply = await this.#ask({ type: "underlay", job: this.#job, id, kind, fromFrame, toFrame, step });
    return reply?.type === "underlay" ? reply.window : null;
  }

  /** Candidates below the present bar; null where they cannot be had. @returns {Promise<NoteColumns | null>} */
  async ghosts() {
    const reply = await this.#ask({ type: "ghosts", job: this.#job, id: ++this.#lastId });
    return reply?.type === "ghosts" ? reply.columns : null;
  }

  /** @param {import("../shared/messages.js").Question} question @returns {Promise<Reply | null>} */
  #ask(question) {
    return new Promise((resolve) => {
      this.#questions.set(question.id, resolve);
      this.#send(question);
    });
  }

  /**
   * Stems as one MIDI file.
   * @param {Options} options the file's; they lay its grid before those of the stems
   * @param {string} title
   * @param {import("../shared/messages.js").Stem[]} parts
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  exportParts(options, title, parts) {
    return new Promise((resolve, reject) => {
      this.#files.push({ resolve, reject });
      this.#send({ type: "exportParts", job: this.#job, options, title, parts });
    });
  }

  /** What the recording can be decoded again from, for `restore`. @returns {Promise<Uint8Array<ArrayBuffer>>} */
  planes() {
    return new Promise((resolve, reject) => {
      this.#planes.push({ resolve, reject });
      this.#send({ type: "planes", job: this.#job });
    });
  }

  /**
   * Give the engine a recording back that it had before; waits until no other is under way.
   * @param {Uint8Array} packed
   * @param {Options} options that its notes were decoded with
   * @returns {Promise<unknown>} rejects where this engine cannot take it over
   */
  restore(packed, options) {
    this.#forgetQuestions();
    return new Promise((resolve, reject) => {
      this.#planes.push({ resolve, reject });
      this.#send({ type: "restore", job: ++this.#job, packed, options }, [packed.buffer]);
    });
  }

  /**
   * @param {FileKind} kind
   * @param {Options} options
   * @param {string} title
   * @param {NoteColumns} notes what the file is to hold
   * @param {Analysis | null} analysis its grid and key
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  exportFile(kind, options, title, notes, analysis) {
    return new Promise((resolve, reject) => {
      this.#files.push({ resolve, reject });
      this.#send({ type: "export", job: this.#job, kind, options, title, notes, analysis });
    });
  }

  /** Put notes in time and in tune. @param {NoteColumns} notes @param {Options} options @returns {Promise<Arranged>} */
  arrange(notes, options) {
    return new Promise((resolve, reject) => {
      this.#arranging.push({ resolve, reject });
      this.#send({ type: "arrange", options, notes });
    });
  }
}
