/** The loudspeakers of all sites: one for each site that was ever spoken to. */
import type { TtsControlCommand } from "@ts-tars/contracts";
import type { Log } from "@ts-tars/mqtt";
import type { Clock } from "@ts-tars/service";
import type { AudioSink } from "./audio-sink.ts";
import { type Happening, Loudspeaker } from "./loudspeaker.ts";
import type { Report } from "./sentence.ts";
import type { SpeechEngine } from "./speech-engine.ts";

export interface RoomsDeps {
  readonly engine: SpeechEngine;
  readonly openSink: () => AudioSink;
  readonly clock: Clock;
  readonly log: Log;
  /** 0 is silent, 1 is full. */
  readonly volume: number;
  readonly siteCountMax: number;
  readonly post: (siteId: string, happening: Happening) => void;
  readonly report: (siteId: string, report: Report) => void;
}

/** The site of messages that name none; its loudspeaker is always there. */
const DEFAULT_SITE = "default";

interface Room {
  readonly loudspeaker: Loudspeaker;
  volume: number;
  isMuted: boolean;
}

export class Rooms {
  readonly #deps: RoomsDeps;
  readonly #rooms = new Map<string, Room>();
  readonly #default: Room;

  constructor(deps: RoomsDeps) {
    this.#deps = deps;
    this.#default = this.#open(DEFAULT_SITE);
  }

  /** What health tells of them. */
  get detail(): { readonly volume: number; readonly muted_sites: string } {
    const muted = [...this.#rooms].filter(([, { isMuted }]) => isMuted).map(([siteId]) => siteId);
    return { volume: this.#default.volume, muted_sites: muted.join(" ") };
  }

  /** Something happened at a site. A sentence for one site too many is refused. */
  handle(siteId: string, happening: Happening): void {
    const room = this.#rooms.get(siteId) ?? (happening.type === "requested" ? this.#openIfRoom(siteId) : undefined);
    if (room !== undefined) room.loudspeaker.handle(happening);
    else if (happening.type === "requested") {
      const detail = `There are loudspeakers for ${this.#deps.siteCountMax} sites already.`;
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

  #openIfRoom(siteId: string): Room | undefined {
    return this.#rooms.size < this.#deps.siteCountMax ? this.#open(siteId) : undefined;
  }

  #open(siteId: string): Room {
    const { openSink, post, report, volume, ...shared } = this.#deps;
    const loudspeaker = new Loudspeaker({
      ...shared,
      sink: openSink(),
      post: (happening) => post(siteId, happening),
      report: (told) => report(siteId, told),
      // A cancel that came before the site was opened counts here too: all of them heard it.
      ...(this.#rooms.size > 0 && { cancelled: this.#default.loudspeaker.cancelled }),
    });
    loudspeaker.setVolume(volume);
    const room: Room = { loudspeaker, volume, isMuted: false };
    this.#rooms.set(siteId, room);
    return room;
  }
}
