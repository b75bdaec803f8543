import { randomBytes } from "node:crypto";
import {
  systemHealth,
  type TtsControlCommand,
  type TtsSay,
  ttsControl,
  ttsSay,
  ttsStatus,
  turnCancel,
  turnCancelled,
} from "@ts-tars/contracts";
import type { Received, Subscription } from "@ts-tars/mqtt";
import {
  aborted,
  type Clock,
  type LiveSettings,
  Mailbox,
  PeerWatch,
  type Service,
  type ServiceDeps,
  whenAborted,
} from "@ts-tars/service";
import type { TtsWorkerConfig } from "./config.ts";
import type { Happening } from "./loudspeaker.ts";
import type { Mouth } from "./mouth.ts";
import { Rooms } from "./rooms.ts";
import type { Sentence } from "./sentence.ts";
import { sentenceOf, statusOf, turnOf } from "./statuses.ts";

export interface TtsWorkerDeps extends Pick<ServiceDeps<unknown>, "client" | "health" | "log"> {
  readonly openMouth: () => Promise<Mouth>;
  readonly clock: Clock;
  /** The volume follows them. */
  readonly settings: LiveSettings<Pick<TtsWorkerConfig, "volume">>;
  readonly siteCountMax: number;
}

type Inbound =
  | { readonly type: "happened"; readonly siteId: string; readonly happening: Happening }
  | { readonly type: "turn_cancelled"; readonly uttId: string; readonly atMs: number }
  | { readonly type: "loudness"; readonly command: TtsControlCommand }
  | { readonly type: "volume_set"; readonly volume: number }
  | { readonly type: "router_lost" }
  | { readonly type: "stopping" };

type Inbox = Mailbox<Inbound>;

/** Sentences may come in bursts after an outage; over this the sender tries again. */
const INBOX_CAPACITY = 4_096;

/** Speaks what `tts/say` asks for, one sentence at a time at each site, and reports on `tts/status`. */
export function ttsWorker({ client, health, clock, openMouth, settings, ...parts }: TtsWorkerDeps): Service {
  return async ({ stop, ready }) => {
    const inbox: Inbox = new Mailbox({ capacity: INBOX_CAPACITY });
    const tell = (publish: () => void, about: object): void => {
      try {
        publish();
      } catch (error) {
        // A full outbox: who waits for the word has a deadline; the loudspeaker goes on.
        parts.log.error({ err: error, ...about }, "what was spoken or cut could not be told");
      }
    };
    await using mouth = await openMouth();
    await using rooms = new Rooms({
      ...parts,
      clock,
      volume: settings.current.volume,
      synthesis: mouth.synthesis,
      openSink: (siteId) => mouth.openSink(siteId),
      post: (siteId, happening) => void inbox.post({ type: "happened", siteId, happening }),
      report: (siteId, report) => {
        const { uttId, sayId } = report.sentence;
        const status = statusOf(report, { siteId });
        tell(() => client.publish(ttsStatus, status, { correlationId: uttId }), { say_id: sayId });
      },
    });
    const routerWatch = new PeerWatch({ clock, onLost: () => void inbox.post({ type: "router_lost" }) });

    using _volume = settings.watch("volume", (volume) => void inbox.post({ type: "volume_set", volume }));
    const subscriptions = subscribe({ client, clock, inbox, routerWatch });
    using _ending = whenAborted(stop, () => inbox.post({ type: "stopping" }).close());
    await Promise.race([Promise.all(subscriptions.map(({ active }) => active)), aborted(stop)]);
    health.detail({ ...mouth.detail, ...rooms.detail });
    ready();

    await inbox.run((event) => {
      switch (event.type) {
        case "happened":
          return rooms.handle(event.siteId, event.happening);
        case "turn_cancelled": {
          const active = rooms.cancel(event.uttId);
          const tookMs = Math.round(clock.nowMs() - event.atMs);
          const acknowledgement = { utt_id: event.uttId, service: "tts-worker", active, took_ms: tookMs };
          return tell(() => client.publish(turnCancelled, acknowledgement), { utt_id: event.uttId });
        }
        case "loudness":
          rooms.setLoudness(event.command);
          return health.detail(rooms.detail);
        case "volume_set":
          rooms.setVolume(event.volume);
          return health.detail(rooms.detail);
        case "router_lost":
          return rooms.handleAll({ type: "abandoned" });
        case "stopping":
          routerWatch.stop();
          return rooms.handleAll({ type: "silenced" });
      }
    });
  };
}

interface Hearing extends Pick<TtsWorkerDeps, "client" | "clock"> {
  readonly inbox: Inbox;
  readonly routerWatch: PeerWatch;
}

function subscribe({ client, clock, inbox, routerWatch }: Hearing): readonly Subscription[] {
  return [
    // Resolves when the sentence is queued; what waits in memory dies with the process, and the README says so.
    client.subscribe(ttsSay, (message) => {
      const happening = { type: "requested", sentence: sentenceIn(message) } as const;
      return inbox.handled({ type: "happened", siteId: message.data.site_id, happening });
    }),
    client.subscribe(ttsControl, ({ data }) => void inbox.post(controlOf(data))),
    client.subscribe(turnCancel, ({ data }) => {
      // A cancel of a whole site is for the router, which sends one for each of its turns.
      if (data.utt_id !== undefined) inbox.post({ type: "turn_cancelled", uttId: data.utt_id, atMs: clock.nowMs() });
    }),
    client.subscribe(systemHealth.at({ service: "router" }), ({ data }) => routerWatch.see(data)),
  ];
}

/** A foreign sentence is known by its message, so that one delivered again is not spoken again. */
function sentenceIn({ data, id, correlationId }: Received<TtsSay>): Sentence {
  const sayId = /^[0-9a-f]{32}$/.test(id) ? id : randomBytes(16).toString("hex");
  return sentenceOf(data, { sayId, uttId: correlationId ?? sayId });
}

function controlOf(command: TtsControlCommand): Inbound {
  const uttId = turnOf(command);
  const happened = (happening: Happening): Inbound => ({ type: "happened", siteId: command.site_id, happening });
  switch (command.action) {
    case "pause":
      return happened({ type: "paused", uttId, ttlMs: command.ttl_ms });
    case "resume":
      return happened({ type: "resumed", uttId });
    case "stop":
      return happened({ type: "stopped", uttId });
    case "mute":
    case "unmute":
    case "volume":
      return { type: "loudness", command };
  }
}
