/** The loudspeakers of all sites: one for each site that was spoken to lately. */
import type { AudioSink } from "@ts-tars/audio";
import type { TtsControlCommand } from "@ts-tars/contracts";
import type { Log } from "@ts-tars/mqtt";
import type { Clock } from "@ts-tars/service";
import { type Happening, Loudspeaker } from "./loudspeaker.ts";
import type { Report } from "./sentence.ts";
import type { Synthesis } from "./synthesis.ts";

export interface RoomsDeps {
  readonly synthesis: Pick<Synthesis, "begin">;
  readonly openSink: (siteId: string) => AudioSink;
  readonly clock: Clock;
  readonly log: Log;
  /** At the start; 0 is silent, 1 is full. */
  readonly volume: number;
  readonly siteCountMax: number;
  readonly post: (siteId: string, happening: Happening) => void;
  readonly report: (siteId: string, report: Report) => void;
}

/** The site of messages that name none; its loudspeaker is always there. */
export const DEFAULT_SITE = "default";

interface Room {
  readonly loudspeaker: Loudspeaker;
  readonly sink: AudioSink;
  usedAtMs: number;
  volume: number;
  isMuted: boolean;
}

export class Rooms implements AsyncDisposable {
  readonly #deps: RoomsDeps;
  readonly #rooms = new Map<string, Room>();
  readonly #default: Room;
  /** Of sites that are opened from now on. */
  #volume: number;

  constructor(deps: RoomsDeps) {
    this.#deps = deps;
    this.#volume = deps.volume;
    this.#default = this.#open(DEFAULT_SITE);
  }

  /** What health tells of them. */
  get detail(): { readonly volume: number; readonly muted_sites: string } {
    const muted = [...this.#rooms].filter(([, { isMuted }]) => isMuted).map(([siteId]) => siteId);
    return { volume: this.#default.volume, muted_sites: muted.join(" ") };
  }

  /** Something happened at a site. A sentence for one site too many is refused while all the others speak. */
  handle(siteId: string, happening: Happening): void {
    const room = this.#rooms.get(siteId) ?? (happening.type === "requested" ? this.#openIfRoom(siteId) : undefined);
    if (room !== undefined) {
      room.usedAtMs = this.#deps.clock.nowMs();
      room.loudspeaker.handle(happening);
    } else if (happening.type === "requested") {
      const detail = `${this.#deps.siteCountMax} sites are spoken to already.`;
      const { sentence } = happening;
      this.#deps.report(siteId, { event: "failed", sentence, reason: "dropped", spokenRatio: 0, detail });
    }
  }

  /** Something happened to all of them. */
  handleAll(happening: Happening): void {
    for (const { loudspeaker } of this.#rooms.values()) loudspeaker.handle(happening);
  }

  /** Ends a turn wherever it speaks; tells whether it did anywhere. */
  cancel(uttId: string): boolean {
    const answers = [...this.#rooms.values()].map(({ loudspeaker }) =>
      loudspeaker.handle({ type: "cancelled", uttId }),
    );
    return answers.some(({ wasActive }) => wasActive);
  }

  setLoudness({ action, volume, site_id: siteId }: TtsControlCommand): void {
    const room = this.#rooms.get(siteId) ?? this.#openIfRoom(siteId);
    if (room === undefined) return;
    if (action === "mute" || action === "unmute") room.isMuted = action === "mute";
    room.volume = volume ?? room.volume;
    room.loudspeaker.setVolume(room.isMuted ? 0 : room.volume);
  }

  /** The volume everywhere; what is muted stays so. */
  setVolume(volume: number): void {
    this.#volume = volume;
    for (const room of this.#rooms.values()) {
      room.volume = volume;
      room.loudspeaker.setVolume(room.isMuted ? 0 : volume);
    }
  }

  /** Releases every sink. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#rooms.values()].map(({ sink }) => sink.close()));
  }

  #openIfRoom(siteId: string): Room | undefined {
    if (this.#rooms.size >= this.#deps.siteCountMax) this.#closeLongestIdle();
    return this.#rooms.size < this.#deps.siteCountMax ? this.#open(siteId) : undefined;
  }

  /** The site that was silent for longest makes room; its volume and mute are forgotten. */
  #closeLongestIdle(): void {
    const idle = [...this.#rooms].filter(([siteId, room]) => siteId !== DEFAULT_SITE && room.loudspeaker.isIdle);
    const [longest] = idle.sort(([, a], [, b]) => a.usedAtMs - b.usedAtMs);
    if (longest === undefined) return;
    const [siteId, { sink }] = longest;
    this.#rooms.delete(siteId);
    sink.close().catch((error: unknown) => this.#deps.log.warn({ err: error, site_id: siteId }, "sink did not close"));
  }

  #open(siteId: string): Room {
    const { openSink, post, report, volume: _atStart, ...shared } = this.#deps;
    const volume = this.#volume;
    const sink = openSink(siteId);
    const loudspeaker = new Loudspeaker({
      ...shared,
      sink,
      post: (happening) => post(siteId, happening),
      report: (told) => report(siteId, told),
      // A cancel that came before the site was opened counts here too: all of them heard it.
      ...(this.#rooms.size > 0 && { cancelled: this.#default.loudspeaker.cancelled }),
    });
    loudspeaker.setVolume(volume);
    const room: Room = { loudspeaker, sink, usedAtMs: shared.clock.nowMs(), volume, isMuted: false };
    this.#rooms.set(siteId, room);
    return room;
  }
}
