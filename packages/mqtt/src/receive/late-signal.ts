/**
 * An abort signal that is made when somebody first looks at it. Most handlers never do, and Node's costs as much as finding out
 * whom a message is for.
 */
export class LateSignal {
  #controller: AbortController | undefined;

  /** Aborted from the start when `abort` came before the first look. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    this.#controller ??= new AbortController();
    this.#controller.abort(reason);
  }
}
