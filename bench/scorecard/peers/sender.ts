/** What a publishing application does, whoever's client it has: names its messages, and notes what became of `publish`. */
import { startPace } from "./pace.ts";
import type { Notebook } from "./peer.ts";
import type { PeerSettings } from "./peer-messages.ts";
import { type Numbered, nameOf, numbered, type TrafficData } from "./traffic-topic.ts";

/** Hands one message to a client and returns its id there, if any; throws when the client does not take it. */
export type Publish = (data: TrafficData, place: Numbered & { readonly count: number }) => string;

/** Of the machine, also in a process that believes it to be 1970. */
function epochMs(): number {
  return performance.timeOrigin + performance.now();
}

/** Publishes at the pace of its case until it is told to stop. */
export interface Sender {
  /** Publishes one message now; by default with as much ballast as the others. */
  send(paddingBytes?: number): string;
  /** Ends the traffic, with one more message of each key. */
  stop(): void;
}

/** Starts the traffic. */
export function startSender(
  publish: Publish,
  deps: { readonly settings: PeerSettings; readonly notebook: Notebook },
): Sender {
  const { settings, notebook } = deps;
  const { traffic, life } = settings;
  let count = settings.offeredBefore;

  const send = (paddingBytes: number = traffic.paddingBytes): string => {
    const place = { ...numbered(count, settings), count };
    const { key, seq, isDurable } = place;
    const message = nameOf(place);
    count += 1;
    notebook.write({ type: "offered", message });
    try {
      const id = publish({ key, seq, padding: "x".repeat(paddingBytes) }, place);
      const note = { message, key, seq, atMs: epochMs(), life, isDurable };
      notebook.write({ type: "accepted", note, id });
    } catch (error) {
      notebook.write({ type: "refused", errorName: error instanceof Error ? error.name : String(error) });
    }
    return message;
  };

  const stopPace = startPace({ perSecond: traffic.messagesPerSecond, act: () => void send() });
  return {
    send,
    stop: () => {
      stopPace();
      for (let key = 0; key < traffic.topics * traffic.keysPerTopic; key += 1) send();
    },
  };
}
