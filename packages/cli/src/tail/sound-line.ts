/** A frame of sound in words: nobody reads samples. Pure. */
import { AUDIO_FLAG, AUDIO_RATE_HZ, SoundFrame } from "@ts-tars/contracts";

/** A frame of sound as `tars tail` shows it. */
export interface ShownSound {
  /** The frame's header, and how many samples stand behind it. */
  readonly data: Omit<SoundFrame, "bytes"> & { readonly samples: number };
  /** `sound 20 ms at sample 3200`, and what its flags say. */
  readonly summary: string;
}

const BYTES_PER_SAMPLE = 2;

/** What is shown of an accepted binary message; undefined when it is no sound. */
export function shownSound(message: unknown): ShownSound | undefined {
  const frame = SoundFrame.safeParse(message);
  if (!frame.success) return undefined;
  const { bytes, ...header } = frame.data;
  const samples = bytes.length / BYTES_PER_SAMPLE;
  const ms = Number(((samples * 1_000) / AUDIO_RATE_HZ).toFixed(1));
  const flags = flagWords(header.flags ?? 0);
  const remark = flags.length === 0 ? "" : ` (${flags.join(", ")})`;
  return { data: { ...header, samples }, summary: `sound ${ms} ms at sample ${header.position}${remark}` };
}

function flagWords(flags: number): readonly string[] {
  return Object.entries(AUDIO_FLAG)
    .filter(([, bit]) => (flags & bit) !== 0)
    .map(([word]) => word);
}
