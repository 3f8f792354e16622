// The pictures under the notes, in tiles: each holds a fixed number of columns, its columns a power of two of frames, so that
// panning and zooming reuse what is there. A tile that is not there yet is asked for, and coarser or finer ones stand in.
import { imageOf } from "./underlay-image.js";

/** @typedef {import("../../shared/messages.js").UnderlayKind} UnderlayKind */
/** @typedef {import("../../shared/messages.js").UnderlayWindow} UnderlayWindow */
/** @typedef {import("../views/roll-view.js").RollView} RollView */

const TILE_COLUMNS = 256;
const LEAST_STEP = 2;
const MOST_TILES = 40; // about 12 MB
const MOST_UNDER_WAY = 2;
const OVER = Number.POSITIVE_INFINITY; // for a tile that was asked for when all frames were there
const COLUMN_PX = 1.5; // a column is no narrower than this where a finer step would do it

/**
 * @typedef {object} Tile
 * @property {number} step frames to a column
 * @property {number} fromFrame
 * @property {ImageBitmap | null} image null while it is on its way
 * @property {number} columns filled
 * @property {number} rows
 * @property {number} perSemitone
 * @property {boolean} isAsked
 * @property {number} askedAtFrame how far the recording was when it was asked for
 * @property {number} usedAt
 */

export class UnderlayTiles {
  /** @type {Map<string, Tile>} */
  #tiles = new Map();
  #underWay = 0;
  #turn = 0;
  #uses = 0;
  /** @type {UnderlayKind} */
  kind = "transform";
  framesPerS = 0;
  lowestPitch = 0;
  /** Where the engine's first frame lies in the recording. */
  startS = 0;
  /** Frames that there are by now. */
  frames = 0;
  /** All that was in sight when it was last painted was there. */
  isShown = false;
  /** The engine can be asked for this recording's. */
  hasSource = false;
  /** No more frames come. */
  isOver = false;
  colour = "#808080";

  /**
   * @param {(kind: UnderlayKind, fromFrame: number, toFrame: number, step: number) => Promise<UnderlayWindow | null>} ask
   * @param {() => void} arrived a picture is there
   */
  constructor(ask, arrived) {
    this.ask = ask;
    this.arrived = arrived;
  }

