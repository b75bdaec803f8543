/** Builds the parts of a client and ties them together; owns the order of its end. */
import type { Closed } from "./api.ts";
import { Channel } from "./channel.ts";
import { rawTopic } from "./contract/index.ts";
import type { CoreDeps } from "./core-deps.ts";
import { ClientClosedError, ClientIdTakenError } from "./errors.ts";
import { createIdSource } from "./ids.ts";
import { Lifecycle } from "./lifecycle.ts";
import { type Log, SILENT_LOG } from "./log.ts";
import { createMeter, type Meter } from "./meter.ts";
import { Announcer } from "./presence/announcer.ts";
import { createHeartbeat } from "./presence/heartbeat.ts";
import { DurableMessages } from "./publish/durable-messages.ts";
import { KeptValues } from "./publish/kept-values.ts";
import { Publisher } from "./publish/publisher.ts";
import type { Sender } from "./publish/sender.ts";
import { ClockOffsets } from "./receive/clock-offsets.ts";
import { DeadLetters } from "./receive/dead-letters.ts";
import type { DeliverDeps } from "./receive/delivery.ts";
import { DuplicateFilter } from "./receive/duplicates.ts";
import { Gate } from "./receive/gate.ts";
import { KillerWatch } from "./receive/killer-watch.ts";
import { LoopWatch } from "./receive/loop-watch.ts";
import { Subscriptions } from "./receive/subscriptions.ts";
import { zombieCounter } from "./receive/zombies.ts";
import { Requester } from "./request/requester.ts";
import type { ResolvedOptions } from "./resolve-options.ts";
import type { OpenState } from "./state-store.ts";
import { waitFor } from "./wait-for.ts";

/** At the end: for the farewell, for what is queued, for the socket. */
const FAREWELL_MS = 2_000;
const LAST_FLUSH_MS = 5_000;
const HANG_UP_MS = 1_000;
/** After its abort signal a handler has this long before the client goes without it. */
const ABORT_GRACE_MS = 1_000;
/** Without presence nothing marks the end of a 3.1.1 backlog; it has come by then. */
const BACKLOG_MS = 5_000;

export class ClientCore {
  readonly options: ResolvedOptions;
  readonly log: Log;
  readonly lifecycle: Lifecycle;
  readonly publisher: Publisher;
  readonly subscriptions: Subscriptions;
  readonly requester: Requester;
  readonly kept: KeptValues;
  readonly #deps: CoreDeps;
  readonly #meter: Meter;
  readonly #state: OpenState | undefined;
  readonly #nextId = createIdSource();
  readonly #abort = new AbortController();
  readonly #offsets = new ClockOffsets();
  readonly #deadLetters: DeadLetters;
  readonly #loop: LoopWatch;
  readonly #deliver: DeliverDeps;
  readonly #announcer: Announcer | undefined;
  readonly #heartbeat: ReturnType<typeof createHeartbeat> | undefined;
  readonly #data: Channel;
  #control: Channel | undefined;
  #isStarted = false;
  #closing: Promise<void> | undefined;
  #cancelBacklog = (): void => undefined;

