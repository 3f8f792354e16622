// LiveEvents: what is heard while it is played, as a struct of arrays, the same columns as Python's (linnet/live_events.py).
// Follow and Play both speak so; the roll, the MIDI port and the instrument listen to nothing else.

/**
 * @typedef {object} LiveEvents in the order in which they became known
 * @property {Uint8Array} kind one of ON, OFF, BEND, BACK
 * @property {Int32Array} note which note: a number that is never used again in a take
 * @property {Uint8Array} pitch MIDI pitch
 * @property {Uint8Array} velocity 1-127
 * @property {Float64Array} timeS seconds of the take
 * @property {Float32Array} cents off `pitch`, of a BEND
 */

/** A note begins. */
export const ON = 0;
/** It ends. */
export const OFF = 1;
/** It moves to `cents` off its pitch. */
export const BEND = 2;
/** It was none: whoever shows it removes it, whoever sounds it stops. */
export const BACK = 3;

/** @typedef {{ kind: number, note: number, pitch: number, velocity: number, timeS: number, cents: number }} LiveEvent */

/**
 * The events one by one.
 * @param {LiveEvents} events
 * @returns {Generator<LiveEvent, void>}
 */
export function* eachEvent(events) {
  const { kind, note, pitch, velocity, timeS, cents } = events;
  for (let i = 0; i < kind.length; i++) {
    yield {
      kind: kind[i] ?? 0,
      note: note[i] ?? 0,
      pitch: pitch[i] ?? 0,
      velocity: velocity[i] ?? 0,
      timeS: timeS[i] ?? 0,
      cents: cents[i] ?? 0,
    };
  }
}
