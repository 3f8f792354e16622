// Timed events as the sampled instrument reads them: rows of numbers, so that they cross to the audio thread cheaply.

/** Numbers per event: when (s), kind, note, then what the kind needs. */
export const EVENT_WIDTH = 6;
/** Note on has pitch, velocity, cents; note off and note back have nothing; bend has cents. */
export const NOTE_ON = 0;
export const NOTE_OFF = 1;
export const BEND = 2;
/** It was none: cut short, without the instrument's own release. */
export const NOTE_BACK = 3;
