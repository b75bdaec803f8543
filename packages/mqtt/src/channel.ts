/** One link with all that rides on it: sender, receiver, subscriptions. The data link and the control link are two of these. */
import type { Clock } from "./clock.ts";
import { LinkError } from "./errors.ts";
import { planAttempts } from "./link/attempt-settings.ts";
import { Link, type LinkState } from "./link/link.ts";
import type { Log } from "./log.ts";
import type { Meter } from "./meter.ts";
import { Sender } from "./publish/sender.ts";
import type { DeliverDeps } from "./receive/delivery.ts";
import { Receiver } from "./receive/receiver.ts";
import { Subscriber } from "./receive/subscriber.ts";
import type { SubscriptionRecord } from "./receive/subscription.ts";
import { SubscriptionTable } from "./receive/subscription-table.ts";
import type { ResolvedOptions } from "./resolve-options.ts";
import { MAX_PUBLISH_PACKET_ID } from "./transport/mqttjs-transport.ts";
import type { Connack, OpenTransport, TransportSettings } from "./transport/transport.ts";

export interface ChannelDeps {
  readonly options: ResolvedOptions;
  readonly isControl: boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly open: OpenTransport;
  readonly random: () => number;
  readonly deliver: DeliverDeps;
  readonly will: () => TransportSettings["will"];
  readonly onState: (state: LinkState) => void;
  /** The connection is up; called before its subscriptions are answered. */
  readonly onUp: (connack: Connack) => void;
  /** Every SUBACK of the connection has come. */
  readonly onSubscribed: () => void;
  readonly onDown: () => void;
  readonly onFatal: (error: Error) => void;
}

export class Channel {
  readonly link: Link;
  readonly sender: Sender;
  readonly receiver: Receiver;
  readonly subscriber: Subscriber;

  constructor(deps: ChannelDeps) {
    const { options, clock, log, meter, isControl } = deps;
    const table = new SubscriptionTable<SubscriptionRecord>();
    this.sender = new Sender({
      clock,
      log,
      meter,
      window: options.sendWindow,
      bounds: { ...options.outboxBounds, maxPacketId: MAX_PUBLISH_PACKET_ID },
    });
    this.subscriber = new Subscriber({ table, log, clock, random: deps.random });
    this.receiver = new Receiver({
      clock,
      log,
      meter,
      isControl,
      table,
      deliver: deps.deliver,
      onOverfull: () =>
        this.link.holdBack(new LinkError({ what: "more messages are unfinished than this client holds" })),
      onRoom: () => this.link.resume(),
    });
    this.link = new Link(
      {
        name: isControl ? "control" : "data",
        clientId: options.clientId,
        clock,
        log,
        random: deps.random,
        open: deps.open,
        prepare: planAttempts({ options, isControl, will: deps.will }),
        protocol: options.protocol,
        backoff: options.backoff,
        watchdog: options.watchdog,
        attemptTimeoutMs: options.attemptTimeoutMs,
        mayBePoisoned: () => this.sender.hasFreshInflight,
      },
      {
        onState: deps.onState,
        onUp: (transport, connack) => {
          this.receiver.connected(transport);
          this.sender.connected(transport, connack);
          void this.subscriber.connected(transport, connack).then((isAnswered) => {
            if (isAnswered) deps.onSubscribed();
          });
          deps.onUp(connack);
        },
        onPublish: (packet) => this.receiver.receive(packet),
        onPuback: (packetId, reasonCode) => this.sender.puback(packetId, reasonCode),
        onDrain: () => this.sender.drained(),
        onEnded: (ended) => {
          this.subscriber.disconnected();
          this.receiver.disconnected();
          this.sender.disconnected(ended);
          deps.onDown();
        },
        onFatal: deps.onFatal,
      },
    );
  }

  get isUp(): boolean {
    return this.link.state.kind === "up";
  }
}
