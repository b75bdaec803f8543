import { defineRequest, defineTopic } from "@ts-tars/mqtt/contract";
import { z } from "zod";
import { CaptureId, DurationMs, Hex32, Reason, SampleIndex, SiteId, siteId, UttId } from "./fields.ts";
import { Grant } from "./grant.ts";

/** Whether an answer is spoken. `auto`: if the site has a working, unmuted loudspeaker. */
export const Speak = z.enum(["auto", "yes", "no"]);
export type Speak = z.output<typeof Speak>;

/** A typed question, or one from a program. */
export const TurnAsk = z.object({
  /** Minted by the asker; asked twice, it is answered once. */
  utt_id: Hex32,
  text: z.string().min(1).max(8_000),
  site_id: siteId,
  speak: Speak.default("auto"),
  origin: z.enum(["typed", "button", "api"]).default("api"),
});
export type TurnAsk = z.output<typeof TurnAsk>;

/** ui, cli, bridges → router. Ends in exactly one final `turn/answer`. */
export const turnAsk = defineTopic({
  name: "turn/ask",
  type: "turn.ask",
  delivery: "command",
  ttlMs: 10_000,
  private: true,
  payload: TurnAsk,
});

/** Words to speak as they are. */
export const TurnSay = z.object({
  utt_id: Hex32,
  text: z.string().min(1).max(8_000),
  site_id: siteId,
  kind: z.literal("announce").default("announce"),
});
export type TurnSay = z.output<typeof TurnSay>;

/** ui, cli, bridges → router. */
export const turnSay = defineTopic({
  name: "turn/say",
  type: "turn.say",
  delivery: "command",
  ttlMs: 15_000,
  private: true,
  payload: TurnSay,
});

/** The talk button: `stop` (released) ends the utterance, `drop` throws it away, `start` alone leaves the end to silence. */
export const TurnListen = z.object({
  site_id: siteId,
  action: z.enum(["start", "stop", "drop"]),
  capture_id: CaptureId.optional(),
  from_sample: SampleIndex.optional(),
  to_sample: SampleIndex.optional(),
  /** With `start`: whether the answer is spoken, as in `turn/ask`; absent: `auto`. */
  speak: Speak.optional(),
  /** With `start`: the id of the turn, for who wants to know its answer from others at the site; absent: router mints one. */
  utt_id: Hex32.optional(),
});
export type TurnListen = z.output<typeof TurnListen>;

/** ui, cli, button → router. */
export const turnListen = defineTopic({
  name: "turn/listen",
  type: "turn.listen",
  delivery: "command",
  ttlMs: 5_000,
  priority: "high",
  payload: TurnListen,
});

/** Where an answer came from. */
export const AnswerPath = z.enum(["intent", "llm", "tool", "offline", "error", "cancelled"]);
export type AnswerPath = z.output<typeof AnswerPath>;

/** Not final: the next sentence. Final: the whole text. A failure also has the envelope's `error`. */
export const TurnAnswer = z.object({
  utt_id: UttId,
  /** 0 for the first answer of the turn; grows by one. */
  seq: z.number().int().nonnegative(),
  text: z.string(),
  path: AnswerPath,
  final: z.boolean(),
  /** Why, when the path is `error` or `cancelled`. */
  reason: Reason.optional(),
  /**
   * With `final`: the intent that the question was understood as. Its slots hold what the words mean: a number in digits, a duration
   * in seconds (`"300"`), the name of a list's value; the speaker's own words where the slot is free text.
   */
  intent: z.string().min(1).max(64).optional(),
  slots: z.record(z.string(), z.string()).optional(),
  site_id: siteId,
});
export type TurnAnswer = z.output<typeof TurnAnswer>;

/** router → ui, cli. */
export const turnAnswer = defineTopic({
  name: "turn/answer",
  type: "turn.answer",
  delivery: "event",
  ttlMs: 60_000,
  private: true,
  key: (data) => data.utt_id,
  payload: TurnAnswer,
});

/** A motion a model asks for and a person has to allow. */
export const ProposedMotion = z.object({
  command: z.string().min(1).max(64),
  params: z.record(z.string(), z.unknown()).default({}),
});
export type ProposedMotion = z.output<typeof ProposedMotion>;

/** A question to the user, on behalf of a model that wants to move. */
export const TurnConfirm = z.object({ utt_id: UttId, question: z.string().min(1).max(500), command: ProposedMotion });
export type TurnConfirm = z.output<typeof TurnConfirm>;

/** Whether the user is being asked; not what they answer. */
export const TurnConfirmReply = z.object({
  utt_id: UttId,
  result: z.enum(["asked", "refused"]),
  reason: Reason.optional(),
});
export type TurnConfirmReply = z.output<typeof TurnConfirmReply>;

/** llm-worker → router, answered at once. */
export const turnConfirm = defineRequest({
  name: "turn/confirm",
  type: "turn.confirm",
  payload: TurnConfirm,
  replyName: "turn/confirm/reply",
  replyType: "turn.confirm.reply",
  replyPayload: TurnConfirmReply,
  private: true,
  keepNull: ["command.params"],
});

