// What a player needs to see while a take is recorded: how long, how loud, how late, and the way to stop and to silence.
import { t } from "../translate.js";
import { element } from "./element.js";

const FLOOR_DB = -60;
const HOLD_MS = 3000; // of the clip light and of its advice
const FALL_PER_S = 1.2; // of the meter, in its own length
const PEAK_HOLD_MS = 1200;
const LATE_S = 1; // from here on the engine's lag is said
const BY_DESIGN_MS = { follow: 190, play: 50 }; // see Latency in ARCHITECTURE.md; the device comes on top

export class LiveCard {
  #shown = 0;
  #shownMs = 0;
  #peak = 0;
  #peakMs = 0;
  #clippedMs = 0;
  #hint = "";
  #lag = "";
  #trouble = ""; // the kind that was said last

  /** @param {HTMLElement} card @param {{ silence(): void, say(words: string): void }} hands */
  constructor(card, hands) {
    this.card = card;
    this.hands = hands;
    this.time = element("span", { className: "live-time figures", id: "live-time" });
    this.now = element("p", { className: "live-now" }, [element("span", { className: "live-dot" }), this.time]);
    this.level = element("span", { className: "live-level" });
    this.peak = element("span", { className: "live-peak" });
    this.meter = element("span", { className: "live-meter" }, [this.level, this.peak]);
    this.meter.setAttribute("role", "meter");
    this.meter.setAttribute("aria-label", t("Input level"));
    this.meter.setAttribute("aria-valuemin", String(FLOOR_DB));
    this.meter.setAttribute("aria-valuemax", "0");
    this.clip = element("span", { className: "live-clip" });
    this.mode = element("strong");
    this.delay = element("span", { className: "quiet figures" });
    this.silence = element("button", { type: "button", textContent: t("Silence"), id: "live-silence" });
    this.silence.title = t("Switch off every note in the MIDI port and the instrument");
    this.silence.addEventListener("click", () => hands.silence());
    this.stop = element("span", { className: "live-stop" });
    this.hint = element("p", { className: "quiet", id: "live-hint" });
    card.append(
      this.now,
      element("div", { className: "live-input" }, [this.meter, this.clip]),
      element("p", { className: "live-mode" }, [this.mode, this.delay]),
      this.hint,
      element("span", { className: "live-verbs" }, [this.silence, this.stop]),
    );
  }

  /**
   * @param {import("../../shared/messages.js").LiveMode} mode
   * @param {string} hint
   * @param {boolean} canSound something may have to be silenced
   */
  show(mode, hint = "", canSound = false) {
    this.card.hidden = false;
    this.card.classList.add("is-counting");
    this.mode.textContent = mode === "follow" ? t("Follow") : t("Play");
    this.silence.hidden = !canSound;
    this.time.textContent = "";
    [this.#hint, this.#lag, this.#trouble] = [hint, "", ""];
    [this.#shown, this.#peak, this.#clippedMs] = [0, 0, 0];
    this.tell(mode, null);
    this.hear(0, false);
  }

  hide() {
    this.card.hidden = true;
  }

  /** How far the take is, or how many beats are counted before it begins. @param {string} words @param {boolean} isCounting */
  count(words, isCounting) {
    this.time.textContent = words;
    this.card.classList.toggle("is-counting", isCounting);
  }

  /** @param {number} peak @param {boolean} isClipped */
  hear(peak, isClipped) {
    const now = performance.now();
    const db = 20 * Math.log10(Math.max(peak, 1e-6));
    const height = Math.max(0, 1 - db / FLOOR_DB);
    this.#shown = Math.max(height, this.#shown - (FALL_PER_S * (now - this.#shownMs)) / 1000);
    this.#shownMs = now;
    if (height >= this.#peak || now - this.#peakMs > PEAK_HOLD_MS) [this.#peak, this.#peakMs] = [height, now];
    this.level.style.clipPath = `inset(0 ${(100 - 100 * this.#shown).toFixed(1)}% 0 0)`;
    this.peak.style.insetInlineStart = `${(100 * this.#peak).toFixed(1)}%`;
    this.peak.hidden = this.#peak === 0;
    const shownDb = Math.round(Math.max(FLOOR_DB, db));
    this.meter.setAttribute("aria-valuenow", String(shownDb));
    this.meter.setAttribute("aria-valuetext", `${shownDb} dB`);
    if (isClipped) this.#clippedMs = now;
    const isOn = this.#clippedMs > 0 && now - this.#clippedMs < HOLD_MS;
    this.clip.classList.toggle("is-on", isOn);
    put(this.clip, isOn ? t("Clipped") : "");
    const advice = isOn ? t("Too loud: turn the input down. What is clipped stays distorted in the take.") : "";
    const standing = [this.#lag, this.#hint].filter(Boolean).join(" ") || t("All you play is kept, as it sounds.");
    put(this.hint, advice || standing);
    this.#say(advice ? "clipped" : this.#lag.replace(/[\d.]+/g, ""), advice || this.#lag);
    this.hint.classList.toggle("is-warning", advice !== "");
  }

  /** For the ear, once as it comes, however its figures change. @param {string} trouble @param {string} words */
  #say(trouble, words) {
    if (trouble !== this.#trouble && words) this.hands.say(words);
    this.#trouble = trouble;
  }

  /** @param {import("../../shared/messages.js").LiveMode} mode @param {import("../live/live-clock.js").LiveClock | null} clock */
  tell(mode, clock) {
    const { delayMs, behindS, lostS, isFollowed } = clock ?? { delayMs: null, behindS: 0, lostS: 0, isFollowed: false };
    const design = t("{ms} ms by design", { ms: BY_DESIGN_MS[mode] });
    put(
      this.delay,
      delayMs === null ? design : `${t("{ms} ms late", { ms: Math.round(delayMs / 5) * 5 })} · ${design}`,
    );
    const isLate = isFollowed && behindS > LATE_S;
    const lag = isLate ? t("The machine is {s} s behind; nothing is lost.", { s: behindS.toFixed(1) }) : "";
    const gap = lostS > 0 ? t("About {s} s of sound never came; this machine is busy.", { s: lostS.toFixed(1) }) : "";
    this.#lag = gap || lag;
  }
}

/** Write only what is new: it is asked for at each piece of sound. @param {HTMLElement} place @param {string} words */
function put(place, words) {
  if (place.textContent !== words) place.textContent = words;
}
