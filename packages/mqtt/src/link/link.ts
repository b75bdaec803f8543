/**
 * Keeps one connection to the broker: attempts, backoff, watchdog, verdicts. It knows no messages.
 *
 *   idle ──start──▶ connecting ──CONNACK──▶ up ──ended──▶ waiting ──delay──▶ connecting …
 *                       └──────────failed──────────────────▲
 *   any ──fatal verdict or close──▶ closed
 *
 * 1. Each attempt has a transport of its own; nothing of a dead one is used again (T15, T17).
 * 2. `onEnded` follows each `onUp` exactly once, before the next attempt starts.
 */
import type { Clock } from "../clock.ts";
import { ClientIdTakenError, ConnectionRefusedError, LinkError } from "../errors.ts";
import type { Log } from "../log.ts";
import type {
  Connack,
  Ended,
  InboundPublish,
  OpenTransport,
  ProtocolVersion,
  Transport,
  TransportSettings,
} from "../transport/transport.ts";
import { type BackoffBounds, nextDelayMs, type RetryPace } from "./backoff.ts";
import { explainTls } from "./explain-tls.ts";
import { keepWatch } from "./keep-watch.ts";
import { countTwinEnds, isTwin } from "./twin-watch.ts";
import { judge, type Verdict } from "./verdict.ts";
import type { WatchdogTimes } from "./watchdog.ts";

/** A connection must stand this long before the backoff starts over. */
const HELD_MS = 10_000;

export type LinkState =
  | { readonly kind: "idle" }
  | { readonly kind: "connecting"; readonly attempt: number; readonly url: string }
  | {
      readonly kind: "up";
      readonly url: string;
      readonly protocol: ProtocolVersion;
      readonly sessionPresent: boolean;
      readonly epoch: number;
    }
  | { readonly kind: "down"; readonly error: Error; readonly retryInMs: number }
  | { readonly kind: "closed" };

export interface LinkEvents {
  readonly onState: (state: LinkState) => void;
  readonly onUp: (transport: Transport, connack: Connack, epoch: number) => void;
  readonly onPublish: (packet: InboundPublish) => void;
  readonly onPuback: (packetId: number, reasonCode: number) => void;
  readonly onDrain: () => void;
  /** The connection that was up is gone. */
  readonly onEnded: (ended: Ended) => void;
  readonly onFatal: (error: Error) => void;
}

export interface LinkDeps {
  readonly name: "data" | "control";
  readonly clientId: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  readonly open: OpenTransport;
  /** The settings of the next attempt; may ask for credentials. `url` has no password in it. */
  readonly prepare: (attempt: {
    readonly protocol: ProtocolVersion;
    readonly previousFailed: boolean;
  }) => Promise<{ readonly settings: TransportSettings; readonly url: string }>;
  readonly protocol: "auto" | ProtocolVersion;
  readonly backoff: BackoffBounds;
  readonly watchdog: WatchdogTimes;
  readonly attemptTimeoutMs: number;
  /** A message was written just now, so an end may be about it rather than about our client id. */
  readonly mayBePoisoned: () => boolean;
}

interface Current {
  readonly transport: Transport;
  readonly url: string;
  readonly upAtMs: number | undefined;
}

export class Link {
  readonly #deps: LinkDeps;
  readonly #events: LinkEvents;
  #state: LinkState = { kind: "idle" };
  #current: Current | undefined;
  #protocol: ProtocolVersion;
  #hadSuccess = false;
  #failures = 0;
  #attempts = 0;
  #epoch = 0;
  #twinEnds = 0;
  #isHeldBack = false;
  #cancelRetry: (() => void) | undefined;
  #stopPreparing: (() => void) | undefined;
  #stopWatch: (() => void) | undefined;

  constructor(deps: LinkDeps, events: LinkEvents) {
    this.#deps = deps;
    this.#events = events;
    this.#protocol = deps.protocol === "auto" ? "5" : deps.protocol;
  }

  get state(): LinkState {
    return this.#state;
  }

  get protocol(): ProtocolVersion {
    return this.#protocol;
  }

  /** Starts the first attempt; later calls do nothing. */
  start(): void {
    if (this.#attempts === 0 && this.#state.kind === "idle") void this.#attempt();
  }

  /** Resets the current connection, if any; the next attempt follows the backoff. */
  reset(error: Error): void {
    this.#current?.transport.destroy(error);
  }

  /** Resets, and makes no attempt until `resume`: more than we hold is waiting to be handled. */
  holdBack(error: Error): void {
    this.#isHeldBack = true;
    this.reset(error);
  }

  resume(): void {
    if (!this.#isHeldBack) return;
    this.#isHeldBack = false;
    if (this.#state.kind === "down" && this.#cancelRetry === undefined) void this.#attempt();
  }

  /** Ends for good. A connection that is up is closed in order. */
  async close({ withinMs }: { readonly withinMs: number }): Promise<void> {
    const current = this.#current;
    const wasUp = this.#state.kind === "up";
    this.#finish();
    if (current === undefined) return;
    if (wasUp) await current.transport.disconnect({ withinMs });
    else current.transport.destroy(new LinkError({ what: "closed by this client" }));
  }

  async #attempt(): Promise<void> {
    this.#cancelRetry = undefined;
    this.#attempts += 1;
    const prepared = await this.#prepare();
    if (this.#state.kind === "closed") return;
    if (prepared instanceof Error) {
      this.#retry(prepared, "normal");
      return;
    }
    const { settings, url } = prepared;
    this.#setState({ kind: "connecting", attempt: this.#attempts, url });
    const transport = this.#open(settings, url);
    if (transport instanceof Error) this.#retry(transport, "normal");
    else this.#current = { transport, url, upAtMs: undefined };
  }

  /** What is wrong with a certificate or a header comes out only here. */
  #open(settings: TransportSettings, url: string): Transport | LinkError {
    try {
      const transport = this.#deps.open(settings, {
        onConnack: (connack) => this.#up(transport, connack, url),
        onPublish: (packet) => this.#events.onPublish(packet),
        onPuback: (packetId, reasonCode) => this.#events.onPuback(packetId, reasonCode),
        onDrain: () => this.#events.onDrain(),
        onEnded: (ended) => this.#ended(ended, url),
      });
      return transport;
    } catch (cause) {
      return new LinkError({ what: `The connection to ${url} could not be begun`, cause });
    }
  }

