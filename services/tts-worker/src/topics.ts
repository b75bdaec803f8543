import {
  audioFlush,
  audioPlayout,
  audioSpeaker,
  systemHealth,
  ttsControl,
  ttsSay,
  ttsStatus,
  turnCancel,
  turnCancelled,
} from "@ts-tars/contracts";
import type { ServiceTopics } from "@ts-tars/service";

/** What the tts-worker says and hears. */
export const ttsWorkerTopics: ServiceTopics = {
  publishes: [ttsStatus, turnCancelled, audioSpeaker, audioFlush],
  subscribes: [ttsSay, ttsControl, turnCancel, audioPlayout, systemHealth.at({ service: "router" })],
};
