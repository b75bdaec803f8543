/**
 * Tells stale messages of an MQTT 3.1.1 session's backlog, the only place where clocks are compared. Pure.
 *
 * On 3.1.1 a message does not say how long it has waited at the broker. So each source's clock is compared with ours
 * while we are connected: the smallest (arrival − ts) of its messages is its offset. A source we have not heard
 * in the minute before the connection broke has none, and its messages do not expire here.
 */
export class ClockOffsets {
  readonly #current = new Map<string, { offsetMs: number; heardAtMs: number }>();
  #frozen: ReadonlyMap<string, number> = new Map();
  #lostAtMs: number | undefined;
  #backlog: { readonly awayMs: number } | undefined;
  /** Clocks are compared: on MQTT 5 the broker says what is left of a message's life, and nobody asks. */
  areNeeded = false;

  /** A message came that is not part of a backlog. */
  heard(
    source: string,
    {
      sentAtMs,
      arrivedAtMs,
      nowMs,
    }: { readonly sentAtMs: number; readonly arrivedAtMs: number; readonly nowMs: number },
  ): void {
    const offsetMs = arrivedAtMs - sentAtMs;
    const known = this.#current.get(source);
    const isFresh = known !== undefined && nowMs - known.heardAtMs <= OFFSET_LIFE_MS;
    this.#current.delete(source);
    this.#current.set(source, { offsetMs: isFresh ? Math.min(known.offsetMs, offsetMs) : offsetMs, heardAtMs: nowMs });
    if (this.#current.size > MAX_SOURCES) this.#current.delete(this.#current.keys().next().value ?? "");
  }

  connectionLost(nowMs: number): void {
    if (this.#backlog === undefined) {
      const recent = [...this.#current].filter(([, { heardAtMs }]) => nowMs - heardAtMs <= OFFSET_LIFE_MS);
      this.#frozen = new Map(recent.map(([source, { offsetMs }]) => [source, offsetMs]));
      this.#lostAtMs = nowMs;
    }
    this.#backlog = undefined;
  }

  /** A 3.1.1 session was resumed: what comes until `backlogEnded` may have waited as long as we were away. */
  backlogBegan(nowMs: number): void {
    this.#backlog = { awayMs: this.#lostAtMs === undefined ? 0 : nowMs - this.#lostAtMs };
  }

  backlogEnded(): void {
    this.#backlog = undefined;
  }

  get inBacklog(): boolean {
    return this.#backlog !== undefined;
  }

  /** A message of the backlog that is older than its time to live. */
  isStale(
    source: string,
    {
      sentAtMs,
      arrivedAtMs,
      ttlMs,
    }: { readonly sentAtMs: number; readonly arrivedAtMs: number; readonly ttlMs: number },
  ): boolean {
    const offsetMs = this.#frozen.get(source);
    if (this.#backlog === undefined || offsetMs === undefined || this.#backlog.awayMs <= ttlMs) return false;
    return arrivedAtMs - sentAtMs - offsetMs > ttlMs;
  }
}

const OFFSET_LIFE_MS = 60_000;
const MAX_SOURCES = 256;
