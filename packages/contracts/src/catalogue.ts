import type { Topic } from "@ts-tars/mqtt/contract";
import { systemHealth, systemKeepalive } from "./health.ts";
import { llmCancel, llmRequest, llmResponse, llmStream, llmToolsRegistry } from "./llm.ts";
import { sttFinal, sttRefused } from "./stt.ts";
import { ttsControl, ttsSay, ttsStatus } from "./tts.ts";
import * as turn from "./turn.ts";

/** Every topic of the robot. Documents, access lists and the message inspector are made from it. */
export const CATALOGUE: readonly Topic[] = Object.freeze([
  sttFinal,
  sttRefused,
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
]);
