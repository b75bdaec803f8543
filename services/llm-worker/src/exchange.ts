/**
 * The life of one request to the model. Pure: no clock, no model, no bus.
 *
 *   queued ──started──▶ thinking ──text──▶ streaming ──finished──▶ over
 *     │                    │                  │
 *     └────────────────────┴──failed, cancelled┴──▶ over
 *
 * 1. Every exchange says exactly one `respond`, and its stream ends with `done` just before it.
 * 2. `llm/stream` numbers grow by one from 1, progress messages included.
 * 3. Text that was said is kept: as the reply of a cancelled exchange, as `partial` of a failed one.
 */
import type { LLMStage } from "@ts-tars/contracts";

export type Exchange =
  | { readonly kind: "queued"; readonly seq: number }
  | { readonly kind: "thinking"; readonly seq: number; readonly startedAtMs: number }
  | {
      readonly kind: "streaming";
      readonly seq: number;
      readonly startedAtMs: number;
      readonly firstTextMs: number;
      readonly text: string;
    }
  | { readonly kind: "over" };

export type ExchangeEvent =
  | { readonly type: "started"; readonly atMs: number }
  | { readonly type: "text_received"; readonly text: string; readonly atMs: number }
  /** Nothing was said for a while; whoever listens must not think that we are gone. */
  | { readonly type: "quiet_elapsed" }
  | { readonly type: "finished"; readonly tokens: Readonly<Record<string, unknown>> | undefined; readonly atMs: number }
  | { readonly type: "failed"; readonly sentence: string; readonly atMs: number }
  | { readonly type: "cancelled"; readonly atMs: number };

export type ExchangeEffect =
  | {
      readonly do: "stream";
      readonly seq: number;
      readonly delta?: string;
      readonly stage?: LLMStage;
      readonly done?: true;
    }
  | { readonly do: "respond"; readonly response: Response }
  /** Whatever the model is doing for it: stop. */
  | { readonly do: "hang_up" };

/** `llm/response` without what is the same for all of them. */
export interface Response {
  readonly reply?: string;
  readonly error?: string;
  readonly partial?: string;
  readonly cancelled?: true;
  readonly tokens?: Readonly<Record<string, unknown>>;
  readonly first_token_ms?: number;
  readonly total_ms?: number;
}

type Step = readonly [Exchange, readonly ExchangeEffect[]];

export const QUEUED: Exchange = Object.freeze({ kind: "queued", seq: 0 });

const OVER: Exchange = Object.freeze({ kind: "over" });

/** The next state, and what must be done to get there, in order. */
export function step(exchange: Exchange, event: ExchangeEvent): Step {
  if (exchange.kind === "over") return [exchange, []];
  switch (event.type) {
    case "started":
      return progress({ kind: "thinking", seq: exchange.seq, startedAtMs: event.atMs }, "thinking");
    case "text_received":
      return receive(exchange, event);
    case "quiet_elapsed":
      return progress(exchange, exchange.kind === "queued" ? "queued" : "thinking");
    case "finished":
      return finish(exchange, event);
    case "failed":
      return end(exchange, failure(exchange, event));
    case "cancelled":
      return end(exchange, { reply: textOf(exchange), cancelled: true, ...timesOf(exchange, event.atMs) });
  }
}

type Alive = Exclude<Exchange, { readonly kind: "over" }>;

function progress(exchange: Alive, stage: LLMStage): Step {
  const seq = exchange.seq + 1;
  return [{ ...exchange, seq }, [{ do: "stream", seq, stage }]];
}

function receive(exchange: Alive, { text, atMs }: ExchangeEvent & { readonly type: "text_received" }): Step {
  if (text === "") return [exchange, []];
  const seq = exchange.seq + 1;
  const effects: readonly ExchangeEffect[] = [{ do: "stream", seq, delta: text }];
  if (exchange.kind === "streaming") return [{ ...exchange, seq, text: exchange.text + text }, effects];
  const startedAtMs = exchange.kind === "thinking" ? exchange.startedAtMs : atMs;
  return [{ kind: "streaming", seq, startedAtMs, firstTextMs: atMs - startedAtMs, text }, effects];
}

function finish(exchange: Alive, { tokens, atMs }: ExchangeEvent & { readonly type: "finished" }): Step {
  const reply = textOf(exchange);
  const times = timesOf(exchange, atMs);
  if (reply.trim() === "") return end(exchange, { error: "The model answered nothing.", ...times });
  return end(exchange, { reply, ...(tokens !== undefined && { tokens }), ...times });
}

function failure(exchange: Alive, { sentence, atMs }: ExchangeEvent & { readonly type: "failed" }): Response {
  const partial = textOf(exchange);
  return { error: sentence, ...(partial !== "" && { partial }), ...timesOf(exchange, atMs) };
}

function end(exchange: Alive, response: Response): Step {
  return [OVER, [{ do: "hang_up" }, { do: "stream", seq: exchange.seq + 1, done: true }, { do: "respond", response }]];
}

function textOf(exchange: Alive): string {
  return exchange.kind === "streaming" ? exchange.text : "";
}

function timesOf(exchange: Alive, atMs: number): Pick<Response, "first_token_ms" | "total_ms"> {
  if (exchange.kind === "queued") return {};
  return {
    ...(exchange.kind === "streaming" && { first_token_ms: Math.round(exchange.firstTextMs) }),
    total_ms: Math.max(0, Math.round(atMs - exchange.startedAtMs)),
  };
}
