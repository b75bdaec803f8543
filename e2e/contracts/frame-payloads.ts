/** Frames of sound: some with one field of a golden one changed, some drawn anew, and bytes that are no frame. */
import type { Dice } from "../../bench/scorecard/dice.ts";
import { pick } from "./odd-values.ts";

/** Where the fields of a frame stand; see `BinaryFrame`. */
const FIELDS: Readonly<Record<string, readonly [from: number, to: number]>> = {
  magic: [0, 2],
  version: [2, 3],
  flags: [3, 4],
  sequence: [4, 8],
  ts: [8, 16],
  stream_id: [16, 24],
  position: [24, 32],
};

export const FRAME_FIELDS = [...Object.keys(FIELDS), "bytes"];

/** One change of one field. */
export function mutateFrame(
  golden: Buffer,
  { field, dice }: { readonly field: string; readonly dice: Dice },
): { readonly payload: Buffer; readonly how: string } {
  const range = FIELDS[field];
  if (range === undefined) return { payload: otherBytes(golden, dice), how: "other bytes" };
  const payload = Buffer.from(golden);
  const part = payload.subarray(...range);
  const how = pick(dice, ["bit", "ones", "zeros", "noise"]);
  const place = dice.below(part.length);
  if (how === "bit") part[place] = (part[place] ?? 0) ^ (1 << dice.below(8));
  else for (const index of part.keys()) part[index] = how === "noise" ? dice.below(256) : how === "ones" ? 0xff : 0;
  return { payload, how: `${how} in ${field}` };
}

function otherBytes(golden: Buffer, dice: Dice): Buffer {
  const header = golden.subarray(0, 32);
  const length = pick(dice, [0, 1, 2, 3, 639, 640, 2_046, 2_047, 2_048, 2_049, 2_050, 4_096, 70_000]);
  const cut = golden.subarray(0, dice.below(golden.length + 1));
  return pick(dice, [
    Buffer.concat([header, Buffer.alloc(length, dice.below(256))]),
    cut,
    Buffer.concat([golden, header]),
  ]);
}

/** Any frame that is one. */
export function drawFrame(dice: Dice): Buffer {
  const frame = Buffer.alloc(32 + 2 * dice.below(1_025));
  frame.write("TB\u0001", "latin1");
  frame[3] = dice.below(256);
  frame.writeUInt32LE(dice.below(2 ** 32), 4);
  frame.writeDoubleLE(dice.between([-1e12, 1e12]), 8);
  frame.writeUInt32LE(dice.below(2 ** 32), 16);
  frame.writeUInt32LE(dice.below(2 ** 32), 20);
  frame.writeUInt32LE(dice.below(2 ** 32), 24);
  frame.writeUInt32LE(dice.below(2 ** 21), 28);
  return frame;
}

/** Any bytes, often with the beginning of a frame. */
export function drawBytes(dice: Dice): Buffer {
  const bytes = Buffer.from(Array.from({ length: dice.below(80) }, () => dice.below(256)));
  return dice.below(2) === 0 ? bytes : Buffer.concat([Buffer.from("TB\u0001", "latin1"), bytes]);
}
