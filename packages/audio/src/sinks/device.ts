import type { AudioSink } from "../audio-sink.ts";
import { DeviceSpeaker } from "./device-speaker.ts";
import { findPlayer } from "./find-player.ts";
import { PacedSink, type SinkOptions } from "./paced-sink.ts";
import { type PlayerChoice, playersFor } from "./players.ts";

/** Which loudspeaker, and what the players need to reach it. */
export interface DeviceOptions extends PlayerChoice {
  /** Added to this process's own environment for the players. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The name of the player that works here: it opened the loudspeaker, and made no sound.
 *
 * @throws {AudioSinkError} which says of each player what is the matter, and what helps.
 */
export async function findDevicePlayer({ env, ...choice }: DeviceOptions): Promise<string> {
  return (await findPlayer(playersFor(choice), env)).name;
}

/**
 * This machine's loudspeaker, through the player that works: `pacat` (PulseAudio, PipeWire), `aplay`, `ffplay`, or a command
 * line of one's own. Which one is found out with the first sentence, and again after each failure.
 */
export function openDeviceSink({ clock, tap, env, ...choice }: DeviceOptions & SinkOptions): AudioSink {
  const speaker = new DeviceSpeaker({ clock, find: () => findPlayer(playersFor(choice), env), env });
  return new PacedSink(speaker, { clock, tap });
}
