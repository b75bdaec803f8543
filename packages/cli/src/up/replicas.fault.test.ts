/** Two llm-workers in processes of their own, and a router: each question is one worker's, and ends whatever becomes of it. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { llmResponse, llmStream, type TurnAnswer, turnAnswer, turnAsk } from "@ts-tars/contracts";
import { openBroker, recorder, within } from "@ts-tars/harness";
import { connect } from "@ts-tars/mqtt";
import { startService } from "@ts-tars/service";
import { expect, test } from "vitest";
import { SERVICES } from "../services.ts";
import { childRunner } from "./child-runner.ts";
import type { RunningService } from "./runner.ts";

const START_MS = 30_000;
const NAMES = ["llm-worker.1", "llm-worker.2"];

/** What a worker said of a question. */
interface Word {
  readonly id: string;
  readonly worker: string;
}

/** A router and two replicas of the llm-worker that work with what `llm` says. */
async function openStage(llm: Readonly<Record<string, string>>) {
  await using stack = new AsyncDisposableStack();
  const broker = stack.use(await openBroker());
  const shared = { MQTT_URL: broker.url, XDG_CONFIG_HOME: "/nowhere", TARS_LOG_LEVEL: "silent" };
  const workers = ["1", "2"].map((TARS_REPLICA) => startWorker({ ...process.env, ...shared, ...llm, TARS_REPLICA }));
  for (const worker of workers) stack.defer(() => stopped(worker));
  await within(START_MS, Promise.all(workers.map(({ ready }) => ready)));
  const client = stack.use(connect({ url: broker.url, source: "somebody" }));
  const answers = recorder<TurnAnswer>(({ utt_id, text }) => `${utt_id} ${text}`);
  const [streams, responses] = [recorder<Word>(), recorder<Word>()];
  await Promise.all([
    client.subscribe(turnAnswer, ({ data }) => answers.push(data)).active,
    client.subscribe(llmStream, ({ data: { id }, source: worker }) => streams.push({ id, worker })).active,
    client.subscribe(llmResponse, ({ data: { id }, source: worker }) => responses.push({ id, worker })).active,
  ]);
  const router = new AbortController();
  const ready = Promise.withResolvers<void>();
  const definition = await SERVICES.find(({ name }) => name === "router")?.load();
  if (definition === undefined) throw new Error("There is no router.");
  const lifetime = { stop: router.signal, ready: () => ready.resolve() };
  const ended = startService(definition, { lifetime, sources: { env: shared } });
  stack.defer(() => {
    router.abort();
    return ended;
  });
  await within(START_MS, ready.promise);
  const kept = stack.move();
  return {
    ...{ workers, answers, streams, responses },
    ask: (count: number): readonly string[] =>
      Array.from({ length: count }, () => {
        const utt_id = randomBytes(16).toString("hex");
        client.publish(turnAsk, { utt_id, text: "Why is the sky blue?", speak: "no" });
        return utt_id;
      }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function startWorker(env: Readonly<Record<string, string | undefined>>): RunningService {
  const entry = SERVICES.find(({ name }) => name === "llm-worker");
  if (entry === undefined) throw new Error("There is no llm-worker.");
  return childRunner({ env: () => env, onLine: () => undefined }).start(entry);
}

async function stopped(worker: RunningService): Promise<void> {
  worker.stop();
  await worker.exited;
}

/** A model that takes every question and says nothing. */
async function openSilentModel() {
  const server = createServer(() => undefined).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // a TCP server has one
  return {
    settings: { OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`, LLM_CONCURRENCY: "16" },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

test("two llm-workers share the questions, and each is answered by one of them, once", async () => {
  await using stage = await openStage({ LLM_PROVIDER: "offline" });

  const asked = stage.ask(10);
  await stage.answers.untilAll((seen) => asked.every((id) => seen.some((one) => one.utt_id === id && one.final)));
  const fence = stage.ask(1);
  await stage.answers.until(({ utt_id, final }) => fence.includes(utt_id) && final);

  const responses = stage.responses.seen.filter(({ id }) => asked.includes(id));
  expect(responses.map(({ id }) => id).toSorted()).toEqual(asked.toSorted());
  expect([...new Set(responses.map(({ worker }) => worker))].toSorted()).toEqual(NAMES);
});

test("a killed llm-worker's questions end with an apology, the other's go on, and the next ones are the other's", async () => {
  await using model = await openSilentModel();
  await using stage = await openStage(model.settings);
  const asked = stage.ask(6);
  const heard = await stage.streams.untilAll((seen) => asked.every((id) => seen.some((word) => word.id === id)));
  const workerOf = new Map(heard.map(({ id, worker }) => [id, worker]));
  const [orphans, others] = NAMES.map((name) => asked.filter((id) => workerOf.get(id) === name));

  process.kill(stage.workers[0]?.pid ?? 0, "SIGKILL");
  const isEnd = ({ final }: TurnAnswer): boolean => final;
  await stage.answers.untilAll((seen) => seen.filter(isEnd).length >= (orphans ?? []).length, { deadlineMs: 30_000 });
  const later = stage.ask(3);
  const words = await stage.streams.untilAll((seen) => later.every((id) => seen.some((word) => word.id === id)));

  const ends = stage.answers.seen.filter(isEnd);
  expect(orphans?.length).toBeGreaterThan(0);
  expect(others?.length).toBeGreaterThan(0);
  expect(ends.map(({ utt_id }) => utt_id).toSorted()).toEqual(orphans?.toSorted());
  expect(ends.map(({ reason }) => reason)).toEqual(ends.map(() => "llm-worker went away."));
  expect(new Set(words.filter(({ id }) => later.includes(id)).map(({ worker }) => worker))).toEqual(
    new Set([NAMES[1]]),
  );
});
