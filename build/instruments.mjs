// Cuts a General MIDI soundfont into one small soundfont per program, its samples as they are packed.
// usage: node build/instruments.mjs SOUNDFONT FOLDER
import { readFile, writeFile } from "node:fs/promises";
import { BasicSoundBank, SoundBankLoader } from "spessasynth_core";

const PROGRAMS = 128;
const [source, folder] = process.argv.slice(2);
if (!source || !folder) throw new Error("usage: node build/instruments.mjs SOUNDFONT FOLDER");

const { buffer } = new Uint8Array(await readFile(source));
const bank = SoundBankLoader.fromArrayBuffer(buffer);
for (let program = 0; program < PROGRAMS; program++) {
  const preset = bank.presets.find((each) => each.program === program && each.bankMSB === 0 && !each.isAnyDrums);
  if (!preset) throw new Error(`the soundfont has no program ${program}`);
  const one = new BasicSoundBank();
  one.soundBankInfo = { ...bank.soundBankInfo, name: preset.name }; // author, copyright and date stay
  one.addCompletePresets([preset]);
  await writeFile(`${folder}/${String(program).padStart(3, "0")}.sf3`, new Uint8Array(one.writeSF2()));
}
