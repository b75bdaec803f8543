import { sttPrivacy, sttState } from "@ts-tars/contracts";
import type { Client } from "@ts-tars/mqtt";
import { type CommonOptions, type Context, sayJson, sayLine } from "../context.ts";
import { NoAnswerError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { withClient } from "../open-client.ts";

/** stt-worker says so at once. */
const ANSWER_LIMIT_MS = 5_000;

/** Allows the robot its microphones, or forbids them; stt-worker keeps the answer over restarts. */
export async function mic(context: Context, wanted: "on" | "off", options: CommonOptions): Promise<ExitCode> {
  const privacy = wanted === "off";
  await withClient(context, options, (client) => setPrivacy(client, { privacy, reason: "cli", stop: context.stop }));
  if (options.json === true) sayJson(context, { ok: true, microphone: wanted });
  else sayLine(context, privacy ? "No microphone is open." : "The robot may open its microphones.");
  return EXIT.ok;
}

/** What is said of the microphones, and by whom. */
export interface PrivacyOrder {
  readonly privacy: boolean;
  readonly reason: string;
  readonly stop: AbortSignal;
}

/** Resolves when stt-worker has done it. @throws {NoAnswerError} when it does not. */
export async function setPrivacy(client: Client, { privacy, reason, stop }: PrivacyOrder): Promise<void> {
  const done = Promise.withResolvers<void>();
  let isTold = false;
  const subscription = client.subscribe(sttState, ({ data, retained }) => {
    // A retained state may be an earlier life's.
    if (isTold && !retained && data.privacy === privacy) done.resolve();
  });
  await subscription.active;
  isTold = true;
  const limit = AbortSignal.any([stop, AbortSignal.timeout(ANSWER_LIMIT_MS)]);
  const late = (): void => done.reject(new NoAnswerError("stt-worker did not answer. Is it running? See: tars health"));
  limit.addEventListener("abort", late, { once: true });
  try {
    client.publish(sttPrivacy, { on: privacy, reason });
    await done.promise;
  } finally {
    limit.removeEventListener("abort", late);
    await subscription.stop();
  }
}
