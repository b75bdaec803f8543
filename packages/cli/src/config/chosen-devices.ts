/** Which microphone and loudspeaker the services would use, from the settings. Pure. */
import type { MicrophoneWish, PlayerChoice } from "@ts-tars/audio";
import type { ShownSetting } from "./settings-view.ts";

/** Empty: whatever the machine takes for its own. */
export interface ChosenDevices {
  readonly microphone: MicrophoneWish;
  readonly loudspeaker: PlayerChoice;
}

export function chosenDevices(settings: readonly ShownSetting[]): ChosenDevices {
  const chosen = (prefix: string): MicrophoneWish => {
    const valueAt = (name: string): string | undefined =>
      settings.find(({ variable }) => variable === `${prefix}_${name}`)?.value;
    const [device, command] = [valueAt("DEVICE"), valueAt("COMMAND")];
    return { ...(device !== undefined && { device }), ...(command !== undefined && { command }) };
  };
  return { microphone: chosen("STT"), loudspeaker: chosen("TTS") };
}