  /** Forget all pictures: another recording, kind or colour. */
  clear() {
    this.#turn += 1;
    for (const tile of this.#tiles.values()) tile.image?.close();
    this.#tiles.clear();
  }

  /** What was asked for and did not come is asked for once more. */
  askAgain() {
    for (const tile of this.#tiles.values()) if (!tile.image) tile.askedAtFrame = Number.NEGATIVE_INFINITY;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {RollView} view
   * @param {{ left: number, top: number, lane: number }} origin x of time 0, y of the lowest pitch's middle, lane's height
   */
  paint(context, view, { left, top, lane }) {
    if (this.framesPerS === 0 || this.frames === 0) return;
    const framePx = view.pxPerS / this.framesPerS;
    let step = LEAST_STEP;
    while (step * framePx < COLUMN_PX) step *= 2;
    const zero = left + this.startS * view.pxPerS;
    const first = Math.max(0, Math.floor(-zero / framePx));
    const last = Math.min(this.frames, Math.ceil((view.width - zero) / framePx));
    const wanted = this.#wanted(step, first, last);
    /** @param {number} frame */
    const x = (frame) => Math.round(zero + (frame - 0.5) * framePx);
    const draw = (/** @type {Tile} */ tile) => {
      if (!tile.image) return;
      const [from, end] = [x(tile.fromFrame), x(tile.fromFrame + tile.columns * tile.step)];
      const height = (tile.rows / tile.perSemitone) * lane;
      const bottom = top + lane / tile.perSemitone / 2;
      context.drawImage(tile.image, from, bottom - height, end - from, height);
      tile.usedAt = ++this.#uses;
    };
    for (const tile of wanted) {
      if (tile.image) {
        draw(tile);
        continue;
      }
      const [from, end] = [x(tile.fromFrame), x(tile.fromFrame + tile.step * TILE_COLUMNS)];
      context.save();
      context.beginPath();
      context.rect(from, 0, end - from, view.height);
      context.clip();
      for (const other of this.#standIns(tile)) draw(other);
      context.restore();
    }
    this.isShown = wanted.length > 0 && wanted.every((tile) => tile.image || tile.askedAtFrame === OVER);
    this.#askFor(wanted);
    this.#forgetOldest();
  }

  /** @param {number} step @param {number} first @param {number} last frames */
  #wanted(step, first, last) {
    const span = step * TILE_COLUMNS;
    const wanted = [];
    for (let fromFrame = Math.floor(first / span) * span; fromFrame < last; fromFrame += span) {
      const key = `${step} ${fromFrame}`;
      let tile = this.#tiles.get(key);
      if (!tile) {
        tile = { step, fromFrame, image: null, columns: 0, rows: 1, perSemitone: 1, ...NEVER_ASKED };
        this.#tiles.set(key, tile);
      }
      tile.usedAt = ++this.#uses;
      wanted.push(tile);
    }
    return wanted;
  }

  /**
   * What is seen while a tile is on its way: those of the next coarser step, or of the next finer one. Never of several:
   * pictures are clear in part, and two over one another would be too strong.
   * @param {Tile} tile
   */
  #standIns(tile) {
    const end = tile.fromFrame + tile.step * TILE_COLUMNS;
    const others = [...this.#tiles.values()].filter(
      (other) => other.image && other.fromFrame < end && other.fromFrame + other.columns * other.step > tile.fromFrame,
    );
    const coarser = others.filter((other) => other.step > tile.step).map((other) => other.step);
    const step = coarser.length > 0 ? Math.min(...coarser) : Math.max(...others.map((other) => other.step));
    return others.filter((other) => other.step === step);
  }

  /** @param {Tile[]} wanted */
  #askFor(wanted) {
    if (!this.hasSource) return;
    for (const tile of wanted) {
      const hasMore = this.isOver ? tile.askedAtFrame !== OVER : this.frames >= tile.askedAtFrame + 8 * tile.step;
      const isShort = tile.columns < TILE_COLUMNS && hasMore;
      if (this.#underWay >= MOST_UNDER_WAY || tile.isAsked || !isShort) continue;
      this.#fetch(tile);
    }
  }

  /** @param {Tile} tile */
  async #fetch(tile) {
    const { kind, colour } = this;
    const turn = this.#turn;
    this.#underWay += 1;
    tile.isAsked = true;
    tile.askedAtFrame = this.isOver ? OVER : this.frames;
    try {
      const found = await this.ask(kind, tile.fromFrame, tile.fromFrame + tile.step * TILE_COLUMNS, tile.step);
      if (!found || found.columns === 0 || turn !== this.#turn) return;
      const image = await createImageBitmap(imageOf(kind, found, colour));
      if (turn !== this.#turn) return image.close();
      tile.image?.close();
      const { columns, rows, perSemitone } = found;
      Object.assign(tile, { image, columns, rows, perSemitone });
    } finally {
      tile.isAsked = false;
      this.#underWay -= 1;
      this.arrived();
    }
  }

  #forgetOldest() {
    if (this.#tiles.size <= MOST_TILES) return;
    const oldest = [...this.#tiles].sort(([, a], [, b]) => a.usedAt - b.usedAt);
    for (const [key, tile] of oldest.slice(0, this.#tiles.size - MOST_TILES)) {
      if (tile.isAsked) continue;
      tile.image?.close();
      this.#tiles.delete(key);
    }
  }
}

const NEVER_ASKED = { isAsked: false, askedAtFrame: Number.NEGATIVE_INFINITY, usedAt: 0 };
