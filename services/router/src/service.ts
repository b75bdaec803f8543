import { Alarm, aborted, type Clock, Mailbox, type Service, type ServiceDeps, whenAborted } from "@ts-tars/service";
import { BUILTIN_INTENTS } from "./builtin-intents.ts";
import { understand } from "./intents.ts";
import { answerTo } from "./local-answers.ts";
import { NO_WORKERS, seeWorker, type WorkersWatch, waitForWorkers, workersDueAtMs } from "./peers.ts";
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

/** Conducts: from `turn/ask` and `turn/say` to the one final `turn/answer`, with the model and the loudspeaker between. */
export function router({
  client,
  clock,
  log,
  boot,
  rules,
  newId,
  siteCountMax,
  wallClock,
  hours,
  robotName,
}: RouterDeps): Service {
  const answerLocally = (text: string): string | undefined => {
    const understood = understand(text, BUILTIN_INTENTS);
    const { timeZone, nowMs } = wallClock;
    return understood && answerTo(understood, { nowMs: nowMs(), timeZone, hours, robotName });
  };
  return async ({ stop, ready }) => {
    const inbox = new Mailbox<Inbound>({ capacity: INBOX_CAPACITY });
    const sites = new Sites({
      ...{ client, log, clock, rules, boot, newId, siteCountMax },
      post: (siteId, happening) => void inbox.post({ type: "at_site", siteId, happening }),
    });
    let workers = NO_WORKERS;
    const patience = new Alarm(clock, () => void inbox.post({ type: "worker_unseen" }));
    const watch = ([next, lost]: WorkersWatch): void => {
      workers = next;
      patience.set(workersDueAtMs(workers));
      sites.update(workers, lost);
    };

    const subscriptions = subscribeAll({ client, inbox, boot, answerLocally });
    using _ending = whenAborted(stop, () => inbox.post({ type: "stopping" }).close());
    await Promise.race([Promise.all(subscriptions.map(({ active }) => active)), aborted(stop)]);
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
          sites.handleEverywhere({ type: "cancelled", uttId: undefined, reason: "The router is stopping." });
          return sites.close();
      }
    });
  };
}
