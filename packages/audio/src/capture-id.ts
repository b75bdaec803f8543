import { randomBytes } from "node:crypto";

/** A new name for one opening of a source: 16 lower-case hex characters. */
export function mintCaptureId(): string {
  return randomBytes(8).toString("hex");
}
