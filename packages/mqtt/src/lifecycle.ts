/** The client's tagged state, and those who wait for it. */
import type { ClientState, Closed } from "./api.ts";
import { ClientClosedError } from "./errors.ts";
import type { LinkState } from "./link/link.ts";
import { StateFeed } from "./state-feed.ts";

export class Lifecycle {
  readonly closed: Promise<Closed>;
  readonly #clientId: string;
  readonly #feed = new StateFeed<ClientState>({ kind: "idle" });
  readonly #resolveClosed: (closed: Closed) => void;
  readonly #ready = Promise.withResolvers<void>();
  #control: "up" | "down" | "unused" = "unused";

  constructor({ clientId }: { readonly clientId: string }) {
    this.#clientId = clientId;
    const closed = Promise.withResolvers<Closed>();
    this.closed = closed.promise;
    this.#resolveClosed = closed.resolve;
    this.#ready.promise.catch(() => undefined); // whoever waits has a promise of their own
  }

  get state(): ClientState {
    return this.#feed.value;
  }

  get isOpen(): boolean {
    return this.state.kind !== "closing" && this.state.kind !== "closed";
  }

  watch(): AsyncIterable<ClientState> {
    return this.#feed.watch();
  }

  /** The data link changed. */
  dataChanged(link: LinkState): void {
    if (!this.isOpen || link.kind === "idle" || link.kind === "closed") return;
    this.#feed.set(link.kind === "up" ? { ...link, control: this.#control } : link);
  }

  controlChanged(control: "up" | "down"): void {
    this.#control = control;
    const { state } = this;
    if (state.kind === "up" && state.control !== control) this.#feed.set({ ...state, control });
  }

  subscribed(): void {
    this.#ready.resolve();
  }

  async ready(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const onAbort = (): void => aborted.reject(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      await Promise.race([this.#ready.promise, aborted.promise]);
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  closing(): void {
    this.#feed.set({ kind: "closing" });
  }

  end(closed: Closed): void {
    this.#ready.reject("error" in closed ? closed.error : new ClientClosedError({ clientId: this.#clientId }));
    this.#feed.set({ kind: "closed", closed });
    this.#feed.end();
    this.#resolveClosed(closed);
  }
}