  constructor(options: ResolvedOptions, deps: CoreDeps) {
    this.options = options;
    this.#deps = deps;
    this.log = options.log ?? SILENT_LOG;
    this.#meter = createMeter(options.hooks, this.log);
    this.lifecycle = new Lifecycle(options);
    const shared = { clock: deps.clock, log: this.log, meter: this.#meter, nextId: this.#nextId };
    this.#state = options.state?.open(shared);
    const durable = new DurableMessages({ ...shared, store: this.#state?.messages });
    const senderFor = (priority: "normal" | "high") => this.#channelFor(priority).sender;
    this.publisher = new Publisher({ ...shared, options, durable, senderFor });
    this.#deadLetters = new DeadLetters({
      ...shared,
      options: options.deadLetterOptions,
      send: (letter) => this.publisher.raw(letter),
    });
    this.#loop = new LoopWatch(shared);
    this.#deliver = this.#createDeliver();
    this.subscriptions = this.#createSubscriptions();
    this.requester = new Requester({
      ...shared,
      clientId: options.clientId,
      publisher: this.publisher,
      listen: (topic, { intake, reached }) =>
        this.subscriptions.listen({ topic, link: "high", intake: (_topic, payload) => intake(payload), reached }),
    });
    this.kept = new KeptValues({ log: this.log, publish: (topic, data) => this.publisher.publish(topic, data) });
    this.#announcer = this.#createAnnouncer();
    this.#data = this.#createDataChannel();
    this.#heartbeat =
      options.heartbeat &&
      createHeartbeat(options.heartbeat, {
        clock: deps.clock,
        clientId: options.clientId,
        send: (message) => this.#data.sender.stream(message),
      });
    if (options.presence !== undefined) this.#watchOwnPresence(options.presence.topic.filter);
    this.publisher.resume();
  }

  /** Dials; the control link with it when it is wanted by then. */
  start(): void {
    if (!this.lifecycle.isOpen) return;
    this.#isStarted = true;
    this.#loop.start();
    if (this.options.control === true) this.#openControl();
    this.#data.link.start();
    this.#control?.link.start();
  }

  senders(): readonly Sender[] {
    return this.#control === undefined ? [this.#data.sender] : [this.#data.sender, this.#control.sender];
  }

  /** Ends in order, once; resolves when everything is closed. */
  close(): Promise<void> {
    this.#closing ??= this.#end({ reason: "requested" });
    return this.#closing;
  }

  async #end(closed: Closed): Promise<void> {
    this.lifecycle.closing();
    this.#loop.stop();
    this.subscriptions.close();
    this.#data.receiver.stop();
    await this.#drain(closed.reason === "requested" ? this.options.drainMs : 0);
    // Not before: a handler that is still running may wait for an answer.
    this.#control?.receiver.stop();
    this.requester.close();
    if (this.#data.isUp) await this.#sayGoodbye();
    this.publisher.close();
    const links = [this.#data.link, this.#control?.link].filter((link) => link !== undefined);
    await Promise.all(links.map((link) => link.close({ withinMs: HANG_UP_MS })));
    for (const sender of this.senders()) sender.close();
    this.#state?.close();
    for (const channel of [this.#data, this.#control])
      channel?.subscriber.close("error" in closed ? closed.error : new ClientClosedError(this.options));
    this.lifecycle.end(closed);
  }

  /** Running handlers may finish; at the limit they are told to stop, and are given a moment for it. */
  async #drain(drainMs: number): Promise<void> {
    const { clock } = this.#deps;
    const idle = this.subscriptions.idle();
    const limit = (timeoutMs: number) =>
      waitFor(idle, { clock, timeoutMs, signal: undefined, onTimeout: () => new Error("drain limit") }).then(
        () => true,
        () => false,
      );
    if (await limit(drainMs)) return;
    const reason = new DOMException("The client is closing.", "AbortError");
    this.#abort.abort(reason);
    this.subscriptions.abort(reason);
    if (!(await limit(ABORT_GRACE_MS))) this.log.warn({}, "closing without a handler that did not stop");
  }

  async #sayGoodbye(): Promise<void> {
    const { presence } = this.options;
    try {
      if (presence !== undefined && this.#announcer !== undefined) {
        await this.publisher.publishConfirmed(presence.topic, this.#announcer.farewell(), { timeoutMs: FAREWELL_MS });
      }
      await this.publisher.flush(this.senders(), { timeoutMs: LAST_FLUSH_MS, signal: undefined });
    } catch (error) {
      this.log.warn({ err: error }, "not everything could be sent before closing");
    }
  }

  #createDataChannel(): Channel {
    return new Channel({
      ...this.#channelDeps(false),
      will: () => this.#announcer?.nextWill(),
      onState: (state) => this.lifecycle.dataChanged(state),
      onUp: ({ sessionPresent }) => this.#dataUp(sessionPresent),
      onSubscribed: () => this.lifecycle.subscribed(),
      onDown: () => {
        this.#cancelBacklog();
        this.#offsets.connectionLost(this.#deps.clock.nowMs());
        this.#announcer?.disconnected();
        this.#heartbeat?.disconnected();
      },
    });
  }

  #dataUp(sessionPresent: boolean): void {
    const { clock } = this.#deps;
    this.#offsets.areNeeded = this.#data.link.protocol === "3.1.1";
    if (sessionPresent && this.#offsets.areNeeded) {
      this.#offsets.backlogBegan(clock.nowMs());
      if (this.#announcer === undefined) {
        this.#cancelBacklog = clock.setTimer(BACKLOG_MS, () => this.#offsets.backlogEnded());
      }
    }
    this.#announcer?.connected();
    this.kept.connected();
    this.#heartbeat?.connected();
  }

  /** The control link opens on first use, or with the data link. */
  #openControl(): Channel {
    if (this.#control !== undefined) return this.#control;
    const control = new Channel({
      ...this.#channelDeps(true),
      will: () => undefined,
      onState: (state) => this.lifecycle.controlChanged(state.kind === "up" ? "up" : "down"),
      onUp: () => undefined,
      onSubscribed: () => undefined,
      onDown: () => undefined,
    });
    this.#control = control;
    if (this.#isStarted && this.lifecycle.isOpen) control.link.start();
    return control;
  }

  #channelFor(priority: "normal" | "high"): Channel {
    return priority === "high" ? this.#openControl() : this.#data;
  }

  #channelDeps(isControl: boolean) {
    return {
      ...this.#deps,
      options: this.options,
      log: this.log,
      meter: this.#meter,
      isControl,
      deliver: this.#deliver,
      onFatal: (error: Error) => this.#fail(error),
    };
  }

