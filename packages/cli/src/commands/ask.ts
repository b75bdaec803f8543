import { randomBytes } from "node:crypto";
import { turnAnswer, turnAsk } from "@ts-tars/contracts";
import type { Client, Subscription } from "@ts-tars/mqtt";
import { type Context, sayJson, sayLine } from "../context.ts";
import { TurnFailedError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { type OnceOptions, withRobot } from "../once/with-robot.ts";
import { conductTurn, type ToldOutcome } from "../turn/conduct-turn.ts";
import type { TurnEvent } from "../turn/turn.ts";

/** Options of `tars ask`. */
export interface AskOptions extends OnceOptions {
  readonly speak: "auto" | "yes" | "no";
  readonly site: string;
  readonly timeoutSec: number;
}

/** What the command needs of the robot when it starts one. */
const NEEDS = ["router", "llm-worker", "tts-worker"];

/** Asks the robot and prints its answer sentence by sentence. */
export async function ask(context: Context, text: string, options: AskOptions): Promise<ExitCode> {
  const uttId = randomBytes(16).toString("hex");
  const startedAtMs = performance.now();
  const question = { utt_id: uttId, text, site_id: options.site, speak: options.speak, origin: "api" } as const;
  const outcome = await withRobot(context, { ...options, needs: NEEDS }, (client) =>
    conductTurn(client, {
      listen: (tell) => [hearAnswers(client, uttId, tell)],
      begin: () => client.publish(turnAsk, question, { correlationId: uttId }),
      isOpen: ({ site_id: site, asks }) => (site === options.site ? asks.includes(uttId) : undefined),
      print: (sentence) => options.json !== true && sayLine(context, sentence),
      timeoutSec: options.timeoutSec,
      stop: context.stop,
    }),
  );
  const tookMs = Math.round(performance.now() - startedAtMs);
  if (options.json === true)
    sayJson(context, { utt_id: uttId, ok: outcome.kind === "finished", ...answerOf(outcome), took_ms: tookMs });
  else finishLine(context, outcome);
  if (outcome.kind === "failed" && options.json !== true) throw new TurnFailedError(outcome.reason);
  return outcome.kind === "finished" ? EXIT.ok : EXIT.failed;
}

function hearAnswers(client: Client, uttId: string, tell: (event: TurnEvent) => void): Subscription {
  return client.subscribe(turnAnswer, ({ data, error }) => {
    if (data.utt_id !== uttId) return;
    const { text, path, final, reason } = data;
    if (!final) return tell({ type: "sentence_heard", text });
    const isFailure = error !== undefined || path === "error" || path === "cancelled";
    tell({ type: "ended", text, path, failure: isFailure ? (error?.message ?? reason ?? text) : undefined });
  });
}

function answerOf(outcome: ToldOutcome): object {
  const { text, path } = outcome;
  return outcome.kind === "finished"
    ? { text, path, sentences: outcome.sentences }
    : { text, path, error: outcome.reason };
}

/** The whole text, unless its sentences have already said it. */
function finishLine(context: Context, outcome: ToldOutcome): void {
  const words = (text: string): string => text.replace(/\s+/gu, " ").trim();
  const said = outcome.sentences.join(" ");
  if (outcome.text !== "" && words(said) !== words(outcome.text)) sayLine(context, outcome.text);
}
