import type { AudioSource } from "@ts-tars/audio";
import type { Clock, ServiceDeps } from "@ts-tars/service";
import type { PrivacyStore } from "./privacy-store.ts";
import type { Share } from "./share.ts";
import type { Transcriber } from "./transcriber.ts";
import type { VoiceDetector } from "./voice-detector.ts";

/** What stt-worker is made of. */
export interface SttWorkerDeps extends Omit<ServiceDeps<unknown>, "config" | "settings" | "share"> {
  readonly transcriber: Transcriber;
  readonly openDetector: () => VoiceDetector;
  /** This machine's own microphone; undefined when it has none. */
  readonly source: AudioSource | undefined;
  readonly privacyStore: PrivacyStore;
  /** Shares this machine's microphone with others on it, from now on. */
  readonly openShare: () => Promise<Share>;
  /** Whether level and spectrum are told now, ten times a second. */
  readonly tellsSpectrum: () => boolean;
  /** Sites that are heard at the same time. */
  readonly siteCount: number;
  readonly clock: Clock;
}
