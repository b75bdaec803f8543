import type { AudioSinkError } from "../errors.ts";
import type { Timing } from "./playhead.ts";

/** What a loudspeaker tells of the sound it plays. */
export interface SpeakerNews {
  /** It begins, or goes on after it had run dry. */
  readonly moved: () => void;
  /** So many samples have sounded. */
  readonly reported: (sample: number) => void;
  /** The last sample has sounded. */
  readonly ended: () => void;
  readonly broke: (error: Error) => void;
}

/** One sound on its way into a loudspeaker. None of it waits: who cannot keep up says so by its news, or by saying nothing. */
export interface Outlet {
  readonly timing: Timing;
  /** Whether the last sample has sounded when the playhead says so, or only when the outlet does. */
  readonly endsBy: "playhead" | "outlet";
  write(pcm: Int16Array): void;
  /** Nothing more follows. */
  finish(): void;
  /** Silence at once. Nothing is called after it. */
  cut(): void;
  /** All has sounded. Nothing is called after it. */
  release(): void;
}

/** What the sinks differ in; `PacedSink` makes an `AudioSink` of it. */
export interface Speaker {
  readonly name: string;
  readonly isAudible: boolean;
  prepare(): void;
  /** Rejects with an `AudioSinkError`. Comes it too late, whoever asked cuts it. */
  open(sayId: string, news: SpeakerNews): Promise<Outlet>;
  /** What is the matter when a sound does not go on. */
  silence(): AudioSinkError;
  close(): Promise<void>;
}
