/** One site at work: its conversation, the state it publishes, and the alarm for its next deadline. */
import { type TurnState, turnState } from "@ts-tars/contracts";
import type { Client, Kept, Log } from "@ts-tars/mqtt";
import { Alarm, type Clock } from "@ts-tars/service";
import { carryOut } from "./bus.ts";
import { dueAtMs, step } from "./conversation.ts";
import { type Conversation, type ConversationEvent, openConversation, runsOf } from "./conversation-state.ts";
import { describeConversation, isSameDescription } from "./description.ts";
import type { Peers } from "./peers.ts";
import type { Rules } from "./rules.ts";
import type { Timer } from "./timers/timers.ts";
import type { Effect } from "./turn.ts";

/** A `ConversationEvent` before the site gives it its moment and an id. */
export type Happening = ConversationEvent extends infer Each
  ? Each extends unknown
    ? Omit<Each, "atMs" | "newUttId">
    : never
  : never;

/** Of the name of a timer in `turn/state`. */
const TIMER_MAX_CHARS = 200;

export interface SiteDeps {
  readonly client: Client;
  readonly log: Log;
  readonly clock: Clock;
  /** Those that count now. */
  readonly rules: () => Rules;
  readonly boot: string;
  readonly newId: () => string;
  /** Where the timers of the sites outlive the process. */
  readonly keeper: { keep(siteId: string, timers: readonly Timer[]): void };
  /** Where the alarm's event goes: through the service's one loop, back to `handle`. */
  readonly post: (siteId: string, happening: Happening) => void;
}

export class Site {
  readonly siteId: string;
  readonly #deps: SiteDeps;
  readonly #alarm: Alarm;
  readonly #kept: Kept;
  #conversation: Conversation;

  constructor(siteId: string, peers: Peers, deps: SiteDeps) {
    this.siteId = siteId;
    this.#deps = deps;
    this.#conversation = openConversation(peers);
    this.#alarm = new Alarm(deps.clock, () => deps.post(siteId, { type: "time_passed" }));
    this.#kept = deps.client.keep(turnState.at({ site: siteId }), () => this.#state());
  }

  /** Nothing runs, waits or is awaited here, no timer either. */
  get isIdle(): boolean {
    const { activity, waiting, closing, timers } = this.#conversation;
    if (activity.kind !== "asleep" || timers.length > 0) return false;
    return runsOf(this.#conversation).length === 0 && waiting.length === 0 && closing.length === 0;
  }

  handle(happening: Happening): void {
    const { clock, newId } = this.#deps;
    const rules = this.#deps.rules();
    // Omit and the spread do not add up to the union again in the type system.
    const event = { ...happening, atMs: clock.nowMs(), newUttId: newId() } as ConversationEvent; // each member is its `Happening` plus what is given
    const before = this.#conversation;
    const [next, effects] = step(before, event, rules);
    this.#conversation = next;
    for (const effect of effects) {
      const about = { effect: effect.do, utt_id: effect.uttId };
      this.#publish(() => this.#carryOut(effect), about);
    }
    const isChanged = !isSameDescription(describeConversation(before, rules), describeConversation(next, rules));
    if (isChanged) this.#publish(() => this.#kept.changed(), { effect: "state" });
    this.#alarm.set(dueAtMs(next, rules));
  }

  #carryOut(effect: Effect): void {
    const { client, newId, keeper } = this.#deps;
    const { siteId } = this;
    switch (effect.do) {
      case "keep_timers":
        keeper.keep(siteId, effect.timers);
        return;
      default:
        carryOut(client, effect, { siteId, newId });
    }
  }

  /** Forgets the site. What the broker keeps of it stays: the router's next life ends what it names. */
  close(): void {
    this.#alarm.set(undefined);
    this.#kept.stop();
  }

  /** The same, and takes back what was published of it. */
  clear(): void {
    this.close();
    this.#publish(() => this.#deps.client.clear(turnState.at({ site: this.siteId })), { effect: "clear" });
  }

  #publish(publish: () => void, about: object): void {
    try {
      publish();
    } catch (error) {
      // A full outbox: one message less must not end the conversation, whose deadlines go on.
      this.#deps.log.error({ err: error, site_id: this.siteId, ...about }, "effect could not be published");
    }
  }

  #state(): TurnState {
    const { rules, clock, boot } = this.#deps;
    const described = describeConversation(this.#conversation, rules());
    const {
      state,
      uttId,
      asks,
      reason,
      grant,
      isPrivate: privacy,
      isLive: live,
      expects,
      timers,
      dueAtMs: due,
    } = described;
    return {
      ...{ boot, site_id: this.siteId, state, asks: [...asks], reason, grant, live, privacy },
      ...(uttId === undefined ? {} : { utt_id: uttId }),
      ...(timers.length === 0 ? {} : { timers: timers.map((label) => label.slice(0, TIMER_MAX_CHARS)) }),
      ...(expects === undefined ? {} : { expects }),
      ...(due === undefined ? {} : { deadline_ms: Math.max(0, Math.round(due - clock.nowMs())) }),
    };
  }
}
