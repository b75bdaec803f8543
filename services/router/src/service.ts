import { intentsCurrent } from "@ts-tars/contracts";
import type { Client, Kept, Subscription } from "@ts-tars/mqtt";
import { Alarm, aborted, type Clock, Mailbox, type Service, type ServiceDeps, whenAborted } from "@ts-tars/service";
import type { RouterConfig } from "./config.ts";
import { factsOf } from "./facts.ts";
import { subscribeToPeople } from "./from-people.ts";
import { subscribeToWake } from "./from-wake.ts";
import { subscribeToWorkers } from "./from-workers.ts";
import type { Hearer, Inbound } from "./inbound.ts";
import type { Intents } from "./open-intents.ts";
import {
  areSeen,
  DEFAULT_SITE,
  NO_WORKERS,
  seeHearing,
  seeWorker,
  type WorkersWatch,
  waitForWorkers,
  workersDueAtMs,
} from "./peers.ts";
import { interpret, type Reading } from "./plans.ts";
import type { Rules } from "./rules.ts";
import { Sites } from "./sites.ts";
import type { TimerKeeper } from "./timers/timer-keeper.ts";
import type { Timer } from "./timers/timers.ts";
import type { WallClock } from "./wall-clock.ts";

export interface RouterDeps extends Pick<ServiceDeps<unknown>, "client" | "log" | "boot"> {
  readonly clock: Clock;
  /** Those that count now: they are asked for at each event. */
  readonly rules: () => Rules;
  readonly intents: Intents;
  /** By which the intents answer. */
  readonly wallClock: WallClock;
  /** The robot's own answers, as they are now. */
  readonly manner: () => Pick<RouterConfig, "hours" | "robotName">;
  readonly newId: () => string;
  readonly keeper: TimerKeeper;
  readonly siteCountMax: number;
}

/** Questions may come in bursts after an outage, and a model's messages by the hundred a second. */
const INBOX_CAPACITY = 8_192;

/** The retained health of the workers comes within milliseconds; who has none is not waited for longer than this. */
const MEETING_MS = 1_000;

/** Conducts: from what is asked, said or heard to the one final `turn/answer`, with the workers between. */
export function router(deps: RouterDeps): Service {
  const { client, clock, boot, newId, keeper } = deps;
  return async ({ stop, ready }) => {
    const timers = await keeper.open();
    const inbox = new Mailbox<Inbound>({ capacity: INBOX_CAPACITY });
    const sites = openSites(deps, inbox);
    const met = Promise.withResolvers<void>();
    const meeting = new Alarm(clock, () => met.resolve());
    let workers = NO_WORKERS;
    const patience = new Alarm(clock, () => void inbox.post({ type: "worker_unseen" }));
    const watch = ([next, lost]: WorkersWatch): void => {
      workers = next;
      patience.set(workersDueAtMs(workers));
      sites.update(workers, lost);
      if (areSeen(workers)) met.resolve();
    };
    const hearer = { client, inbox, boot, newId, interpret: interpreter(deps), met: met.promise };
    const subscriptions = subscribe(hearer);
    const kept = keepGrammar(deps);
    using _ending = whenAborted(stop, () => inbox.post({ type: "stopping" }).close());
    await Promise.race([Promise.all(subscriptions.map(({ active }) => active)), aborted(stop)]);
    meeting.set(clock.nowMs() + MEETING_MS);
    // What a former life left in `turn/state` has come by now: it may be overwritten.
    inbox.post({ type: "at_site", siteId: DEFAULT_SITE, happening: { type: "time_passed" } });
    // Ends with the client, which outlives this loop; an inbox that is closed takes nothing more.
    void watchConnections(client, inbox);
    void met.promise.then(() => takeUp(timers, inbox));
    ready();

    await inbox.run((event) => {
      switch (event.type) {
        case "at_site":
          return sites.handle(event.siteId, event.happening);
        case "call_heard":
          return sites.hearCall(event.call);
        case "calls_due":
          return sites.decideCalls();
        case "to_turn":
          return sites.handleEverywhere(event.happening);
        case "worker_seen":
          return watch(seeWorker(workers, { ...event.who, sign: event.sign, atMs: clock.nowMs() }));
        case "worker_unseen":
          return watch(waitForWorkers(workers, clock.nowMs()));
        case "hearing_seen":
          workers = seeHearing(workers, event.sign);
          return sites.updateSite(event.sign.siteId, workers);
        case "reconnected":
          return sites.reconnected();
        case "stopping":
          kept.stop();
          patience.set(undefined);
          meeting.set(undefined);
          met.resolve();
          return sites.close();
      }
    });
    await keeper.flush();
  };
}

/** What happens to them by themselves comes back through the one loop. */
function openSites(deps: RouterDeps, inbox: Mailbox<Inbound>): Sites {
  const { client, log, clock, rules, boot, newId, keeper, siteCountMax } = deps;
  return new Sites({
    ...{ client, log, clock, rules, boot, newId, keeper, siteCountMax },
    post: (siteId, happening) => void inbox.post({ type: "at_site", siteId, happening }),
    postCallsDue: () => void inbox.post({ type: "calls_due" }),
  });
}

/** What the recogniser is to expect. */
function keepGrammar({ client, boot, intents: { grammar, version } }: RouterDeps): Kept {
  return client.keep(intentsCurrent, () => ({ boot, version, jsgf: grammar.jsgf, words: [...grammar.words] }));
}

/** Everybody who is heard. */
function subscribe(hearer: Hearer): readonly Subscription[] {
  return [...subscribeToPeople(hearer), ...subscribeToWorkers(hearer), subscribeToWake(hearer)];
}

/** What words mean at the moment they come. */
function interpreter({ intents, wallClock, manner }: RouterDeps): (text: string) => Reading {
  const { timeZone, nowMs } = wallClock;
  const read = (text: string): Reading => {
    const { hours, robotName } = manner();
    return interpret(text, intents.book, factsOf({ nowMs: nowMs(), timeZone, hours, robotName }));
  };
  // The system loads its calendars at the first look, in 20 ms that nobody shall wait for who asks.
  for (const text of ["what time is it", "what is the date"]) read(text);
  return read;
}

/** Timers of a former life; what was due while nobody was there is said now that the workers are known. */
function takeUp(timers: ReadonlyMap<string, readonly Timer[]>, inbox: Mailbox<Inbound>): void {
  for (const [siteId, own] of timers) {
    inbox.post({ type: "at_site", siteId, happening: { type: "timers_found", timers: own } });
  }
}

/** Tells the loop of every connection but the first. */
async function watchConnections(client: Client, inbox: Mailbox<Inbound>): Promise<void> {
  let epoch = 1;
  for await (const state of client.watch()) {
    if (state.kind !== "up" || state.epoch <= epoch) continue;
    epoch = state.epoch;
    inbox.post({ type: "reconnected" });
  }
}
