import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { until } from "@ts-tars/harness";
import type { Robot, RunFile } from "./robot.ts";

export interface TimeAnswer {
  readonly question: string;
  readonly fakeNow: string;
  readonly timeZone: string;
  /** Hour and minute, as they must be in the answer. */
  readonly expected: string;
  readonly text: string;
  readonly isRight: boolean;
}

const QUESTIONS = [
  "what time is it",
  "What's the time, please?",
  "could you tell me the time",
  "do you have the time",
  "tell me what time it is now",
] as const;

/** Zones with whole, half and quarter hours, on both sides of the date line. */
const ZONES = [
  "Asia/Kolkata",
  "America/St_Johns",
  "Pacific/Auckland",
  "Asia/Kathmandu",
  "America/Los_Angeles",
  "Europe/Berlin",
  "Pacific/Apia",
] as const;

/** Asks each phrasing of a router started anew under another time zone and another clock. */
export async function askTheTime(
  robot: Robot,
  { checkout, seed }: { readonly checkout: string; readonly seed: number },
): Promise<readonly TimeAnswer[]> {
  const random = generator(seed);
  const answers: TimeAnswer[] = [];
  for (const question of QUESTIONS) {
    const timeZone = ZONES[Math.floor(random() * ZONES.length)] ?? "UTC";
    const now = new Date(Date.UTC(2024, 0, 1) + Math.floor(random() * 700 * 86_400) * 1_000);
    const router = startRouter(checkout, await robot.runFile(), {
      ...robot.env,
      TZ: timeZone,
      TARS_FAKE_NOW: now.toISOString(),
    });
    try {
      await until(() => isRouterHealthy(robot, router), {
        deadlineMs: 30_000,
        describe: () => `the router under ${timeZone} is not healthy`,
      });
      const result = await robot.tars(["ask", "--json", question]);
      const text = textOf(result.stdout);
      answers.push({
        question,
        fakeNow: now.toISOString(),
        timeZone,
        expected: clockTime(now, timeZone),
        text: text + result.stderr,
        isRight: tellsTime(text, now, timeZone),
      });
    } finally {
      router.kill("SIGTERM");
      if (router.exitCode === null && router.signalCode === null) await once(router, "exit");
    }
  }
  return answers;
}

/** The service alone, as its README says. */
function startRouter(checkout: string, run: RunFile, env: NodeJS.ProcessEnv): ChildProcess {
  const login = run.username === undefined ? {} : { MQTT_USERNAME: run.username, MQTT_PASSWORD: run.password };
  return spawn(
    join(checkout, "node_modules/.bin/node"),
    ["--conditions=ts-tars-source", "services/router/src/main.ts"],
    {
      cwd: checkout,
      env: { ...env, MQTT_URL: run.url, ...login },
      stdio: "ignore",
    },
  );
}

async function isRouterHealthy(robot: Robot, router: ChildProcess): Promise<boolean> {
  const { stdout } = await robot.tars(["health", "--json"]);
  const services: readonly { readonly service: string; readonly ok: boolean; readonly pid: number }[] =
    JSON.parse(stdout);
  return services.some(({ service, ok, pid }) => service === "router" && ok && pid === router.pid);
}

function textOf(stdout: string): string {
  try {
    const answer: unknown = JSON.parse(stdout);
    return answer instanceof Object && "text" in answer ? String(answer.text) : "";
  } catch {
    return "";
  }
}

function clockTime(now: Date, timeZone: string): string {
  return now.toLocaleTimeString("en-US", { timeZone, hour: "numeric", minute: "2-digit" });
}

/** Right when it names the minute, allowing for the seconds that passed since the clock was set. */
function tellsTime(text: string, now: Date, timeZone: string): boolean {
  const said = /(\d{1,2}):(\d{2})\s*([ap])\.?m\.?/i.exec(text.replaceAll("\u202f", " "));
  if (said === null) return false;
  const spoken = `${said[1]}:${said[2]} ${said[3]}m`.toLowerCase();
  const minutes = [0, 1].map((later) => clockTime(new Date(now.getTime() + later * 60_000), timeZone));
  return minutes.some((time) => time.replaceAll("\u202f", " ").toLowerCase() === spoken);
}

/** A small seeded generator (mulberry32), so that a failing draw can be repeated. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
