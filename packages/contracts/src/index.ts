export * from "./catalogue.ts";
export { CaptureId, DurationMs, EpochSec, Hex32, Reason, SampleIndex, SiteId, UttId } from "./fields.ts";
export * from "./health.ts";
export * from "./llm.ts";
export * from "./stt.ts";
export * from "./tts.ts";
export * from "./turn.ts";
