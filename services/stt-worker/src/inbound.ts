import type { AudioFrame } from "@ts-tars/audio";
import type { IntentsCurrent, SttPrivacy, TtsStatus, WakeMicCommand } from "@ts-tars/contracts";
import type { Provenance } from "./arrivals.ts";
import type { SiteTask } from "./sites.ts";

/** Everything that happens to stt-worker, handled one after the other. */
export type Inbound =
  | { readonly type: "heard"; readonly siteId: string; readonly frame: AudioFrame; readonly provenance: Provenance }
  | { readonly type: "source_ended"; readonly siteId: string; readonly captureId: string }
  | { readonly type: "ordered"; readonly command: WakeMicCommand }
  | { readonly type: "turn_cancelled"; readonly uttId: string; readonly atMs: number }
  | { readonly type: "privacy_ordered"; readonly order: SttPrivacy }
  | { readonly type: "spoken"; readonly status: TtsStatus }
  | { readonly type: "intents_changed"; readonly intents: IntentsCurrent }
  | { readonly type: "router_lost" }
  /** The microphone or a decoder is better or worse than before. */
  | { readonly type: "parts_changed" }
  | SiteTask
  | { readonly type: "stopping" };
