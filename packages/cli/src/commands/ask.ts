import { randomBytes } from "node:crypto";
import { type HealthPing, turnAnswer, turnAsk } from "@ts-tars/contracts";
import type { Client, PresenceView } from "@ts-tars/mqtt";
import {
  type Outcome,
  type Question,
  type QuestionEffect,
  type QuestionEvent,
  step,
  UNASKED,
} from "../ask/question.ts";
import { type CommonOptions, type Context, sayJson, sayLine } from "../context.ts";
import { NoAnswerError, ServiceMissingError, TurnFailedError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { followHealth } from "../health/follow-health.ts";
import { withClient } from "../open-client.ts";
import { retainedArrived } from "../retained.ts";

/** Options of `tars ask`. */
export interface AskOptions extends CommonOptions {
  readonly speak: "auto" | "yes" | "no";
  readonly site: string;
  readonly timeoutSec: number;
}

/** How long a router that says it is starting is waited for. */
const STARTING_LIMIT_MS = 5_000;

const ROUTER = "router";

/** Asks the robot and prints its answer sentence by sentence. */
export async function ask(context: Context, text: string, options: AskOptions): Promise<ExitCode> {
  const uttId = randomBytes(16).toString("hex");
  const startedAtMs = performance.now();
  const outcome = await withClient(context, options, (client) => converse(client, { context, text, options, uttId }));
  const tookMs = Math.round(performance.now() - startedAtMs);
  if (outcome.kind === "missing") throw new ServiceMissingError(ROUTER, outcome.why);
  if (outcome.kind === "silent") {
    throw new NoAnswerError(`${ROUTER} did not answer within ${options.timeoutSec} s, although it seems to run.`);
  }
  if (options.json === true)
    sayJson(context, { utt_id: uttId, ok: outcome.kind === "answered", ...answerOf(outcome), took_ms: tookMs });
  else finishLine(context, outcome);
  if (outcome.kind === "failed" && options.json !== true) throw new TurnFailedError(outcome.reason);
  return outcome.kind === "answered" ? EXIT.ok : EXIT.failed;
}

interface Asked {
  readonly context: Context;
  readonly text: string;
  readonly options: AskOptions;
  readonly uttId: string;
}

/** Subscribes first, then looks whether the router is there, then asks. */
async function converse(client: Client, asked: Asked): Promise<Outcome> {
  const { context, options, uttId } = asked;
  const done = Promise.withResolvers<Outcome>();
  let state: Question = UNASKED;
  const handle = (event: QuestionEvent): void => {
    const [next, effects] = step(state, event);
    state = next;
    for (const effect of effects) perform(effect, client, { ...asked, done: done.resolve });
  };
  const answers = client.subscribe(turnAnswer, ({ data, error }) => {
    if (data.utt_id === uttId) handle({ type: "answer_heard", answer: data, error: error?.message });
  });
  await answers.active;
  const health = followHealth(client, (service, view) => {
    if (service === ROUTER && view.kind !== "absent") handle({ type: "health_heard", health: healthOf(view) });
  });
  await health.active;
  const timeout = setTimeout(() => handle({ type: "time_elapsed" }), options.timeoutSec * 1_000);
  const stopped = (): void => done.reject(context.stop.reason);
  context.stop.addEventListener("abort", stopped, { once: true });
  try {
    await settleHealth(client, () => state, handle);
    return await done.promise;
  } finally {
    clearTimeout(timeout);
    context.stop.removeEventListener("abort", stopped);
  }
}

/** A late last will of an earlier connection is not in a view; 45 s without a word are. */
function healthOf(
  view: Exclude<PresenceView<HealthPing>, { kind: "absent" }>,
): Pick<HealthPing, "ok" | "event" | "err"> {
  return view.kind === "unknown" ? { ok: false, err: "nothing was heard of it for 45 s." } : view.value;
}

/** Everything retained has come: a router that was not heard is not there; one that starts gets a little time. */
async function settleHealth(
  client: Client,
  current: () => Question,
  handle: (event: QuestionEvent) => void,
): Promise<void> {
  await retainedArrived(client);
  const state = current();
  if (state.kind !== "checking") return;
  if (!state.isStarting) handle({ type: "check_elapsed" });
  else setTimeout(() => handle({ type: "check_elapsed" }), STARTING_LIMIT_MS).unref();
}

function perform(
  effect: QuestionEffect,
  client: Client,
  { context, text, options, uttId, done }: Asked & { readonly done: (outcome: Outcome) => void },
): void {
  switch (effect.do) {
    case "ask":
      client.publish(
        turnAsk,
        { utt_id: uttId, text, site_id: options.site, speak: options.speak, origin: "api" },
        { correlationId: uttId },
      );
      break;
    case "print":
      if (options.json !== true) sayLine(context, effect.sentence);
      break;
    case "finish":
      done(effect.outcome);
      break;
  }
}

type Answered = Extract<Outcome, { kind: "answered" | "failed" }>;

function answerOf(outcome: Answered): object {
  const { text, path } = outcome;
  return outcome.kind === "answered"
    ? { text, path, sentences: outcome.sentences }
    : { text, path, error: outcome.reason };
}

/** The whole text, unless its sentences have already said it. */
function finishLine(context: Context, outcome: Answered): void {
  const words = (text: string): string => text.replace(/\s+/gu, " ").trim();
  const said = outcome.kind === "answered" ? outcome.sentences.join(" ") : "";
  if (outcome.text !== "" && words(said) !== words(outcome.text)) sayLine(context, outcome.text);
}
