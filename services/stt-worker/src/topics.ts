import {
  audioMic,
  intentsCurrent,
  sttAudioFft,
  sttFinal,
  sttPartial,
  sttPrivacy,
  sttRefused,
  sttState,
  systemHealth,
  ttsStatus,
  turnCancel,
  turnCancelled,
  wakeMic,
} from "@ts-tars/contracts";
import type { ServiceTopics } from "@ts-tars/service";

/** What the stt-worker says and hears. */
export const sttWorkerTopics: ServiceTopics = {
  publishes: [sttFinal, sttRefused, sttPartial, sttAudioFft, sttState, turnCancelled],
  subscribes: [
    wakeMic,
    sttPrivacy,
    intentsCurrent,
    ttsStatus,
    turnCancel,
    audioMic,
    systemHealth.at({ service: "router" }),
  ],
};
