import type { Log } from "@ts-tars/mqtt";
import type { Fields, Values } from "./define.ts";
import type { ConfigReading, FieldReadings, Origin } from "./read.ts";

/** The settings that may change while the service runs: those declared `live`. */
export interface LiveSettings<Config> {
  /** What is in effect now; a setting that is not live is what it was at the start. */
  readonly current: Config;
  /**
   * Calls `take` with each new value of a live setting; at once, when it has changed since the start. What `take` throws is logged,
   * and the setting counts as changed at the next start only. Disposing the result ends it; nothing has to.
   *
   * @throws {TypeError} when the setting is not declared `live`.
   */
  watch<Key extends keyof Config & string>(key: Key, take: (value: Config[Key]) => void): Disposable;
}

type Take = (value: never) => void;

/** What a service runs with: the reading of its start, and on top of it what was changed since. */
export class RunningSettings<F extends Fields> implements LiveSettings<Values<F>> {
  readonly #fields: Fields;
  readonly #start: Readonly<Record<string, unknown>>;
  readonly #log: Log;
  readonly #takers = new Map<string, Set<Take>>();
  #values: Readonly<Record<string, unknown>>;
  #origins: Readonly<Record<string, Origin>>;

  constructor(fields: F, { values, origins }: ConfigReading<F>, log: Log) {
    this.#fields = fields;
    this.#log = log;
    this.#start = values;
    this.#values = values;
    this.#origins = origins;
  }

  get current(): Values<F> {
    return this.#values as Values<F>; // read by the fields, or changed to what they read
  }

  get origins(): Readonly<Record<string, Origin>> {
    return this.#origins;
  }

  watch<Key extends keyof Values<F> & string>(key: Key, take: (value: Values<F>[Key]) => void): Disposable {
    if (this.#fields[key]?.live !== true) throw new TypeError(`The setting ${key} is not declared live.`);
    const takers = this.#takers.get(key) ?? new Set();
    this.#takers.set(key, takers);
    takers.add(take);
    if (this.#values[key] !== this.#start[key]) take(this.current[key]);
    return { [Symbol.dispose]: () => void takers.delete(take) };
  }

  /** Has the saved values of these live settings take effect. */
  take(keys: readonly string[], saved: FieldReadings): void {
    for (const key of keys) {
      const [before, origin] = [this.#values, this.#origins[key]];
      this.#values = { ...before, [key]: saved.values[key] };
      this.#origins = { ...this.#origins, ...(saved.origins[key] && { [key]: saved.origins[key] }) };
      try {
        for (const take of this.#takers.get(key) ?? []) take(saved.values[key] as never); // the value that the key's field read
      } catch (error) {
        this.#log.error({ err: error, setting: key }, "a changed setting was not taken");
        this.#values = before;
        if (origin !== undefined) this.#origins = { ...this.#origins, [key]: origin };
      }
    }
  }
}
