import { randomBytes } from "node:crypto";
import { systemHealth, turnSay } from "@ts-tars/contracts";
import { type CommonOptions, type Context, sayJson } from "../context.ts";
import { ServiceMissingError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { withClient } from "../open-client.ts";
import { retainedArrived } from "../retained.ts";

/** Options of `tars say`. */
export interface SayOptions extends CommonOptions {
  readonly site: string;
}

/** Has the robot say a text as it is; returns when the broker has taken the order. */
export async function say(context: Context, text: string, options: SayOptions): Promise<ExitCode> {
  const uttId = randomBytes(16).toString("hex");
  await withClient(context, options, async (client) => {
    let isThere = false;
    const health = client.subscribe(systemHealth.at({ service: "router" }), ({ data }) => {
      isThere = data.ok;
    });
    await health.active;
    await retainedArrived(client);
    if (!isThere) throw new ServiceMissingError("router", "its health does not say that it works.");
    const order = { utt_id: uttId, text, site_id: options.site };
    await client.publishConfirmed(turnSay, order, { correlationId: uttId, signal: context.stop });
  });
  if (options.json === true) sayJson(context, { utt_id: uttId, ok: true });
  return EXIT.ok;
}
