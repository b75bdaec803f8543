import { readFileSync } from "node:fs";
import process from "node:process";
import type { Fields } from "./config/define.ts";
import { logConfig } from "./config/log-config.ts";
import { metricsConfig } from "./config/metrics-config.ts";
import { mqttConfig } from "./config/mqtt-config.ts";
import { rehearsalConfig } from "./config/rehearsal-config.ts";
import { readSettings, type SettingsSources } from "./config/settings.ts";
import { tracesConfig } from "./config/traces-config.ts";
import { renderUsage } from "./config/usage.ts";
import { ConfigurationError } from "./errors.ts";
import { EXIT, type ExitCode, exitCodeOf } from "./exit-code.ts";
import { createLog, type ServiceLog } from "./log.ts";
import type { ServiceDefinition } from "./service-definition.ts";
import { startService } from "./start-service.ts";
import type { SupervisionMessage } from "./supervision.ts";

/** What every service is told beside its own settings. */
const SHARED = [mqttConfig, logConfig, metricsConfig, tracesConfig, rehearsalConfig];

/** The log's last line of a service that failed; a supervisor is also told the cause. */
export const ENDED_WITH_ERROR = "ended with an error";

/** Whatever hangs, the process is gone this long after it was asked to stop. */
const LAST_RESORT_MS = 12_000;

/**
 * Makes this process the service: settings from flags, environment and file; stops in order at SIGTERM, SIGINT, or when
 * the process that started it is gone; a second signal ends it at once. Exits with one of `EXIT`, or 128 + signal.
 */
export async function runService<F extends Fields>(definition: ServiceDefinition<F>): Promise<never> {
  const sources: SettingsSources = {
    argv: process.argv.slice(2),
    env: process.env,
    readText: (path) => readFileSync(path, "utf8"),
  };
  if (process.argv.includes("--help")) {
    process.stdout.write(renderUsage([definition.config, ...SHARED]));
    process.exit(EXIT.ok);
  }
  const log = openLog(definition, sources);
  const code = log === undefined ? EXIT.configuration : await live(definition, sources, log);
  process.exit(code);
}

/** A log at the level of the settings; undefined, and every problem printed, when these are wrong. */
function openLog<F extends Fields>(definition: ServiceDefinition<F>, sources: SettingsSources): ServiceLog | undefined {
  try {
    const { instance, logLevel } = readSettings(definition, sources);
    return createLog({ name: instance, level: logLevel });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    // Who supervises us is told, and tells.
    if (process.send === undefined) process.stderr.write(`${definition.name}: ${error.message}\n`);
    tell({ type: "failed", service: definition.name, problem: error.message });
    return undefined;
  }
}

async function live<F extends Fields>(
  definition: ServiceDefinition<F>,
  sources: SettingsSources,
  log: ServiceLog,
): Promise<ExitCode> {
  const service = definition.name;
  const stop = new AbortController();
  const fault = faultsOf(stop, log);
  stopWithProcess(stop, log);
  const ready = once(() => {
    log.info({ pid: process.pid }, "ready");
    if (process.send === undefined) process.stdout.write("ready\n");
    tell({ type: "ready", service });
  });
  try {
    await startService(definition, { lifetime: { stop: stop.signal, ready }, sources, log, rehearses: true });
    log.info({}, "stopped");
    return fault.seen() ? EXIT.internal : EXIT.ok;
  } catch (error) {
    log.error({ err: error }, ENDED_WITH_ERROR);
    tell({ type: "failed", service, problem: error instanceof Error ? error.message : String(error) });
    return fault.seen() ? EXIT.internal : exitCodeOf(error);
  }
}

/** An exception nobody caught ends the process, in order: its state is no longer to be trusted. */
function faultsOf(stop: AbortController, log: ServiceLog): { readonly seen: () => boolean } {
  let count = 0;
  // Rejections nobody handled arrive here too, as `origin`.
  process.on("uncaughtException", (err, origin) => {
    count += 1;
    log.fatal({ err, origin }, "uncaught exception");
    stop.abort(err);
  });
  return { seen: () => count > 0 };
}

function stopWithProcess(stop: AbortController, log: ServiceLog): void {
  const numbers = { SIGINT: 2, SIGTERM: 15 };
  for (const [signal, number] of Object.entries(numbers)) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(128 + number);
      log.info({ signal }, "stopping");
      stop.abort();
    });
  }
  // The process that started us is gone, however it ended: nobody could stop us later.
  if (process.send !== undefined) process.on("disconnect", () => stop.abort());
  stop.signal.addEventListener("abort", () => {
    setTimeout(() => process.exit(EXIT.temporary), LAST_RESORT_MS).unref();
  });
}

function tell(message: SupervisionMessage): void {
  if (process.connected) process.send?.(message);
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    act();
  };
}
