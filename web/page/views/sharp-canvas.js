/**
 * Keeps a canvas at the device's own resolution and repaints it at most once per frame.
 */
export class SharpCanvas {
  #asked = false;
  width = 1;
  height = 1;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {(context: CanvasRenderingContext2D) => void} paint in CSS pixels
   * @param {() => void} [resized]
   * @param {boolean} [isClear] what lies beneath is seen where nothing is painted
   */
  constructor(canvas, paint, resized, isClear = false) {
    const context = canvas.getContext("2d", { alpha: isClear });
    if (!context) throw new Error("this browser gives no 2D canvas");
    this.canvas = canvas;
    this.context = context;
    this.paint = paint;
    this.isClear = isClear;
    new ResizeObserver(() => {
      const { width, height } = canvas.getBoundingClientRect();
      const ratio = window.devicePixelRatio || 1;
      canvas.width = Math.max(1, Math.round(width * ratio));
      canvas.height = Math.max(1, Math.round(height * ratio));
      [this.width, this.height] = [Math.max(1, width), Math.max(1, height)];
      resized?.();
      this.#paintNow(); // at once: a resized canvas is blank
    }).observe(canvas);
  }

  #paintNow() {
    this.#asked = false;
    const scale = this.canvas.width / this.width;
    this.context.setTransform(scale, 0, 0, scale, 0, 0);
    if (this.isClear) this.context.clearRect(0, 0, this.width, this.height);
    this.paint(this.context);
  }

  /** Ask for a repaint. */
  touch() {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => this.#asked && this.#paintNow());
  }
}
