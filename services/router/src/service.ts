import { Alarm, aborted, type Clock, Mailbox, type Service, type ServiceDeps, whenAborted } from "@ts-tars/service";
import { BUILTIN_INTENTS } from "./builtin-intents.ts";
import { understand } from "./intents.ts";
import { answerTo } from "./local-answers.ts";
import { areSeen, NO_WORKERS, seeWorker, type WorkersWatch, waitForWorkers, workersDueAtMs } from "./peers.ts";
import type { Rules } from "./rules.ts";
import { DEFAULT_SITE, Sites } from "./sites.ts";
import { type Inbound, subscribeAll } from "./subscriptions.ts";
import type { WallClock } from "./wall-clock.ts";

export interface RouterDeps extends Pick<ServiceDeps<unknown>, "client" | "log" | "boot"> {
  readonly clock: Clock;
  readonly rules: Rules;
  /** By which the intents answer. */
  readonly wallClock: WallClock;
  readonly hours: "12" | "24";
  readonly robotName: string;
  readonly newId: () => string;
  readonly siteCountMax: number;
}

/** Questions may come in bursts after an outage, and a model's messages by the hundred a second. */
const INBOX_CAPACITY = 8_192;

/** The retained health of the workers comes within milliseconds; who has none is not waited for longer than this. */
const MEETING_MS = 1_000;

/** Conducts: from `turn/ask` and `turn/say` to the one final `turn/answer`, with the model and the loudspeaker between. */
export function router(deps: RouterDeps): Service {
  const { client, clock, log, boot, rules, newId, siteCountMax } = deps;
  return async ({ stop, ready }) => {
    const inbox = new Mailbox<Inbound>({ capacity: INBOX_CAPACITY });
    const sites = new Sites({
      ...{ client, log, clock, rules, boot, newId, siteCountMax },
      post: (siteId, happening) => void inbox.post({ type: "at_site", siteId, happening }),
    });
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

    const subscriptions = subscribeAll({ client, inbox, boot, answerLocally: answerer(deps), met: met.promise });
    using _ending = whenAborted(stop, () => inbox.post({ type: "stopping" }).close());
    await Promise.race([Promise.all(subscriptions.map(({ active }) => active)), aborted(stop)]);
    meeting.set(clock.nowMs() + MEETING_MS);
    // What a former life left in `turn/state` has come by now: it may be overwritten.
    inbox.post({ type: "at_site", siteId: DEFAULT_SITE, happening: { type: "time_passed" } });
    ready();

    await inbox.run((event) => {
      switch (event.type) {
        case "at_site":
          return sites.handle(event.siteId, event.happening);
        case "to_turn":
          return sites.handleEverywhere(event.happening);
        case "worker_seen":
          return watch(seeWorker(workers, { part: event.part, sign: event.sign, atMs: clock.nowMs() }));
        case "worker_unseen":
          return watch(waitForWorkers(workers, clock.nowMs()));
        case "stopping":
          patience.set(undefined);
          meeting.set(undefined);
          met.resolve();
          sites.handleEverywhere({ type: "cancelled", uttId: undefined, reason: "The router is stopping." });
          return sites.close();
      }
    });
  };
}

/** What the robot answers by itself; undefined for what is the model's to answer. */
function answerer({ wallClock, hours, robotName }: RouterDeps): (text: string) => string | undefined {
  return (text) => {
    const understood = understand(text, BUILTIN_INTENTS);
    const { timeZone, nowMs } = wallClock;
    return understood && answerTo(understood, { nowMs: nowMs(), timeZone, hours, robotName });
  };
}
