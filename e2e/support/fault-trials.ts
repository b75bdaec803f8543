/** One question, one fault, and what must hold of it. */
import { until } from "@ts-tars/harness";
import { SYSTEM_CLOCK } from "@ts-tars/service";
import { type BusWitness, openBusWitness } from "./bus-witness.ts";
import type { Checks } from "./checks.ts";
import { type Fault, processOf, strike } from "./faults.ts";
import { isAlive, type Robot } from "./robot.ts";

/** The recogniser's, the model's and the speech's deadlines together. */
const TURN_DEADLINE_MS = 100_000;
/** For the command to give up after the turn should have ended. */
const COMMAND_SEC = 110;
/** From the part's return to the end of the next answer, which itself takes 4 s. */
const NEXT_ANSWER_MS = 10_000;
/** Restarts wait for up to 2 s after a first crash, up to 20 s after several. */
const RETURN_MS = 40_000;
/** A grant's own expiry, a pause's, a sentence's. */
const REST_MS = 25_000;
/** An engine that speaks lives for some tens of ms; it is struck at a moment of that. */
const ENGINE_AGE_MS = 20;

/** Nothing is waited for here: the moment of a fault is drawn. */
function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    SYSTEM_CLOCK.setTimer(ms, resolve);
  });
}

const inSeconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

interface Struck {
  readonly pid: number;
  /** From the beginning of the turn. */
  readonly atMs: number;
}

interface Outcome {
  readonly ok: boolean;
  readonly told: string;
  readonly tookMs: number;
  /** Nobody said how it ended. */
  readonly isSilent: boolean;
}

export interface FaultTrialsDeps {
  readonly robot: Robot;
  /** WAV files with questions that are understood. */
  readonly question: string;
  /** Questions with long answers, each asked once: what was spoken before needs no engine. */
  readonly fresh: readonly string[];
  readonly checks: Checks;
}

export class FaultTrials {
  readonly #robot: Robot;
  readonly #question: string;
  readonly #fresh: string[];
  readonly #checks: Checks;
  /** The shortest that was seen: a first turn waits for models to be read. */
  #turnMs = Number.POSITIVE_INFINITY;

  constructor({ robot, question, fresh, checks }: FaultTrialsDeps) {
    this.#robot = robot;
    this.#question = question;
    this.#fresh = [...fresh];
    this.#checks = checks;
  }

