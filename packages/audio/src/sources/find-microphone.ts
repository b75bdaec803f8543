import { AudioSourceError } from "../errors.ts";
import { chooseRecording } from "./choose-recording.ts";
import { gatherFacts } from "./recording-facts.ts";

/** Which microphone is meant. */
export interface MicrophoneWish {
  readonly device?: string;
  readonly command?: string;
}

/**
 * What the source `device` would record from, in words; nothing is opened.
 *
 * @throws {AudioSourceError} when there is nothing, with the remedy.
 */
export async function findMicrophone({ device, command }: MicrophoneWish, signal: AbortSignal): Promise<string> {
  const facts = await gatherFacts({ signal, env: {}, root: "/" });
  const choice = chooseRecording(facts, { device, command });
  if (choice.kind === "none") throw new AudioSourceError(choice.message, choice.trouble);
  return choice.ways[0].label;
}
