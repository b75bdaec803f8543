import { AsyncLocalStorage } from "node:async_hooks";
import { type HealthPing, type TurnState, turnState } from "@ts-tars/contracts";
import type { Client, PresenceView, Subscription } from "@ts-tars/mqtt";
import { Alarm, SYSTEM_CLOCK } from "@ts-tars/service";
import { NoAnswerError, ServiceMissingError } from "../errors.ts";
import { followHealth } from "../health/follow-health.ts";
import { retainedArrived } from "../retained.ts";
import { type Outcome, step, type Turn, type TurnEffect, type TurnEvent, UNBEGUN } from "./turn.ts";

/** What a command does with a turn of its own. */
export interface TurnOptions {
  /** Subscribes to what tells how the turn goes. */
  readonly listen: (tell: (event: TurnEvent) => void) => readonly Subscription[];
  /** Sends what begins it. */
  readonly begin: () => void;
  /** Takes it back, when the command is ended before the turn is. Absent: the turn goes on by itself. */
  readonly abandon?: () => void;
  readonly print: (sentence: string) => void;
  /** Whether a state of the router's names the turn as one it works on; undefined: it says nothing about it. Absent: none does. */
  readonly isOpen?: (state: TurnState) => boolean | undefined;
  readonly timeoutSec: number;
  readonly stop: AbortSignal;
}

/** An end that somebody told. */
export type ToldOutcome = Extract<Outcome, { kind: "finished" | "failed" }>;

const ROUTER = "router";

/** From the beginning or a reconnect to the router's word for the turn, and from its word that it is done to the end of the turn. */
const DOUBT_LIMIT_MS = 8_000;

/** How long a router that says it is starting is waited for. */
const STARTING_LIMIT_MS = 5_000;

/**
 * Subscribes first, then looks whether the router is there, then begins the turn, and resolves with its end.
 *
 * @throws {ServiceMissingError} when the router is not there or goes away. @throws {NoAnswerError} when the time is up.
 */
export async function conductTurn(client: Client, options: TurnOptions): Promise<ToldOutcome> {
  const outcome = await follow(client, options);
  if (outcome.kind === "missing") throw new ServiceMissingError(ROUTER, outcome.why);
  if (outcome.kind === "silent") {
    throw new NoAnswerError(`${ROUTER} did not answer within ${options.timeoutSec} s, although it seems to run.`);
  }
  return outcome;
}

async function follow(client: Client, options: TurnOptions): Promise<Outcome> {
  const { stop, timeoutSec } = options;
  const done = Promise.withResolvers<Outcome>();
  // It may be rejected before anybody waits for it.
  done.promise.catch(() => undefined);
  let turn: Turn = UNBEGUN;
  const doubt = new Alarm(SYSTEM_CLOCK, () => handle({ type: "doubt_elapsed" }));
  // A person's question is no part of the message that happened to say that the router is there.
  const handle = AsyncLocalStorage.bind((event: TurnEvent): void => {
    const [next, effects] = step(turn, event);
    turn = next;
    try {
      for (const effect of effects) perform(effect, { ...options, doubt, done: done.resolve });
    } catch (error) {
      // What cannot be begun is the command's fault, not that of whoever told the news.
      done.reject(error);
    }
  });
  const subscriptions = [...options.listen(handle), ...followState(client, options, handle)];
  await Promise.all(subscriptions.map(({ active }) => active));
  const health = followHealth(client, (service, view) => {
    if (service === ROUTER && view.kind !== "absent") handle({ type: "health_heard", health: healthOf(view) });
  });
  await health.active;
  const timeout = setTimeout(() => handle({ type: "time_elapsed" }), timeoutSec * 1_000);
  const stopped = (): void => {
    if (turn.kind === "running") options.abandon?.();
    done.reject(stop.reason);
  };
  stop.addEventListener("abort", stopped, { once: true });
  try {
    await retainedArrived(client, () => health.all().size);
    if (turn.kind === "checking") settle(turn, handle);
    return await done.promise;
  } finally {
    clearTimeout(timeout);
    doubt.set(undefined);
    stop.removeEventListener("abort", stopped);
  }
}

/** Only for a turn that the router names in its state. */
function followState(
  client: Client,
  { isOpen }: TurnOptions,
  handle: (event: TurnEvent) => void,
): readonly Subscription[] {
  if (isOpen === undefined) return [];
  void (async () => {
    let epoch: number | undefined;
    for await (const state of client.watch()) {
      if (state.kind !== "up") continue;
      if (epoch !== undefined && epoch !== state.epoch) handle({ type: "sight_lost" });
      epoch = state.epoch;
    }
  })();
  const subscription = client.subscribe(turnState, ({ data }) => {
    const isNamed = isOpen(data);
    if (isNamed !== undefined) handle({ type: "state_heard", isOpen: isNamed });
  });
  return [subscription];
}

/** A late last will of an earlier connection is not in a view; 45 s without a word are. */
function healthOf(
  view: Exclude<PresenceView<HealthPing>, { kind: "absent" }>,
): Pick<HealthPing, "ok" | "event" | "err"> {
  return view.kind === "unknown" ? { ok: false, err: "nothing was heard of it for 45 s." } : view.value;
}

/** Everything retained has come: a router that was not heard is not there; one that starts gets a little time. */
function settle({ isStarting }: Extract<Turn, { kind: "checking" }>, handle: (event: TurnEvent) => void): void {
  if (!isStarting) handle({ type: "check_elapsed" });
  else setTimeout(() => handle({ type: "check_elapsed" }), STARTING_LIMIT_MS).unref();
}

interface Performance extends Pick<TurnOptions, "begin" | "print"> {
  readonly doubt: Alarm;
  readonly done: (outcome: Outcome) => void;
}

function perform(effect: TurnEffect, { begin, print, doubt, done }: Performance): void {
  switch (effect.do) {
    case "begin":
      begin();
      break;
    case "print":
      print(effect.sentence);
      break;
    case "doubt":
      doubt.set(SYSTEM_CLOCK.nowMs() + DOUBT_LIMIT_MS);
      break;
    case "trust":
      doubt.set(undefined);
      break;
    case "finish":
      done(effect.outcome);
      break;
  }
}
