import type { Canary } from "../canary.ts";
import { loopHearingBreaks } from "./loop-hearing.ts";
import { loopSoundBreaks } from "./loop-sound.ts";
import { loopSpeakingBreaks } from "./loop-speaking.ts";
import { loopTalkingBreaks } from "./loop-talking.ts";

/** The named faults of the voice loop, in the order in which sound travels: `npm run mutants`. */
export const loopBreaks: readonly Canary[] = [
  ...loopSoundBreaks,
  ...loopHearingBreaks,
  ...loopSpeakingBreaks,
  ...loopTalkingBreaks,
];
