import { findMosquitto } from "@ts-tars/broker";
import { connect } from "@ts-tars/mqtt";
import { loadConfigFile } from "@ts-tars/service";
import { allDefinitions } from "../config/all-definitions.ts";
import { type SettingsView, viewSettings } from "../config/settings-view.ts";
import type { CommonOptions, Context } from "../context.ts";
import { NothingRunsError } from "../errors.ts";
import { engineOf, type ServiceHealth, troubleOf } from "../health/health-view.ts";
import { lookAtHealth } from "../health/look-at-health.ts";
import { findRoute, type Route } from "../open-client.ts";
import type { Facts, FoundModels } from "./findings.ts";
import { lookForOrgans } from "./look-for-organs.ts";

/** Where servers of models for one's own machine listen: Ollama, llama.cpp, vLLM and LM Studio. */
const MODEL_PORTS = [11434, 8080, 8000, 1234];

const LOOK_LIMIT_MS = 3_000;

/** Looks up everything the doctor judges. Nothing is changed, and nothing but this machine and the broker is asked. */
export async function lookAround(context: Context, options: CommonOptions): Promise<Facts> {
  const { file, problems } = loadConfigFile(context.env);
  const settings = viewSettings(await allDefinitions(), { env: context.env, readText: context.readText, file });
  const [mosquitto, bus, model, organs] = await Promise.all([
    findMosquitto(),
    lookAtBus(context, options),
    lookForModel(settings),
    lookForOrgans(settings.settings, context.stop),
  ]);
  return {
    node: { version: process.version, is64Bit: !["arm", "ia32", "x32"].includes(process.arch) },
    settings: { path: file.path, problems: [...problems, ...settings.problems], warnings: settings.warnings },
    mosquittoVersion: mosquitto?.version,
    ...bus,
    organs,
    model,
  };
}

async function lookAtBus(context: Context, options: CommonOptions): Promise<Pick<Facts, "broker" | "services">> {
  const route = routeOrNone(context, options);
  if (route === undefined) return { broker: undefined, services: [] };
  await using client = connect(route.options);
  const isPlainAndFar = /^(mqtt|ws):/u.test(route.url) && !isLoopback(route.url);
  try {
    await client.ready({ signal: AbortSignal.any([context.stop, AbortSignal.timeout(LOOK_LIMIT_MS)]) });
  } catch (error) {
    const { state } = client;
    const reason = state.kind === "down" ? state.error.message : error instanceof Error ? error.message : String(error);
    return { broker: { url: route.url, answers: false, isPlainAndFar, reason }, services: [] };
  }
  const health = await lookAtHealth(client, { context, run: route.run, waitMs: 0 });
  const services = health.map((row) => ({
    service: row.service,
    ok: row.ok,
    engine: engineOf(row),
    about: aboutOf(row),
    note: troubleOf(row),
    ...(isForbiddenToHear(row) && { unused: ["microphone"] as const }),
  }));
  return { broker: { url: route.url, answers: true, isPlainAndFar, reason: undefined }, services };
}

function aboutOf(row: ServiceHealth): string {
  const { audible, model } = row.detail;
  if (audible === false) return "without sound";
  if (isForbiddenToHear(row)) return "its microphone is closed: tars mic on opens it";
  return typeof model === "string" ? model : "";
}

const isForbiddenToHear = ({ detail }: ServiceHealth): boolean => detail["privacy"] === true;

/** Wrong settings are told among the settings: here they only mean that there is no way to a broker. */
function routeOrNone(context: Context, options: CommonOptions): Route | undefined {
  try {
    return findRoute(context, options);
  } catch (error) {
    if (error instanceof NothingRunsError || (error instanceof Error && error.name === "ConfigurationError"))
      return undefined;
    throw error;
  }
}

function isLoopback(url: string): boolean {
  const host = URL.parse(url)?.hostname ?? "";
  return host === "localhost" || host === "[::1]" || host.startsWith("127.");
}

async function lookForModel({ settings }: SettingsView): Promise<Facts["model"]> {
  const shownOf = (variable: string): string | undefined =>
    settings.find((setting) => setting.variable === variable)?.value;
  const isSet = (variable: string): boolean =>
    settings.some(
      (setting) => setting.variable === variable && setting.from !== "default" && setting.value !== undefined,
    );
  const isConfigured = isSet("OPENAI_API_KEY") || isSet("OPENAI_BASE_URL");
  const found = isConfigured
    ? []
    : (await Promise.all(MODEL_PORTS.map(askForModels))).filter((one) => one !== undefined);
  return { isConfigured, name: shownOf("LLM_MODEL"), found };
}

async function askForModels(port: number): Promise<FoundModels | undefined> {
  const url = `http://127.0.0.1:${port}/v1`;
  try {
    const response = await fetch(`${url}/models`, { signal: AbortSignal.timeout(LOOK_LIMIT_MS) });
    const body: unknown = await response.json();
    const models = idsOf(body);
    return models.length === 0 ? undefined : { url, models };
  } catch {
    return undefined; // nobody listens there, or somebody who is no model server
  }
}

function idsOf(body: unknown): readonly string[] {
  if (typeof body !== "object" || body === null || !("data" in body) || !Array.isArray(body.data)) return [];
  return body.data.flatMap((model: unknown) =>
    typeof model === "object" && model !== null && "id" in model && typeof model.id === "string" ? [model.id] : [],
  );
}
