import { t } from "../translate.js";

/** A recording that cannot be read: the message says what happened; the page adds what is kept and what to do. */
export class BadRecording extends Error {
  /**
   * @param {string} message
   * @param {string} [advice] what to do about it
   */
  constructor(message, advice = t("Choose another file, or convert this one to WAV or FLAC.")) {
    super(message);
    this.advice = advice;
  }
}