  #fail(error: Error): void {
    if (!this.lifecycle.isOpen) return;
    this.log.error({ err: error }, "the client is closed for good");
    this.#closing = this.#end({ reason: error instanceof ClientIdTakenError ? "client_id_taken" : "refused", error });
  }

  #createDeliver(): DeliverDeps {
    const { clock, random } = this.#deps;
    const { dedupeBounds } = this.options;
    return {
      clock,
      random,
      log: this.log,
      meter: this.#meter,
      duplicates: dedupeBounds.ttlMs === 0 ? undefined : new DuplicateFilter(dedupeBounds),
      deadLetters: this.#deadLetters,
      killers: this.#state && new KillerWatch(this.#state.runs),
      loop: this.#loop,
      offsets: this.#offsets,
      nextId: this.#nextId,
      abort: this.#abort.signal,
      onZombie: zombieCounter({ log: this.log, meter: this.#meter }),
    };
  }

  #createSubscriptions(): Subscriptions {
    return new Subscriptions({
      clientId: this.options.clientId,
      gate: new Gate(this.options.concurrency),
      channelFor: (priority) => this.#channelFor(priority),
      onFirstBurying: () => {
        this.subscriptions.listen({
          topic: rawTopic(this.#deadLetters.filter),
          link: "normal",
          intake: (topic, payload) => this.#deadLetters.found(topic, payload),
        });
      },
    });
  }

  #createAnnouncer(): Announcer | undefined {
    const { presence, source, compat } = this.options;
    if (presence === undefined) return undefined;
    return new Announcer({
      options: presence,
      clock: this.#deps.clock,
      log: this.log,
      source,
      compat,
      nextId: this.#nextId,
      publish: (topic, data) => this.publisher.publish(topic, data),
      onBirthSeen: () => this.#offsets.backlogEnded(),
    });
  }

  #watchOwnPresence(filter: string): void {
    this.subscriptions.listen({
      topic: rawTopic(filter),
      link: "normal",
      intake: (_topic, payload) => this.#announcer?.seen(payload),
    });
  }
}