/** Ends a turn: its stream, its speech, its motion. With `site_id` ("*" is all) it is for router only. */
export const TurnCancel = z
  .object({
    utt_id: UttId.optional(),
    site_id: z.union([SiteId, z.literal("*")]).optional(),
    reason: Reason.min(1),
  })
  .refine((cancel) => (cancel.utt_id === undefined) !== (cancel.site_id === undefined), {
    message: "must name exactly one of utt_id and site_id",
  });
export type TurnCancel = z.output<typeof TurnCancel>;

/** router, ui, cli → router, llm, tts, movement, stt, camera. May overtake what it cancels. */
export const turnCancel = defineTopic({
  name: "turn/cancel",
  type: "turn.cancel",
  delivery: "command",
  ttlMs: 5_000,
  priority: "high",
  payload: TurnCancel,
});

/** A worker's acknowledgement of a cancel, also when it had nothing to end. */
export const TurnCancelled = z.object({
  utt_id: UttId,
  service: z.string().min(1).max(64),
  /** There was something to end. */
  active: z.boolean(),
  took_ms: DurationMs,
});
export type TurnCancelled = z.output<typeof TurnCancelled>;

/** Each worker → router. */
export const turnCancelled = defineTopic({
  name: "turn/cancelled",
  type: "turn.cancelled",
  delivery: "event",
  ttlMs: 5_000,
  payload: TurnCancelled,
});

/** The states of a conversation: see 04. */
export const ConversationKind = z.enum(["asleep", "listening", "thinking", "speaking", "paused", "followup", "alarm"]);
export type ConversationKind = z.output<typeof ConversationKind>;

/** The conversation of one site, at every transition. */
export const TurnState = z.object({
  /** Of the router's process; of another boot the state is stale. */
  boot: Hex32,
  site_id: siteId,
  state: ConversationKind,
  /** The running turn; in `followup` the last one. */
  utt_id: UttId.optional(),
  /** Turns that have not had their final answer, here or beside the conversation; a listening one included. */
  asks: z.array(UttId).max(32).default([]),
  grant: Grant.default("armed"),
  /** In `followup`: the kind of answer our own question wants. */
  expects: z.enum(["anything", "yes_no"]).optional(),
  /** What led here: `wake`, `no_speech`, `deadline`, `stuck` … */
  reason: Reason.optional(),
  /** How long this state lasts at most, counted from this message. */
  deadline_ms: DurationMs.optional(),
  /** Follow-up without a deadline. */
  live: z.boolean().default(false),
  privacy: z.boolean().default(false),
  /** Names of the timers that ring, in `alarm`. */
  timers: z.array(z.string().max(200)).optional(),
});
export type TurnState = z.output<typeof TurnState>;

/** router → all. */
export const turnState = defineTopic({
  name: "turn/state/{site}",
  type: "turn.state",
  delivery: "state",
  payload: TurnState,
});

/** What was said, and what was really heard of the answer. */
export const TurnRecord = z.object({
  utt_id: UttId,
  user: z.string(),
  /** Up to the spoken position; what was shown instead when nothing was spoken. */
  heard: z.string(),
  interrupted: z.boolean(),
  site_id: siteId,
});
export type TurnRecord = z.output<typeof TurnRecord>;

/** router → memory-worker, the only thing it stores. */
export const turnRecord = defineTopic({
  name: "turn/record",
  type: "turn.record",
  delivery: "event",
  // A conversation is worth remembering however late it arrives.
  ttlMs: "none",
  private: true,
  payload: TurnRecord,
});

/** One point of a turn, in ms after it began, on router's monotonic clock. */
export const TurnStage = z.object({
  stage: z.string().regex(/^[a-z_]{1,64}$/, "must be a word in lower case"),
  at_ms: DurationMs,
  /** What the service that did it measured on its own clock. */
  took_ms: DurationMs.optional(),
});
export type TurnStage = z.output<typeof TurnStage>;

/** Where the time of a turn went, and how it ended. */
export const TurnReport = z.object({
  utt_id: UttId,
  site_id: siteId,
  origin: z.enum(["wake", "button", "followup", "typed", "api", "timer", "say"]),
  path: AnswerPath.optional(),
  outcome: z.enum(["answered", "cancelled", "failed", "no_speech", "stuck", "router_restart"]),
  /** The cause, when it was not answered. */
  reason: Reason.optional(),
  total_ms: DurationMs,
  stages: z.array(TurnStage),
  /** Services that did not acknowledge a cancel within 500 ms. */
  missing: z.array(z.string()).default([]),
  /** `doubtful`: a service's own figures differ from router's arrival times by more than 50 ms. */
  clock: z.enum(["agreed", "doubtful"]).default("agreed"),
});
export type TurnReport = z.output<typeof TurnReport>;

/** router → ui, metrics. */
export const turnReport = defineTopic({
  name: "turn/report",
  type: "turn.report",
  delivery: "event",
  ttlMs: 60_000,
  payload: TurnReport,
});
