/**
 * A tenth of `accept:hear`: what a seed drawn at run time says, heard by the real services in one process. The bars are those that a
 * robot meeting the full ones passes with more than 99.9 % (`tools/speech/tally.ts` has the arithmetic).
 */
import { execFileSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openBroker, openWorld } from "@ts-tars/harness";
import { llmWorkerService } from "@ts-tars/llm-worker";
import { type Client, connect } from "@ts-tars/mqtt";
import { routerService } from "@ts-tars/router";
import { createLog, type Service, startService } from "@ts-tars/service";
import { sttWorkerService } from "@ts-tars/stt-worker";
import { ttsWorkerService } from "@ts-tars/tts-worker";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createRandom } from "../tools/speech/random.ts";
import { openReader } from "../tools/speech/reader.ts";
import { figuresOf, isMissed, lineOf, type Outcome } from "../tools/speech/tally.ts";
import { TENTH_COUNTS } from "./hear/counts.ts";
import { drawTrial } from "./hear/draw-trial.ts";
import { checkSpokenAnswers, isTheAnswer } from "./hear/spoken-answers.ts";
import { hearAll } from "./hear/trial.ts";

const QUIET = createLog({ name: "e2e", level: "silent" });
const MODEL = "/usr/share/pocketsphinx/model/en-us/en-us.lm.bin";
const seed = String(randomInt(2 ** 32));
const random = createRandom(seed);

/** The first thing that is missing on this machine; each is installed with apt under its own name. */
const missing = [
  ...["flite", "sox"].filter((program) => !isInstalled(program)),
  ...(existsSync(MODEL) ? [] : ["pocketsphinx-en-us"]),
][0];

const stack = new AsyncDisposableStack();
let client: Client;
let directory: string;

function isInstalled(program: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
}

beforeAll(async () => {
  if (missing !== undefined) return;
  directory = await mkdtemp(join(tmpdir(), "ts-tars-hear-"));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const broker = stack.use(await openBroker());
  const env = {
    XDG_CONFIG_HOME: "/nonexistent",
    XDG_STATE_HOME: directory,
    MQTT_URL: broker.url,
    STT_SOURCE: "none",
    TTS_SINK: "null",
    TTS_ENGINE: "flite",
  };
  const options = { sources: { env }, log: QUIET };
  const services: Record<string, Service> = {
    "tts-worker": (lifetime) => startService(ttsWorkerService, { lifetime, ...options }),
    "stt-worker": (lifetime) => startService(sttWorkerService, { lifetime, ...options }),
    "llm-worker": (lifetime) => startService(llmWorkerService, { lifetime, ...options }),
    router: (lifetime) => startService(routerService, { lifetime, ...options }),
  };
  stack.use(await openWorld({ services }));
  client = stack.use(connect({ url: broker.url, source: "listener" }));
  await client.ready();
});
afterAll(() => stack.disposeAsync());
beforeEach((context) => context.skip(missing !== undefined, `${missing} is not installed`));

const mistakesOf = (outcomes: readonly Outcome[]): string =>
  outcomes
    .map(({ utterance, transcript, intent }) => `${utterance.text} → ${transcript ?? "(refused)"} (${intent ?? "-"})`)
    .join("\n");

test("commands are understood, questions are read, traps are left alone", { timeout: 240_000 }, async () => {
  const utterances = drawTrial(TENTH_COUNTS, random.fork("utterances"));

  const outcomes = await hearAll({ client, directory, utterances, random: random.fork("sounds") });

  const figures = figuresOf(outcomes, "chance");
  const report = [`seed ${seed}`, ...figures.map(lineOf)].join("\n");
  process.stdout.write(`${report}\n`);
  expect(outcomes).toHaveLength(utterances.length);
  expect(figures.filter(isMissed).map(lineOf), `${report}\n${mistakesOf(outcomes)}`).toEqual([]);
});

test("what the loudspeaker got is the answer and nothing else", { timeout: 120_000 }, async () => {
  await using reader = openReader();
  const options = { client, reader, directory, random: random.fork("answers"), count: TENTH_COUNTS.answers };

  const answers = await checkSpokenAnswers(options);

  expect(answers).toHaveLength(TENTH_COUNTS.answers);
  expect(
    answers.filter((answer) => !isTheAnswer(answer)),
    `seed ${seed}`,
  ).toEqual([]);
});
