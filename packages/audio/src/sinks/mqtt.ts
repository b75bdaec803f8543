import type { Client } from "@ts-tars/mqtt";
import type { AudioSink } from "../audio-sink.ts";
import { PacedSink, type SinkOptions } from "./paced-sink.ts";
import { RemoteSite } from "./remote-site.ts";

/** Which site, and the way to it. */
export interface MqttSinkOptions extends SinkOptions {
  readonly client: Client;
  readonly siteId: string;
}

/**
 * The loudspeaker of a site that is not this machine's: `audio/{site}/speaker`, at most 100 ms ahead of its time.
 *
 * What has sounded is what the remote reports on `audio/{site}/playout`, carried on by the clock, never more than was sent. A remote
 * that says nothing for 2 s, or does not go on for so long, does not play: the sentence fails. A stop is `audio/{site}/flush`.
 */
export function openMqttSink({ client, siteId, ...options }: MqttSinkOptions): AudioSink {
  return new PacedSink(new RemoteSite(client, siteId), options);
}
