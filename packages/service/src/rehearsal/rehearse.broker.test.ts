import { ttsSay, ttsStatus } from "@ts-tars/contracts";
import { openBroker, recorder, within } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { defineConfig } from "../config/define.ts";
import { field } from "../config/field.ts";
import { readSettings } from "../config/settings.ts";
import { aborted } from "../lifetime.ts";
import { createLog } from "../log.ts";
import { defineService, type Rehearsal } from "../service-definition.ts";
import { startService } from "../start-service.ts";
import type { RehearsalBudget } from "./play-rounds.ts";
import { rehearsalOf } from "./rehearse.ts";

type Config = { readonly words: string };

const BUDGET: RehearsalBudget = {
  afterMs: 0,
  rounds: 3,
  computingMs: 60_000,
  wholeMs: 60_000,
  roundMs: 20_000,
  quietMs: 0,
};
const QUIET = createLog({ name: "test", level: "silent" });
const NO_FILE = { XDG_CONFIG_HOME: "/nonexistent" };

/** Says after whoever speaks. */
const create: Rehearsal<Config>["create"] =
  ({ client, config: { words } }) =>
  async ({ stop, ready }) => {
    await client.subscribe(ttsSay, ({ data: { text } }) => {
      client.publish(ttsStatus, { event: "queued", text: `${words} ${text}` });
    }).active;
    ready();
    await aborted(stop);
  };

/** Every answer of a rehearsal, in order. */
const answers = recorder<string>();
const cast: Rehearsal<Config>["cast"] = async (others) => {
  let heard = Promise.withResolvers<void>();
  await others.subscribe(ttsStatus, ({ data: { text } }) => {
    answers.push(text);
    heard.resolve();
  }).active;
  return async (number) => {
    heard = Promise.withResolvers();
    others.publish(ttsSay, { text: `round ${number}` });
    await heard.promise;
  };
};

const parrot = (rehearsal: Partial<Rehearsal<Config>> = {}) =>
  defineService({
    name: "parrot",
    topics: { subscribes: [ttsSay], publishes: [ttsStatus] },
    config: defineConfig({
      name: "parrot",
      prefix: "PARROT",
      fields: { words: field.text({ doc: "What it says.", default: "hello" }) },
    }),
    create,
    rehearsal: { create, cast, ...rehearsal },
  });

function rehearse(
  definition = parrot(),
  { env = {}, ...options }: { env?: Record<string, string>; openBroker?: () => Promise<never> } = {},
) {
  const lines = recorder<readonly [message: string, fields: Readonly<Record<string, unknown>>]>();
  const settings = readSettings(definition, { env: { ...NO_FILE, ...env } });
  const log = { debug: (fields: Readonly<Record<string, unknown>>, message: string) => lines.push([message, fields]) };
  return { lines, rehearsal: rehearsalOf(definition, { settings, log, budget: BUDGET, ...options }) };
}

test("a service is rehearsed with its own settings, and one line says how it went", async () => {
  const { lines, rehearsal } = rehearse(parrot(), { env: { PARROT_WORDS: "heard:" } });
  await using _running = rehearsal;

  rehearsal.begin();
  rehearsal.begin();

  const [message, fields] = await lines.next();
  expect([message, fields]).toMatchObject(["rehearsed", { outcome: "whole", rounds: 3 }]);
  expect(answers.seen).toEqual(["heard: round 0", "heard: round 1", "heard: round 2"]);
  await rehearsal[Symbol.asyncDispose]();
  expect(lines.seen).toHaveLength(1);
});

test("ended in the middle of a round, nothing of it is left: no socket, no timer, and its service has ended", async () => {
  const [begun, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const { lines, rehearsal } = rehearse(
    parrot({
      create: (deps) => async (lifetime) => {
        await (await create(deps))(lifetime);
        over.resolve();
      },
      cast: async () => () => {
        begun.resolve();
        return new Promise(() => undefined);
      },
    }),
  );
  rehearsal.begin();
  await within(20_000, begun.promise);

  await rehearsal[Symbol.asyncDispose]();

  await within(5_000, over.promise);
  expect(lines.seen).toMatchObject([["the rehearsal was given up", { err: { name: "AbortError" } }]]);
});

test("switched off by its setting, it does nothing", async () => {
  const { lines, rehearsal } = rehearse(parrot(), { env: { REHEARSAL_ENABLED: "false" } });

  rehearsal.begin();
  await rehearsal[Symbol.asyncDispose]();

  expect(lines.seen).toEqual([]);
});

test("no port for the private bus is a line in the log, and nothing else", async () => {
  const refused = Object.assign(new Error("listen EADDRINUSE"), { code: "EADDRINUSE" });
  const { lines, rehearsal } = rehearse(parrot(), { openBroker: () => Promise.reject(refused) });
  await using _running = rehearsal;

  rehearsal.begin();

  expect(await lines.next()).toEqual(["the rehearsal was given up", { err: refused }]);
});

test.each([
  ["fails", async () => Promise.reject(new Error("stage fright")), "stage fright"],
  ["ends by itself", async () => undefined, "The rehearsed service ended by itself."],
])("a service that %s in rehearsal ends it, and the line says why", async (_what, work, message) => {
  const { lines, rehearsal } = rehearse(parrot({ create: () => work }));
  await using _running = rehearsal;

  rehearsal.begin();

  expect(await lines.next()).toMatchObject(["the rehearsal was given up", { err: { message } }]);
});

test("a rehearsal that fails does not touch the service, which goes on and stops in order", async () => {
  await using broker = await openBroker();
  const [failed, ready, stop] = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), new AbortController()];
  const definition = parrot({
    create: () => async () => {
      failed.resolve();
      throw new Error("stage fright");
    },
  });
  const ended = startService(definition, {
    lifetime: { stop: stop.signal, ready: ready.resolve },
    sources: { env: { ...NO_FILE, MQTT_URL: broker.url } },
    log: QUIET,
    rehearses: true,
  });
  await within(20_000, Promise.all([ready.promise, failed.promise]));

  stop.abort();

  await within(20_000, ended);
});
