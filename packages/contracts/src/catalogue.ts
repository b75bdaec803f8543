import type { Topic } from "@ts-tars/mqtt/contract";
import { audioFlush, audioMic, audioPlayout, audioSpeaker } from "./audio.ts";
import { cameraCapture, cameraFrame, cameraStatus } from "./camera.ts";
import { characterGet, characterUpdate, systemCharacterCurrent } from "./character.ts";
import { configCurrent, configSchema, configSet } from "./config.ts";
import { deadLetter } from "./dead.ts";
import { systemHealth, systemKeepalive } from "./health.ts";
import { intentsCurrent } from "./intents.ts";
import { llmCancel, llmRequest, llmResponse, llmStream } from "./llm.ts";
import { memoryForget, memoryQuery, memoryStats } from "./memory.ts";
import {
  movementBeat,
  movementFrame,
  movementRelease,
  movementState,
  movementStatus,
  movementStop,
} from "./movement.ts";
import { movementCommand, movementTest } from "./movement-command.ts";
import { sttAudioFft, sttFinal, sttPartial, sttRefused } from "./stt.ts";
import { sttPrivacy, sttState } from "./stt-state.ts";
import { llmToolsCall, llmToolsRegistry } from "./tools.ts";
import { ttsControl, ttsSay, ttsStatus } from "./tts.ts";
import * as turn from "./turn.ts";
import { wakeMic } from "./wake.ts";
import { wakeEvent } from "./wake-event.ts";

/** Every topic of the robot. Documents, access lists and the message inspector are made from it. */
export const CATALOGUE: readonly Topic[] = Object.freeze([
  sttFinal,
  sttRefused,
  sttPartial,
  sttAudioFft,
  sttState,
  sttPrivacy,
  intentsCurrent,
  wakeEvent,
  wakeMic,
  ttsSay,
  ttsStatus,
  ttsControl,
  llmRequest,
  llmStream,
  llmResponse,
  llmCancel,
  llmToolsRegistry,
  llmToolsCall.request,
  llmToolsCall.reply,
  memoryQuery.request,
  memoryQuery.reply,
  memoryForget.request,
  memoryForget.reply,
  memoryStats.request,
  memoryStats.reply,
  characterGet.request,
  characterGet.reply,
  characterUpdate,
  systemCharacterCurrent,
  cameraCapture.request,
  cameraCapture.reply,
  cameraFrame,
  cameraStatus,
  movementCommand,
  movementFrame,
  movementState,
  movementTest,
  movementStop,
  movementBeat,
  movementRelease,
  movementStatus,
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
  deadLetter,
]);