  async rehearse(): Promise<void> {
    await using bus = await openBusWitness(await this.#robot.runFile());
    const asking = this.#ask();
    await bus.said.until(({ topic }) => topic === "turn/listen", { deadlineMs: TURN_DEADLINE_MS });
    const startedAtMs = performance.now();
    await bus.said.until(({ topic }) => topic === "turn/report", { deadlineMs: TURN_DEADLINE_MS });
    this.#turnMs = Math.min(this.#turnMs, performance.now() - startedAtMs);
    const outcome = await asking;
    this.#checks.check("a turn without a fault is answered", outcome.ok, `${outcome.told}, ${inSeconds(this.#turnMs)}`);
  }

  async run(fault: Fault, draw: number): Promise<void> {
    const { part, how } = fault;
    await using bus = await openBusWitness(await this.#robot.runFile());
    const isSpoken = part === "tts-worker's engine";
    const asking = this.#ask(isSpoken ? this.#fresh.shift() : undefined);
    await bus.said.until(({ topic }) => topic === "turn/listen", { deadlineMs: TURN_DEADLINE_MS });
    const over = new AbortController();
    const striking = this.#strike(fault, draw, over.signal);
    const outcome = await asking;
    over.abort();
    const struck = await striking;
    const backMs = await this.#isBack(bus, { ...fault, pid: struck?.pid });
    const complaints = bus.complaints();
    const next = await this.#ask();
    const restless = await this.#rest(bus);

    const moment = struck === undefined ? "never met" : `at ${inSeconds(struck.atMs)}`;
    const what = `${part} ${how} ${moment}`;
    const told = `${outcome.told}, ${inSeconds(outcome.tookMs)}; back after ${inSeconds(backMs)}`;
    this.#checks.check(`${what}: it was there`, struck !== undefined);
    this.#checks.check(`${what}: the question ends`, !outcome.isSilent && outcome.tookMs <= TURN_DEADLINE_MS, told);
    const isTold = outcome.ok || complaints.length > 0;
    this.#checks.check(`${what}: the trouble is told`, isTold, complaints.slice(0, 2).join(" | ") || "nobody noticed");
    this.#checks.check(
      `${what}: the next question is answered`,
      next.ok && next.tookMs <= NEXT_ANSWER_MS,
      `${next.told}, ${inSeconds(next.tookMs)}`,
    );
    this.#checks.check(`${what}: nothing stays open or speaking`, restless.length === 0, restless.join(" "));
  }

  /** Undefined when the process never was. */
  async #strike(fault: Fault, draw: number, over: AbortSignal): Promise<Struck | undefined> {
    const startedAtMs = performance.now();
    const isBrief = fault.part === "tts-worker's engine";
    if (!isBrief) await delay(draw * this.#turnMs);
    const pid = await processOf(fault.part, await this.#robot.runFile(), over);
    if (pid === undefined) return undefined;
    if (isBrief) await delay(draw * ENGINE_AGE_MS);
    const atMs = performance.now() - startedAtMs;
    await strike(pid, fault, delay);
    return { pid, atMs };
  }

  /** Waits until everything runs and says so; gives how long that took. */
  async #isBack(bus: BusWitness, { part, pid }: Fault & { readonly pid: number | undefined }): Promise<number> {
    const startedAtMs = performance.now();
    // An engine that was stopped stays so: whoever started it has to notice, and to end it.
    const isLeft = (): boolean => part.endsWith("engine") && pid !== undefined && isAlive(pid);
    const runs = async (): Promise<boolean> => {
      const { broker, services } = await this.#robot.runFile();
      return !isLeft() && isAlive(broker.pid ?? 0) && Object.values(services).every(isAlive);
    };
    await until(runs, {
      deadlineMs: RETURN_MS,
      describe: () => `${part} does not come back:\n${this.#robot.output()}`,
    });
    await bus.client.ready({ signal: AbortSignal.timeout(RETURN_MS) });
    const isWell = async (): Promise<boolean> => {
      const { stdout } = await this.#robot.tars(["health", "--json"]);
      const services: readonly { ok: boolean; degraded: readonly string[] }[] = JSON.parse(stdout); // its own --json
      return (
        services.length >= 4 && services.every(({ ok, degraded }) => ok && !/engine|ends|hangs/u.test(`${degraded}`))
      );
    };
    await until(isWell, { deadlineMs: RETURN_MS, describe: () => `${part} is not well again` });
    return performance.now() - startedAtMs;
  }

  async #ask(question = this.#question): Promise<Outcome> {
    const startedAtMs = performance.now();
    const args = ["hear", question, "--json", "--timeout", String(COMMAND_SEC), "--out", `${question}.answer.wav`];
    const { stdout } = await this.#robot.tars(args, { deadlineMs: (COMMAND_SEC + 30) * 1_000 });
    return judge(stdout, performance.now() - startedAtMs);
  }

  /** The sites that do not come to rest. */
  async #rest(bus: BusWitness): Promise<readonly string[]> {
    try {
      await until(() => bus.restless().length === 0, { deadlineMs: REST_MS });
      return [];
    } catch {
      return bus.restless();
    }
  }
}

function judge(stdout: string, tookMs: number): Outcome {
  const said: unknown = JSON.parse(stdout.trim() === "" ? "{}" : stdout);
  const { ok, answer, error } = said as {
    ok?: boolean;
    answer?: string;
    error?: string | { code: string; message: string };
  }; // its own --json
  const reason = typeof error === "object" ? error.message : error;
  const isSilent =
    ok !== true && ((reason ?? "") === "" || (typeof error === "object" && error.code === "CLI_NO_ANSWER"));
  return { ok: ok === true, told: reason ?? answer ?? "nothing", tookMs, isSilent };
}