  /** Credentials and certificates may come from functions; they share the attempt's deadline. */
  async #prepare(): Promise<{ readonly settings: TransportSettings; readonly url: string } | Error> {
    const { clock, prepare, attemptTimeoutMs } = this.#deps;
    const late = Promise.withResolvers<Error>();
    const cancel = clock.setTimer(attemptTimeoutMs, () =>
      late.resolve(new LinkError({ what: `credentials or TLS settings were not ready within ${attemptTimeoutMs} ms` })),
    );
    this.#stopPreparing = () => late.resolve(new LinkError({ what: "closed by this client" }));
    try {
      const preparing = prepare({ protocol: this.#protocol, previousFailed: this.#failures > 0 });
      return await Promise.race([preparing, late.promise]);
    } catch (cause) {
      return new LinkError({ what: "The connection could not be prepared", cause });
    } finally {
      cancel();
      this.#stopPreparing = undefined;
    }
  }

  #up(transport: Transport, connack: Connack, url: string): void {
    const { clock, log, name } = this.#deps;
    this.#hadSuccess = true;
    this.#epoch += 1;
    this.#current = { transport, url, upAtMs: clock.nowMs() };
    this.#stopWatch = keepWatch(transport, { clock, times: this.#deps.watchdog });
    log.info({ url, link: name, protocol: transport.protocol, sessionPresent: connack.sessionPresent }, "connected");
    this.#events.onUp(transport, connack, this.#epoch);
    this.#setState({
      kind: "up",
      url,
      protocol: transport.protocol,
      sessionPresent: connack.sessionPresent,
      epoch: this.#epoch,
    });
  }

  #ended(ended: Ended, url: string): void {
    const upAtMs = this.#current?.upAtMs;
    this.#current = undefined;
    this.#stopWatch?.();
    this.#stopWatch = undefined;
    const stoodMs = upAtMs === undefined ? undefined : this.#deps.clock.nowMs() - upAtMs;
    this.#twinEnds = countTwinEnds(this.#twinEnds, ended, { stoodMs, mayBePoisoned: this.#deps.mayBePoisoned() });
    if (stoodMs !== undefined) this.#events.onEnded(ended);
    if (this.#state.kind === "closed") return;
    if (stoodMs !== undefined && stoodMs >= HELD_MS) this.#failures = 0;
    const verdict = judge(ended, {
      protocol: this.#protocol,
      mayFallBack: this.#deps.protocol === "auto" && !this.#hadSuccess,
      hadSuccess: this.#hadSuccess,
      stoodMs,
    });
    this.#follow(isTwin(this.#twinEnds) ? { kind: "taken_over" } : verdict, ended, url);
  }

  #follow(verdict: Verdict, ended: Ended, url: string): void {
    switch (verdict.kind) {
      case "retry": {
        const cause = explainTls(ended.error, { url, hadSuccess: this.#hadSuccess });
        this.#retry(new LinkError({ what: `The connection to ${url} failed or was lost`, cause }), verdict.pace);
        return;
      }
      case "fall_back":
        this.#protocol = "3.1.1";
        this.#deps.log.info({ url }, "the broker does not speak MQTT 5, going on with 3.1.1");
        void this.#attempt();
        return;
      case "taken_over":
        this.#fail(new ClientIdTakenError({ clientId: this.#deps.clientId }));
        return;
      case "refused":
        this.#fail(
          new ConnectionRefusedError({
            reasonCode: verdict.reasonCode,
            protocol: this.#protocol,
            url,
            cause: ended.error,
          }),
        );
        return;
    }
  }

  #retry(error: Error, pace: RetryPace): void {
    const { clock, log, name, backoff, random } = this.#deps;
    const retryInMs = nextDelayMs(backoff, { failures: this.#failures, pace, random: random() });
    // The first ones tell what is wrong; of a long outage every fortieth is enough.
    const level = this.#failures < 3 || this.#failures % 40 === 0 ? "warn" : "debug";
    this.#failures += 1;
    log[level]({ err: error, link: name, retryInMs: Math.round(retryInMs) }, "not connected, trying again");
    this.#setState({ kind: "down", error, retryInMs });
    this.#cancelRetry = clock.setTimer(retryInMs, () => {
      this.#cancelRetry = undefined;
      if (!this.#isHeldBack) void this.#attempt();
    });
  }

  #fail(error: Error): void {
    this.#finish();
    this.#events.onFatal(error);
  }

  #finish(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#stopWatch?.();
    this.#stopWatch = undefined;
    this.#stopPreparing?.();
    this.#setState({ kind: "closed" });
  }

  #setState(state: LinkState): void {
    this.#state = state;
    this.#events.onState(state);
  }
}
