// What the audio thread has and the type library lacks, and the module that the build puts in place.
declare module "*/spessasynth_core.js" {
  export * from "spessasynth_core";
}
declare const sampleRate: number;
declare const currentTime: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean;
}
declare function registerProcessor(name: string, processor: new (options: any) => AudioWorkletProcessor): void;
declare const currentFrame: number;
