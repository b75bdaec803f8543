import { defineTopic } from "@ts-tars/mqtt/contract";
import { z } from "zod";
import { CaptureId, DurationMs, Hex32, Reason, siteId, UttId } from "./fields.ts";
import { Grant } from "./grant.ts";

/** Where the sound of a site comes from, and whether it does. */
export const Hearing = z.object({
  /** `device`, `wav`, `mqtt`, `fanout`, `none`. */
  source: z.string().min(1).max(64),
  /** `closed`: nobody has allowed it yet, or privacy is on; `lost`: it should be there and is not; `full`: too many sites. */
  state: z.enum(["open", "closed", "opening", "lost", "full"]),
  /** What the source calls itself, such as the device. */
  name: z.string().max(200).optional(),
  /** The cause and the one thing to do, when it is lost. */
  detail: Reason.optional(),
});
export type Hearing = z.output<typeof Hearing>;

/** How well the robot can listen while it speaks: 04, rule 4. */
export const DuplexMode = z.enum(["half", "aec", "full"]);
export type DuplexMode = z.output<typeof DuplexMode>;

/** The ears of one site: what the page shows. */
export const SttState = z.object({
  /** Of stt-worker's process; of another boot the state is stale. */
  boot: Hex32,
  site_id: siteId,
  hearing: Hearing,
  grant: Grant,
  /** How long the grant lasts at most, counted from this message. */
  deadline_ms: DurationMs.optional(),
  /** The turn that is listened to. */
  utt_id: UttId.optional(),
  capture_id: CaptureId.optional(),
  activity: z.enum(["idle", "speech", "transcribing"]),
  duplex: DuplexMode.default("half"),
  /** No microphone is open, and nothing opens one but the person. */
  privacy: z.boolean(),
  /** Why privacy is on: `not yet allowed` at the first start. */
  privacy_reason: Reason.optional(),
  /** What transcribes: `pocketsphinx`, `none`. */
  engine: z.string().max(64).optional(),
});
export type SttState = z.output<typeof SttState>;

/** stt-worker → all. The router extends its deadlines by it. */
export const sttState = defineTopic({
  name: "stt/state/{site}",
  type: "stt.state",
  delivery: "state",
  payload: SttState,
});

/** Whether any microphone may be open, at every site. */
export const SttPrivacy = z.object({
  on: z.boolean(),
  /** Who said so: `page`, `cli`, `button` …; shown. */
  reason: Reason.optional(),
});
export type SttPrivacy = z.output<typeof SttPrivacy>;

/**
 * ui, cli, button → stt-worker, which keeps it over restarts. On: closes devices and browser microphones, forgets what was heard
 * last. Nothing else switches it off.
 */
export const sttPrivacy = defineTopic({
  name: "stt/privacy",
  type: "stt.privacy",
  delivery: "command",
  ttlMs: 5_000,
  priority: "high",
  payload: SttPrivacy,
});
