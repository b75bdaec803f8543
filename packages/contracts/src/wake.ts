import { defineTopic } from "@ts-tars/mqtt/contract";
import { z } from "zod";
import { CaptureId, messageId, Reason, SampleIndex, siteId, UttId } from "./fields.ts";
import { Grant } from "./grant.ts";

/**
 * The grant: what the microphone of a site may do. `open`: what is said is transcribed, from `from_sample` on; `armed`: only the
 * wake phrase and the stop word are heard; `closed`: nothing is.
 */
export const WakeMicCommand = z
  .object({
    message_id: messageId,
    grant: Grant.optional(),
    /** The reference's word: `unmute` is `open`, `mute` is `armed`. Read when there is no `grant`, and written beside it. */
    action: z.enum(["mute", "unmute"]).optional(),
    reason: Reason.optional(),
    /** The turn that the next utterance belongs to. */
    utt_id: UttId.optional(),
    /** Of the capture that the samples are counted in. */
    capture_id: CaptureId.optional(),
    /** The utterance begins here, also when that lies in the past (the ring holds 5 s). */
    from_sample: SampleIndex.optional(),
    /** The utterance ends here: the button was released. */
    to_sample: SampleIndex.optional(),
    /** With `armed`: true transcribes the running segment, otherwise it is dropped. */
    finish: z.boolean().optional(),
    /** Then the grant goes back to `armed`, unless somebody is speaking. */
    ttl_ms: z.number().int().nonnegative().optional(),
    site_id: siteId,
  })
  .refine(({ grant, action }) => grant !== undefined || action !== undefined, {
    path: ["grant"],
    message: "must be there, or the old action",
  });
export type WakeMicCommand = z.output<typeof WakeMicCommand>;

/** router → stt-worker. Nobody else opens a microphone. */
export const wakeMic = defineTopic({
  name: "wake/mic",
  type: "wake.mic",
  delivery: "command",
  ttlMs: 5_000,
  priority: "high",
  acceptsBare: true,
  reference: { lacks: ["grant", "utt_id", "capture_id", "from_sample", "to_sample", "finish", "site_id"] },
  payload: WakeMicCommand,
});

/** The grant of a command, also of an old one. */
export function grantOf({ grant, action }: Pick<WakeMicCommand, "grant" | "action">): Grant {
  return grant ?? (action === "unmute" ? "open" : "armed");
}

/** The old word for a grant, written beside it for peers that know no other: they know nothing between open and not. */
export function micActionOf(grant: Grant): "mute" | "unmute" {
  return grant === "open" ? "unmute" : "mute";
}
