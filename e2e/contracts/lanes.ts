/** One payload at a time for each topic, and who waits for its outcome. */

/** What a handler got. */
export interface Handled {
  readonly kind: "handled";
  readonly data: unknown;
  readonly id: string;
  readonly source: string;
  readonly correlationId: string | undefined;
}

/** What became of one payload. */
export type Outcome =
  | Handled
  | { readonly kind: "cleared" }
  | { readonly kind: "refused"; readonly reason: string }
  /** By the counter of that name. */
  | { readonly kind: "counted"; readonly name: string }
  /** Nothing did, on two connections that stood. */
  | { readonly kind: "vanished" };

/** Nothing is known of a payload: what comes now may be what a second connection brings again. */
export interface Interrupted {
  readonly kind: "interrupted";
  readonly why: string;
  /** No connection was lost: this payload is the one of which nothing became in time. */
  readonly isSilence?: true;
}

export interface Lanes {
  /** What is observed next on this topic; `interrupted` for whoever waits, or comes, after `interrupt`. */
  expect(topic: string): Promise<Outcome | Interrupted>;
  settle(topic: string, outcome: Outcome): void;
  /** Nothing is told apart from now on. The first reason stands. */
  interrupt(why: string): void;
  readonly interruption: Interrupted | undefined;
  /** What came, before any interruption, and nobody waited for. */
  readonly strays: readonly string[];
}

export function openLanes(): Lanes {
  const waiting = new Map<string, (outcome: Outcome | Interrupted) => void>();
  const strays: string[] = [];
  let interruption: Interrupted | undefined;
  return {
    expect: async (topic) => {
      if (interruption !== undefined) return interruption;
      const { promise, resolve } = Promise.withResolvers<Outcome | Interrupted>();
      waiting.set(topic, resolve);
      return await promise;
    },
    settle: (topic, outcome) => {
      if (interruption !== undefined) return;
      const resolve = waiting.get(topic);
      waiting.delete(topic);
      if (resolve === undefined) strays.push(`${topic}: ${outcome.kind} once more than something was sent`);
      else resolve(outcome);
    },
    interrupt: (why) => {
      if (interruption !== undefined) return;
      interruption = { kind: "interrupted", why };
      for (const resolve of waiting.values()) resolve(interruption);
      waiting.clear();
    },
    get interruption() {
      return interruption;
    },
    strays,
  };
}
