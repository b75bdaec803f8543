import type { Client } from "../api.ts";
import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import type { Topic } from "../contract/index.ts";
import { ABSENT, type PresenceView, step } from "./presence-view.ts";

const SILENCE_MS = 45_000;
const LOOK_EVERY_MS = 1_000;

/** How to read a presence topic's values. */
export interface PresenceReaderOptions<Out> {
  /** The session that a birth, a refresh and their will share. */
  readonly sessionOf: (value: Out) => string | undefined;
  readonly isAlive: (value: Out) => boolean;
  /** Silence after which life is no longer believed, default 45 000 ms: three refreshes. */
  readonly silenceMs?: number;
  /** Told of every change, with the concrete topic. */
  readonly onChange?: (topic: string, view: PresenceView<Out>) => void;
  readonly clock?: Clock;
}

/** The current views; `stop` it when nobody looks any more. */
export interface PresenceReader<Out> {
  /** By concrete topic; `absent` when nothing was ever heard. */
  readonly get: (topic: string) => PresenceView<Out>;
  readonly all: () => ReadonlyMap<string, PresenceView<Out>>;
  /** Resolves when the broker sends the retained values. */
  readonly active: Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Follows who is there on a presence topic, such as `system/health/{service}`. */
export function readPresence<In, Out, Param extends string>(
  client: Client,
  topic: Topic<In, Out, Param>,
  options: PresenceReaderOptions<Out>,
): PresenceReader<Out> {
  const { clock = SYSTEM_CLOCK, silenceMs = SILENCE_MS } = options;
  const views = new Map<string, PresenceView<Out>>();
  const apply = (address: string, event: Parameters<typeof step<Out>>[1]): void => {
    const before = views.get(address) ?? ABSENT;
    const after = step(before, event, { silenceMs });
    if (after === before) return;
    views.set(address, after);
    options.onChange?.(address, after);
  };
  const subscription = client.subscribeState(topic, (message) => {
    if (message.cleared) {
      apply(message.topic, { type: "cleared" });
      return;
    }
    const { data: value, retained } = message;
    const session = options.sessionOf(value);
    apply(message.topic, {
      type: "heard",
      value,
      session,
      isAlive: options.isAlive(value),
      retained,
      nowMs: clock.nowMs(),
    });
  });
  let cancel = (): void => undefined;
  const look = (): void => {
    for (const address of views.keys()) apply(address, { type: "looked", nowMs: clock.nowMs() });
    cancel = clock.setTimer(LOOK_EVERY_MS, look);
  };
  look();
  void client.closed.then(() => cancel());
  return {
    get: (address) => views.get(address) ?? ABSENT,
    all: () => views,
    active: subscription.active,
    stop: () => {
      cancel();
      return subscription.stop();
    },
  };
}
