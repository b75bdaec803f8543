import {
  intentsCurrent,
  sttPrivacy,
  systemHealth,
  ttsStatus,
  turnCancel,
  turnCancelled,
  wakeMic,
} from "@ts-tars/contracts";
import type { Subscription } from "@ts-tars/mqtt";
import { aborted, Mailbox, PeerWatch, type Service, whenAborted } from "@ts-tars/service";
import type { SttWorkerDeps } from "./deps.ts";
import { Ears } from "./ears.ts";
import type { Inbound } from "./inbound.ts";
import { openRemoteMicrophones } from "./remote-microphones.ts";

type Inbox = Mailbox<Inbound>;

/** Frames wait for their turn one by one and site by site; this is for orders in a burst. */
const INBOX_CAPACITY = 4_096;

/** Hears what `wake/mic` allows, and says once for each utterance what it was: `stt/final`, or `stt/refused` and why. */
export function sttWorker(deps: SttWorkerDeps): Service {
  const { client, clock, log, privacyStore } = deps;
  return async ({ stop, ready }) => {
    const inbox: Inbox = new Mailbox({ capacity: INBOX_CAPACITY });
    const post = (event: Inbound): void => void inbox.post(event);
    const handled = (event: Inbound): Promise<void> => inbox.handled(event);
    await using share = await deps.openShare();
    await using ears = new Ears({ ...deps, share, post, handled }, await privacyStore.read());
    await using remote = openRemoteMicrophones({
      ...{ client, clock, log },
      onFrame: (siteId, frame, provenance) => handled({ type: "heard", siteId, frame, provenance }),
      onEnd: (siteId, captureId) => post({ type: "source_ended", siteId, captureId }),
    });
    const routerWatch = new PeerWatch({ clock, onLost: () => post({ type: "router_lost" }) });

    const subscriptions = subscribe({ client, clock, inbox, routerWatch });
    using _ending = whenAborted(stop, () => inbox.post({ type: "stopping" }).close());
    const active = [...subscriptions.map((subscription) => subscription.active), remote.active];
    await Promise.race([Promise.all(active), aborted(stop)]);
    ready();

    await inbox.run((event) => {
      switch (event.type) {
        case "heard":
          return ears.hear(event);
        case "source_ended":
          return ears.sites.sourceEnded(event.siteId, event.captureId);
        case "ordered":
          return ears.sites.command(event.command);
        case "turn_cancelled": {
          const active = ears.sites.cancel(event.uttId);
          const tookMs = Math.round(clock.nowMs() - event.atMs);
          client.publish(turnCancelled, { utt_id: event.uttId, service: "stt-worker", active, took_ms: tookMs });
          return;
        }
        case "privacy_ordered":
          return ears.setPrivacy(event.order);
        case "spoken":
          return ears.remember(event.status);
        case "intents_changed":
          return ears.takeIntents(event.intents);
        case "router_lost":
          return ears.sites.routerLost();
        case "parts_changed":
          return ears.showParts();
        case "site_news":
        case "site_time":
        case "sites_swept":
          return ears.sites.take(event);
        case "stopping":
          return routerWatch.stop();
      }
    });
  };
}

interface Hearing extends Pick<SttWorkerDeps, "client" | "clock"> {
  readonly inbox: Inbox;
  readonly routerWatch: PeerWatch;
}

function subscribe({ client, clock, inbox, routerWatch }: Hearing): readonly Subscription[] {
  return [
    client.subscribe(wakeMic, ({ data }) => void inbox.post({ type: "ordered", command: data })),
    client.subscribe(turnCancel, ({ data }) => {
      // A cancel of a whole site is for the router, which sends one for each of its turns.
      if (data.utt_id !== undefined) inbox.post({ type: "turn_cancelled", uttId: data.utt_id, atMs: clock.nowMs() });
    }),
    // Handled when it is kept, and the device is closed.
    client.subscribe(sttPrivacy, ({ data }) => inbox.handled({ type: "privacy_ordered", order: data })),
    client.subscribe(intentsCurrent, ({ data }) => void inbox.post({ type: "intents_changed", intents: data })),
    client.subscribe(ttsStatus, ({ data }) => void inbox.post({ type: "spoken", status: data })),
    client.subscribe(systemHealth.at({ service: "router" }), ({ data }) => routerWatch.see(data)),
  ];
}
