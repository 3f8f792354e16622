// What a player needs to see while a take is recorded: level, clipping, delay, and the way to silence.
import { t } from "../translate.js";
import { element } from "./element.js";

const FLOOR_DB = -60;
const HOLD_MS = 1500; // of the clip light
const FALL_PER_S = 1.2; // of the meter, in its own length
const LATE_S = 1; // from here on the engine's lag is said

export class LiveCard {
  #shown = 0;
  #shownMs = 0;
  #clippedMs = 0;

  /** @param {HTMLElement} card @param {{ silence(): void }} hands */
  constructor(card, hands) {
    this.card = card;
    this.level = element("span", { className: "live-level" });
    this.meter = element("span", { className: "live-meter" }, [this.level]);
    this.meter.setAttribute("role", "meter");
    this.meter.setAttribute("aria-label", t("Input level"));
    this.meter.setAttribute("aria-valuemin", String(FLOOR_DB));
    this.meter.setAttribute("aria-valuemax", "0");
    this.clip = element("span", { className: "live-clip", textContent: t("Clipped"), hidden: true });
    this.facts = element("span", { className: "quiet figures" });
    this.silence = element("button", {
      type: "button",
      className: "small",
      textContent: t("Silence"),
      id: "live-silence",
    });
    this.silence.title = t("Switch off every note in the MIDI port and the instrument");
    this.silence.addEventListener("click", () => hands.silence());
    this.hint = element("p", { className: "quiet", id: "live-hint" });
    card.append(this.meter, this.clip, this.facts, this.silence, this.hint);
  }

  /** @param {boolean} isShown @param {string} hint @param {boolean} canSound something may have to be silenced */
  show(isShown, hint = "", canSound = false) {
    this.card.hidden = !isShown;
    this.hint.textContent = hint;
    this.hint.hidden = hint === "";
    this.silence.hidden = !canSound;
    this.#shown = 0;
    this.#clippedMs = 0;
    this.clip.hidden = true;
    this.facts.textContent = "";
  }

  /** @param {number} peak @param {boolean} isClipped */
  hear(peak, isClipped) {
    const now = performance.now();
    const db = 20 * Math.log10(Math.max(peak, 1e-6));
    const height = Math.max(0, 1 - db / FLOOR_DB);
    this.#shown = Math.max(height, this.#shown - (FALL_PER_S * (now - this.#shownMs)) / 1000);
    this.#shownMs = now;
    this.level.style.clipPath = `inset(0 ${(100 - 100 * this.#shown).toFixed(1)}% 0 0)`;
    this.meter.setAttribute("aria-valuenow", String(Math.round(Math.max(FLOOR_DB, db))));
    if (isClipped) this.#clippedMs = now;
    this.clip.hidden = this.#clippedMs === 0 || now - this.#clippedMs > HOLD_MS;
  }

  /** @param {string} mode in words @param {number | null} delayMs @param {number} behindS */
  tell(mode, delayMs, behindS) {
    const late = delayMs === null ? "" : t("{ms} ms late", { ms: Math.round(delayMs / 5) * 5 });
    const lag = behindS > LATE_S ? t("the machine is {s} s behind; nothing is lost", { s: behindS.toFixed(1) }) : "";
    this.facts.textContent = [mode, late, lag].filter(Boolean).join(" · ");
  }
}
