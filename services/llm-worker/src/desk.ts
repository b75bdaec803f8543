/**
 * All requests in hand: which are being answered, which wait, which are cancelled before they come. Pure.
 *
 * 1. At most `runningMax` calls at a time; of those that wait the next is the oldest of the site with the fewest calls.
 * 2. At most `waitingMax` wait; one more is answered with an error.
 * 3. A cancel may overtake its request: cancelled ids are remembered for `rememberMs`.
 * 4. A request that is delivered again is not answered again.
 */
import {
  type Asked,
  type Exchange,
  type ExchangeEffect,
  type ExchangeEvent,
  dueAtMs as exchangeDueAtMs,
  type Limits,
  queue,
  step as stepExchange,
} from "./exchange.ts";

export interface Desk {
  /** In the order they came. */
  readonly exchanges: readonly Exchange[];
  readonly cancelled: ReadonlyMap<string, number>;
  /** The newest request ids. */
  readonly known: readonly string[];
  readonly isWarm: boolean;
}

export interface DeskLimits {
  readonly runningMax: number;
  readonly waitingMax: number;
  readonly rememberMs: number;
  readonly exchange: Limits;
}

export type DeskEvent = { readonly atMs: number } & (
  | { readonly type: "asked"; readonly asked: Asked }
  /** News of the call for a request. */
  | { readonly type: "called"; readonly id: string; readonly news: News }
  | { readonly type: "cancelled"; readonly id: string }
  /** Nobody waits for the answers any more. */
  | { readonly type: "abandoned" }
  | { readonly type: "time_passed" }
);

/** What a call brings. */
export type News = ExchangeEvent extends infer Each
  ? Each extends { readonly type: "text" | "finished" | "broke" }
    ? Omit<Each, "atMs">
    : never
  : never;

export type DeskEffect =
  | ExchangeEffect
  /** Answers a cancel. */
  | { readonly do: "acknowledge"; readonly id: string; readonly wasActive: boolean };

export type DeskStep = readonly [Desk, readonly DeskEffect[]];

export const EMPTY_DESK: Desk = { exchanges: [], cancelled: new Map(), known: [], isWarm: false };

const KNOWN_MAX = 1_024;

/** The next state, and what must be done to get there, in order. */
export function step(desk: Desk, event: DeskEvent, limits: DeskLimits): DeskStep {
  const [next, effects] = react(desk, event, limits);
  const [started, calls] = startNext(next, event.atMs, limits);
  return [started, [...effects, ...calls]];
}

/** When `time_passed` must come; undefined while nothing is in hand. */
export function dueAtMs({ exchanges, isWarm }: Desk, limits: DeskLimits): number | undefined {
  const dues = exchanges.map((exchange) => exchangeDueAtMs(exchange, { limits: limits.exchange, isWarm }));
  const due = Math.min(...dues.filter((one) => one !== undefined));
  return Number.isFinite(due) ? due : undefined;
}

function react(desk: Desk, event: DeskEvent, limits: DeskLimits): DeskStep {
  switch (event.type) {
    case "asked":
      return accept(desk, event, limits);
    case "called":
      return hear(desk, event, limits);
    case "cancelled":
      return cancel(desk, event, limits);
    case "abandoned":
      return advance(desk, { event: { type: "cancelled", atMs: event.atMs }, limits });
    case "time_passed":
      return advance(desk, { event: { type: "time_passed", atMs: event.atMs }, limits });
  }
}

interface Advance {
  readonly event: ExchangeEvent;
  readonly limits: DeskLimits;
  /** Default: all of them. */
  readonly id?: string;
}

/** Lets something happen to exchanges; those that are over leave the desk. */
function advance(desk: Desk, { event, limits, id }: Advance): DeskStep {
  const circumstances = { limits: limits.exchange, isWarm: desk.isWarm };
  const steps = desk.exchanges.map((exchange) =>
    id === undefined || exchange.asked.id === id
      ? stepExchange(exchange, event, circumstances)
      : ([exchange, []] as const),
  );
  const exchanges = steps.map(([exchange]) => exchange).filter(({ kind }) => kind !== "over");
  return [{ ...desk, exchanges }, steps.flatMap(([, effects]) => effects)];
}

function accept(desk: Desk, { asked, atMs }: DeskEvent & { readonly type: "asked" }, limits: DeskLimits): DeskStep {
  if (desk.known.includes(asked.id)) return [desk, []];
  const known = { ...desk, known: [...desk.known, asked.id].slice(-KNOWN_MAX) };
  const [exchange, effects] = queue(asked, atMs);
  const waiting = desk.exchanges.filter(({ kind }) => kind === "queued").length;
  const isCancelled = (desk.cancelled.get(asked.id) ?? Number.NEGATIVE_INFINITY) > atMs;
  const added: DeskStep = [{ ...known, exchanges: [...known.exchanges, exchange] }, effects];
  if (isCancelled) return then(added, { event: { type: "cancelled", atMs }, limits, id: asked.id });
  const isFull = waiting >= limits.waitingMax;
  const failure = { code: "llm_busy", message: `${waiting} questions wait for the model already.` };
  return isFull ? then(added, { event: { type: "broke", failure, atMs }, limits, id: asked.id }) : added;
}

function then([desk, effects]: DeskStep, next: Advance): DeskStep {
  const [after, more] = advance(desk, next);
  return [after, [...effects, ...more]];
}

function hear(desk: Desk, { id, news, atMs }: DeskEvent & { readonly type: "called" }, limits: DeskLimits): DeskStep {
  const warm = news.type === "text" && news.text !== "" ? { ...desk, isWarm: true } : desk;
  return advance(warm, { event: { ...news, atMs }, limits, id });
}

function cancel(desk: Desk, { id, atMs }: DeskEvent & { readonly type: "cancelled" }, limits: DeskLimits): DeskStep {
  const wasActive = desk.exchanges.some(({ asked }) => asked.id === id);
  const remembered = [...desk.cancelled].filter(([, untilMs]) => untilMs > atMs);
  const cancelled = new Map([...remembered, [id, atMs + limits.rememberMs]]);
  const [next, effects] = advance({ ...desk, cancelled }, { event: { type: "cancelled", atMs }, limits, id });
  return [next, [...effects, { do: "acknowledge", id, wasActive }]];
}

/** Calls the model for as many as it may. */
function startNext(desk: Desk, atMs: number, limits: DeskLimits): DeskStep {
  const running = desk.exchanges.filter(({ kind }) => kind !== "queued");
  const callsOf = (siteId: string): number => running.filter(({ asked }) => asked.siteId === siteId).length;
  const waiting = desk.exchanges.filter(({ kind }) => kind === "queued");
  const fewest = Math.min(...waiting.map(({ asked }) => callsOf(asked.siteId)));
  const next = waiting.find(({ asked }) => callsOf(asked.siteId) === fewest);
  if (next === undefined || running.length >= limits.runningMax) return [desk, []];
  const [started, effects] = advance(desk, { event: { type: "started", atMs }, limits, id: next.asked.id });
  const [further, more] = startNext(started, atMs, limits);
  return [further, [...effects, ...more]];
}
