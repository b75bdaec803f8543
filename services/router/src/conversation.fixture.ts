import { dueAtMs, step } from "./conversation.ts";
import { type Conversation, type ConversationEvent, openConversation } from "./conversation-state.ts";
import type { Hearing, Part, Peers } from "./peers.ts";
import { ASK_MODEL, type Plan } from "./plans.ts";
import { DEFAULT_RULES as RULES } from "./rules.ts";
import type { SpeechNews } from "./speech.ts";
import type { Effect } from "./turn.ts";

export const UP: Peers = {
  ...{ model: "up", models: ["llm-worker"], loudspeaker: "up", ears: "up" },
  hearing: { activity: "idle", isPrivate: false },
  volumeRatio: undefined,
};
type Happening = ConversationEvent extends infer Each
  ? Each extends unknown
    ? Omit<Each, "atMs" | "newUttId">
    : never
  : never;

/** One site, played through by hand: events in, effects out, on a clock that the test moves. */
export class Play {
  conversation: Conversation;
  nowMs = 0;
  /** How often the talk button was pressed. */
  listenedCount = 0;
  /** How much happened; the n-th event may begin the turn `n{n}`. */
  happenedCount = 0;
  readonly effects: Effect[] = [];

  constructor(peers: Partial<Peers> = {}) {
    this.conversation = openConversation({ ...UP, ...peers });
  }

  /** Lets something happen and returns what had to be done for it. */
  happen(happening: Happening): readonly Effect[] {
    this.happenedCount += 1;
    const given = { atMs: this.nowMs, newUttId: `n${this.happenedCount}` };
    const event = { ...happening, ...given } as ConversationEvent; // the union, distributed over Omit and back
    const [next, effects] = step(this.conversation, event, RULES);
    this.conversation = next;
    this.effects.push(...effects);
    return effects;
  }

  /** Moves the clock to the next deadline and reaches it. */
  reachDeadline(): readonly Effect[] {
    const due = dueAtMs(this.conversation, RULES);
    if (due === undefined) throw new Error("Nothing is awaited.");
    // One that has passed already is reached now.
    this.nowMs = Math.max(this.nowMs, due);
    return this.happen({ type: "time_passed" });
  }

  ask(
    uttId: string,
    options: { text?: string; speak?: "auto" | "yes" | "no"; localAnswer?: string } = {},
  ): readonly Effect[] {
    const { text = "a question", speak = "auto", localAnswer } = options;
    return this.wish(uttId, localAnswer === undefined ? ASK_MODEL.plan : { do: "answer", text: localAnswer }, {
      text,
      speak,
    });
  }

  /** Asks for what was understood already. */
  wish(uttId: string, plan: Plan, options: { text?: string; speak?: "auto" | "yes" | "no" } = {}): readonly Effect[] {
    const { text = "a question", speak = "auto" } = options;
    return this.happen({ type: "asked", turn: { uttId, origin: "typed", text }, speak, plan });
  }

  /** Presses the talk button. */
  listen(uttId: string, speak: "auto" | "yes" | "no" = "auto"): readonly Effect[] {
    this.listenedCount += 1;
    return this.happen({ type: "listen_started", uttId, speak, captureId: undefined, fromSample: undefined });
  }

  /** Says the wake phrase, which ends at this sample, and returns the turn that it began, if it began one. */
  call(fromSample?: number): string {
    const captureId = fromSample === undefined ? undefined : "0123456789abcdef";
    this.happen({ type: "called", captureId, fromSample });
    return `n${this.happenedCount}`;
  }

  /** Lets the microphone's words come. */
  transcribe(
    uttId: string,
    text: string,
    plan: Plan = ASK_MODEL.plan,
    { levelDb }: { readonly levelDb?: number } = {},
  ): readonly Effect[] {
    const timing = { endpointMs: 700, transcribeMs: 90 };
    return this.happen({ type: "transcribed", words: { uttId, text }, plan, timing, levelDb });
  }

  refuse(uttId: string, code: string): readonly Effect[] {
    const timing = { endpointMs: undefined, transcribeMs: undefined };
    return this.happen({ type: "refused", uttId, failure: { code, message: "as stt-worker says" }, timing });
  }

  /** Lets the workers be others than they were. */
  change(peers: Partial<Peers>, parts: readonly Part[] = []): readonly Effect[] {
    const lost = parts.map((part) => ({ part, instance: part === "model" ? "llm-worker" : "" }));
    return this.happen({ type: "peer_changed", peers: { ...this.conversation.peers, ...peers }, lost });
  }

  /** Lets the microphone notice something. */
  notice(activity: Hearing["activity"]): readonly Effect[] {
    return this.change({ hearing: { activity, isPrivate: false } });
  }

  /** The turn that is listened to, or was last. */
  get listenedTo(): string {
    return this.conversation.lastListened ?? "nobody";
  }

  /** What the microphone may do, by the last word about it. */
  get grant(): string | undefined {
    return this.effects.findLast((effect) => effect.do === "grant")?.grant;
  }

  /** Lets the time of a timer be up; gives the turn that it is shown as. */
  timerDue(id: string, name?: string): string {
    this.findTimer(id, this.nowMs, name);
    this.happen({ type: "time_passed" });
    return `n${this.happenedCount}`;
  }

  /** Lets a timer go on that a former life had set. */
  findTimer(id: string, dueAtMs: number, name?: string): readonly Effect[] {
    const timer = { id, name, reminder: undefined, durationMs: 60_000, dueAtMs };
    return this.happen({ type: "timers_found", timers: [timer] });
  }

  announce(uttId: string, text = "Dinner is ready."): readonly Effect[] {
    return this.happen({ type: "announced", turn: { uttId, origin: "say", text } });
  }

  stream(uttId: string, seq: number, { delta, done = false }: { delta: string; done?: boolean }): readonly Effect[] {
    return this.happen({ type: "streamed", uttId, message: { seq, delta, done, path: "llm", worker: "llm-worker" } });
  }

  reply(uttId: string, text: string): readonly Effect[] {
    const response = { kind: "reply", text, path: "llm" } as const;
    return this.happen({ type: "responded", uttId, response, isCancelled: false, firstTokenMs: undefined });
  }

  fail(uttId: string, code: string): readonly Effect[] {
    const response = { kind: "error", failure: { code, message: "it broke" } } as const;
    return this.happen({ type: "responded", uttId, response, isCancelled: false, firstTokenMs: undefined });
  }

  sound(uttId: string, seq: number, event: SpeechNews["event"], spokenRatio?: number): readonly Effect[] {
    const news = { seq, event, spokenRatio, expectedMs: 1_000, cause: "no sound card" };
    return this.happen({ type: "sounded", uttId, news, firstAudibleMs: undefined });
  }

  /** Lets one sentence of a turn sound from its beginning to its end. */
  speakOut(uttId: string, seq = 0): void {
    this.sound(uttId, seq, "speaking_start");
    this.sound(uttId, seq, "speaking_end", 1);
  }

  get state(): string {
    return this.conversation.activity.kind;
  }

  finals(uttId: string): readonly Extract<Effect, { do: "show" }>[] {
    return this.effects
      .filter((effect) => effect.do === "show")
      .filter((shown) => shown.uttId === uttId && shown.isFinal);
  }

  reports(uttId: string): readonly Extract<Effect, { do: "report" }>[] {
    return this.effects.filter((effect) => effect.do === "report").filter((report) => report.uttId === uttId);
  }
}

export const doing = (effects: readonly Effect[]): readonly string[] => effects.map((effect) => effect.do);
