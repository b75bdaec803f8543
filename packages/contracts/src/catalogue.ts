import type { Topic } from "@ts-tars/mqtt/contract";
import { audioFlush, audioMic, audioPlayout, audioSpeaker } from "./audio.ts";
import { configCurrent, configSchema, configSet } from "./config.ts";
import { systemHealth, systemKeepalive } from "./health.ts";
import { intentsCurrent } from "./intents.ts";
import { llmCancel, llmRequest, llmResponse, llmStream, llmToolsRegistry } from "./llm.ts";
import { sttAudioFft, sttFinal, sttPartial, sttRefused } from "./stt.ts";
import { sttPrivacy, sttState } from "./stt-state.ts";
import { ttsControl, ttsSay, ttsStatus } from "./tts.ts";
import * as turn from "./turn.ts";
import { wakeMic } from "./wake.ts";

/** Every topic of the robot. Documents, access lists and the message inspector are made from it. */
export const CATALOGUE: readonly Topic[] = Object.freeze([
  sttFinal,
  sttRefused,
  sttPartial,
  sttAudioFft,
  sttState,
  sttPrivacy,
  intentsCurrent,
  wakeMic,
  ttsSay,
  ttsStatus,
  ttsControl,
  llmRequest,
  llmStream,
  llmResponse,
  llmCancel,
  llmToolsRegistry,
  turn.turnAsk,
  turn.turnSay,
  turn.turnListen,
  turn.turnAnswer,
  turn.turnConfirm.request,
  turn.turnConfirm.reply,
  turn.turnCancel,
  turn.turnCancelled,
  turn.turnState,
  turn.turnRecord,
  turn.turnReport,
  systemHealth,
  systemKeepalive,
  audioMic,
  audioSpeaker,
  audioPlayout,
  audioFlush,
  configSchema,
  configCurrent,
  configSet.request,
  configSet.reply,
]);
