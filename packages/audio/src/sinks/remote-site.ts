import {
  AUDIO_FLAG,
  AUDIO_FRAME_SAMPLES_MAX,
  type AudioPlayout,
  audioFlush,
  audioPlayout,
  audioSpeaker,
  soundIdOf,
} from "@ts-tars/contracts";
import type { Client, Subscription } from "@ts-tars/mqtt";
import { AudioSinkError } from "../errors.ts";
import { samplesOfMs } from "../frame.ts";
import { bytesOf } from "../pcm/sample-bytes.ts";
import type { Outlet, Speaker, SpeakerNews } from "./speaker.ts";

/** How long a sample is under way before the remote has said anything: a guess. */
const LATENCY_MS = 120;

/** Sends sound to a site, and hears how far it is there. */
export class RemoteSite implements Speaker {
  readonly name = "mqtt";
  readonly isAudible = true;
  readonly #client: Client;
  readonly #siteId: string;
  readonly #playout: Subscription;
  #current: { readonly soundId: string; readonly news: SpeakerNews } | undefined;

  constructor(client: Client, siteId: string) {
    this.#client = client;
    this.#siteId = siteId;
    this.#playout = client.subscribe(audioPlayout.at({ site: siteId }), ({ data }) => this.#hear(data));
  }

  prepare(): void {
    // The way is open as long as the site is.
  }

  async open(sayId: string, news: SpeakerNews): Promise<Outlet> {
    // What is sent before the answers can be heard would be taken for silence.
    await this.#playout.active;
    this.#current = { soundId: soundIdOf(sayId), news };
    return new RemoteOutlet({ client: this.#client, siteId: this.#siteId, sayId, broke: news.broke });
  }

  silence(): AudioSinkError {
    return new AudioSinkError(`Nobody plays sound at the site "${this.#siteId}".`, {
      remedy: "Open its page and switch sound on, or look whether its satellite runs.",
    });
  }

  async close(): Promise<void> {
    this.#current = undefined;
    await this.#playout.stop();
  }

  #hear({ say_id: sayId, state, played_ms: playedMs, detail }: AudioPlayout): void {
    if (this.#current?.soundId !== soundIdOf(sayId)) return;
    const { news } = this.#current;
    switch (state) {
      case "playing":
        news.reported(samplesOfMs(playedMs));
        return;
      case "ended":
        news.ended();
        return;
      case "failed":
        news.broke(this.#failure(detail));
        return;
    }
  }

  #failure(detail: string | undefined): AudioSinkError {
    const why = detail === undefined ? "." : `: ${detail}`;
    return new AudioSinkError(`The loudspeaker of the site "${this.#siteId}" failed${why}`, {
      remedy: "Look at its page, or at its satellite.",
    });
  }
}

interface RemoteOutletDeps {
  readonly client: Client;
  readonly siteId: string;
  readonly sayId: string;
  readonly broke: (error: Error) => void;
}

class RemoteOutlet implements Outlet {
  readonly timing = { by: "reports", latencyMs: LATENCY_MS } as const;
  readonly endsBy = "outlet";
  readonly #deps: RemoteOutletDeps;
  /** Bound once: a frame goes out every 20 ms. */
  readonly #topic: ReturnType<typeof audioSpeaker.at>;
  readonly #soundId: string;
  #sequence = 0;
  #position = 0;

  constructor(deps: RemoteOutletDeps) {
    this.#deps = deps;
    this.#topic = audioSpeaker.at({ site: deps.siteId });
    this.#soundId = soundIdOf(deps.sayId);
  }

  write(pcm: Int16Array): void {
    for (let at = 0; at < pcm.length; at += AUDIO_FRAME_SAMPLES_MAX) {
      this.#send(pcm.subarray(at, at + AUDIO_FRAME_SAMPLES_MAX), 0);
    }
  }

  finish(): void {
    this.#send(new Int16Array(0), AUDIO_FLAG.end);
  }

  cut(): void {
    if (this.#sequence === 0) return;
    const { client, siteId: site, sayId } = this.#deps;
    this.#attempt(() => client.publish(audioFlush.at({ site }), { say_id: sayId }));
  }

  release(): void {
    // The remote has said itself that it is at the end.
  }

  #send(pcm: Int16Array, flags: number): void {
    const frame = {
      sequence: this.#sequence,
      stream_id: this.#soundId,
      position: this.#position,
      flags,
      bytes: bytesOf(pcm),
    };
    this.#sequence += 1;
    this.#position += pcm.length;
    this.#attempt(() => this.#deps.client.publish(this.#topic, frame));
  }

  /** A client that is closed, or full, cannot send: the sentence breaks, nobody else does. */
  #attempt(publish: () => void): void {
    try {
      publish();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const remedy = "Look at the connection to the broker.";
      this.#deps.broke(new AudioSinkError(`Sound could not be sent: ${why}`, { remedy, cause: error }));
    }
  }
}
