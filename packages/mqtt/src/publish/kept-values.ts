import type { Kept } from "../api.ts";
import type { ConcreteTopic } from "../contract/index.ts";
import type { Log } from "../log.ts";

interface Entry {
  readonly topic: ConcreteTopic;
  readonly value: () => unknown;
}

/** The current values of the `state` topics that this client owns: told again on every connection, so none goes stale. */
export class KeptValues {
  readonly #entries = new Map<string, Entry>();
  readonly #publish: (topic: ConcreteTopic, data: unknown) => void;
  readonly #log: Log;

  constructor(deps: { readonly publish: (topic: ConcreteTopic, data: unknown) => void; readonly log: Log }) {
    this.#publish = deps.publish;
    this.#log = deps.log;
  }

  keep(topic: ConcreteTopic, value: () => unknown): Kept {
    if (topic.delivery !== "state")
      throw new TypeError(`${topic.filter} is no state; only a state has a current value to keep`);
    if (this.#entries.has(topic.filter)) throw new TypeError(`${topic.filter} is kept already; a state has one owner`);
    const entry: Entry = { topic, value };
    this.#publish(topic, value());
    this.#entries.set(topic.filter, entry);
    const isKept = (): boolean => this.#entries.get(topic.filter) === entry;
    return {
      changed: () => {
        if (isKept()) this.#publish(topic, value());
      },
      stop: () => {
        if (isKept()) this.#entries.delete(topic.filter);
      },
    };
  }

  /** A connection was made: the broker may have lost everything. */
  connected(): void {
    for (const { topic, value } of this.#entries.values()) {
      try {
        this.#publish(topic, value());
      } catch (error) {
        this.#log.error({ err: error, topic: topic.filter }, "kept value could not be published");
      }
    }
  }
}
