import { randomBytes } from "node:crypto";
import { turnCancel, turnListen } from "@ts-tars/contracts";
import { paintFor } from "../colour.ts";
import { type CommonOptions, type Context, sayJson, sayLine } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { HearingFollower } from "../hear/follow-hearing.ts";
import { failureOf, hearingAsJson } from "../hear/hearing.ts";
import { hearingInLines } from "../hear/hearing-lines.ts";
import { withClient } from "../open-client.ts";
import { conductTurn } from "../turn/conduct-turn.ts";

/** Options of `tars listen`. */
export interface ListenOptions extends CommonOptions {
  readonly site: string;
  readonly speak: "auto" | "yes" | "no";
  readonly timeoutSec: number;
}

/** The answer sounds on the site's own loudspeaker. */
const SPOKEN_ELSEWHERE = { path: null, duration_ms: 0 };

/** The talk button: has the robot listen at a site, and prints what it understood and answered. */
export async function listen(context: Context, options: ListenOptions): Promise<ExitCode> {
  const { site: siteId, speak, timeoutSec, json } = options;
  const uttId = randomBytes(16).toString("hex");
  const paint = paintFor(context);
  const follower = new HearingFollower(uttId, (text) => {
    if (json !== true) sayLine(context, paint.dim(`… ${text}`));
  });
  await withClient(context, options, (client) =>
    conductTurn(client, {
      listen: (tell) => follower.listen(client, tell),
      begin: () => {
        client.publish(turnListen, { site_id: siteId, action: "start", utt_id: uttId, speak });
        if (json !== true) sayLine(context, paint.dim("Speak now."));
      },
      // Nobody waits for the answer any more: the microphone must not stay open for it.
      abandon: () => client.publish(turnCancel, { utt_id: uttId, reason: "tars listen was ended" }),
      isOpen: ({ site_id: site, asks }) => (site === siteId ? asks.includes(uttId) : undefined),
      print: () => undefined,
      timeoutSec,
      stop: context.stop,
    }),
  );
  if (json === true) sayJson(context, hearingAsJson(follower.hearing, SPOKEN_ELSEWHERE));
  else for (const line of hearingInLines(follower.hearing, SPOKEN_ELSEWHERE)) sayLine(context, line);
  return failureOf(follower.hearing) === undefined ? EXIT.ok : EXIT.failed;
}
