import { randomBytes } from "node:crypto";
import { systemHealth, ttsStatus, turnReport, turnSay } from "@ts-tars/contracts";
import type { Client, Subscription } from "@ts-tars/mqtt";
import { type Context, sayJson, sayLine } from "../context.ts";
import { TurnFailedError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { type OnceOptions, withRobot } from "../once/with-robot.ts";
import { conductTurn, type ToldOutcome } from "../turn/conduct-turn.ts";
import type { TurnEvent } from "../turn/turn.ts";

/** Options of `tars say`. */
export interface SayOptions extends OnceOptions {
  readonly site: string;
  readonly timeoutSec: number;
}

/** What the command needs of the robot when it starts one. */
const NEEDS = ["router", "tts-worker"];

/** Has the robot say a text as it is, prints each sentence as it begins to sound, and ends with the last one. */
export async function say(context: Context, text: string, options: SayOptions): Promise<ExitCode> {
  const uttId = randomBytes(16).toString("hex");
  const order = { utt_id: uttId, text, site_id: options.site };
  let isAudible = true;
  const outcome = await withRobot(context, { ...options, needs: NEEDS }, (client) =>
    conductTurn(client, {
      listen: (tell) => [
        ...hearSpeech(client, uttId, tell),
        client.subscribeState(systemHealth.at({ service: "tts-worker" }), (message) => {
          if (!message.cleared) isAudible = message.data.detail?.["audible"] !== false;
        }),
      ],
      begin: () => client.publish(turnSay, order, { correlationId: uttId }),
      print: (sentence) => options.json !== true && sayLine(context, sentence),
      timeoutSec: options.timeoutSec,
      stop: context.stop,
    }),
  );
  if (options.json === true) sayJson(context, { utt_id: uttId, ...resultOf(outcome), audible: isAudible });
  else if (outcome.kind === "failed") throw new TurnFailedError(outcome.reason);
  else if (!isAudible)
    context.err(
      "(Nothing of it could be heard: tts-worker kept the time of these words without sound. See: tars doctor)\n",
    );
  return outcome.kind === "finished" ? EXIT.ok : EXIT.failed;
}

function hearSpeech(client: Client, uttId: string, tell: (event: TurnEvent) => void): readonly Subscription[] {
  return [
    client.subscribe(ttsStatus, ({ data }) => {
      if (data.utt_id === uttId && data.event === "speaking_start") tell({ type: "sentence_heard", text: data.text });
    }),
    client.subscribe(turnReport, ({ data }) => {
      if (data.utt_id !== uttId) return;
      const failure = data.outcome === "answered" ? undefined : (data.reason ?? data.outcome);
      tell({ type: "ended", text: "", path: undefined, failure });
    }),
  ];
}

function resultOf(outcome: ToldOutcome): object {
  return outcome.kind === "finished"
    ? { ok: true, sentences: outcome.sentences }
    : { ok: false, error: outcome.reason };
}
