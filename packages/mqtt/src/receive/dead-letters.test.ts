import { type ManualClock, manualClock } from "@ts-tars/harness";
import { expect, test } from "vitest";
import type { Labels } from "../hooks.ts";
import type { Letter, Outcome } from "../publish/outbox.ts";
import { parseDeadLetter } from "./dead-letter.ts";
import { type DeadLetterOptions, DeadLetters, type Deceased } from "./dead-letters.ts";

const OPTIONS: DeadLetterOptions = { prefix: "dead", service: "tts", max: 3, maxAgeMs: 60_000, perSecond: 2 };
const CONFIRMED: Outcome = { kind: "confirmed", matched: undefined };
const EPOCH_MS = 1_700_000_000_000;

const deceased = (parts: Partial<Deceased> = {}): Deceased => ({
  topic: "tts/say",
  payload: Buffer.from("body"),
  isPrivate: false,
  reason: "handler_failed",
  error: new Error("no voice"),
  attempts: 3,
  arrivedAtEpochMs: EPOCH_MS - 2_000,
  source: "router",
  id: "m1",
  correlationId: "turn-1",
  ...parts,
});

/** Dead letters whose broker is the test. */
function openDeadLetters({
  options = {},
  answer = CONFIRMED,
  refuses = false,
}: {
  options?: Partial<DeadLetterOptions>;
  answer?: Outcome | "never";
  refuses?: boolean;
} = {}) {
  const clock: ManualClock = manualClock();
  const sent: Letter[] = [];
  const counts: string[] = [];
  const lines: { readonly level: string; readonly fields: Readonly<Record<string, unknown>> }[] = [];
  const log = (level: string) => (fields: Readonly<Record<string, unknown>>) => void lines.push({ level, fields });
  let ids = 0;
  const letters = new DeadLetters({
    options: { ...OPTIONS, ...options },
    clock: { ...clock, epochMs: () => EPOCH_MS + clock.nowMs() - 1_000_000 },
    log: { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") },
    meter: {
      count: (name, labels: Labels = {}) => void counts.push([name, ...Object.values(labels)].join(" ")),
      gauge: () => undefined,
      duration: () => undefined,
      isSilent: false,
      wantsSpans: false,
      open: () => undefined,
    },
    nextId: () => {
      ids += 1;
      return `grave${ids}`;
    },
    send: (letter) => {
      if (refuses) throw new Error("the outbox is full");
      sent.push(letter);
      if (answer !== "never") letter.settled(answer, "maybe");
    },
  });
  /** Topics that were cleared, in order. */
  const cleared = (): readonly string[] =>
    sent.filter(({ payload }) => payload.byteLength === 0).map(({ topic }) => topic);
  const lost = (): readonly string[] => counts.filter((count) => count.startsWith("dead_letters_lost"));
  return { letters, clock, sent, cleared, lost, counts, lines };
}

/** A letter of ours as the broker has it. */
const retained = (failedAtMs: number): Buffer =>
  Buffer.from(JSON.stringify({ id: "1", topic: "a", reason: "contract", failed_at: failedAtMs / 1_000 }));
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("a letter tells what came, where, when, from whom, and why it could not be handled", async () => {
  const { letters, sent } = openDeadLetters();

  await letters.bury(deceased());

  expect(sent.map(({ topic }) => topic)).toEqual(["dead/tts/grave1"]);
  expect(parseDeadLetter(sent[0]?.payload ?? new Uint8Array())).toEqual({
    id: "grave1",
    topic: "tts/say",
    reason: "handler_failed",
    error: "Error: no voice",
    attempts: 3,
    first_at: (EPOCH_MS - 2_000) / 1_000,
    failed_at: EPOCH_MS / 1_000,
    source: "router",
    original_id: "m1",
    correlation_id: "turn-1",
    payload_bytes: 4,
    payload: Buffer.from("body").toString("base64"),
  });
});

test("a letter of a private topic has neither the payload nor the text of the error, nor has the log", async () => {
  const { letters, sent, lines } = openDeadLetters();
  const payload = Buffer.from(JSON.stringify({ data: { text: "secret words" } }));

  await letters.bury(deceased({ isPrivate: true, payload, error: new RangeError("secret words are too long") }));

  const letter = parseDeadLetter(sent[0]?.payload ?? new Uint8Array());
  expect(letter).toMatchObject({ error: "RangeError", fields: { text: 12 } });
  expect(JSON.stringify([letter, lines])).not.toContain("secret");
});

test("a message with a grave of its own is buried there", async () => {
  const { letters, sent } = openDeadLetters();

  await letters.bury(deceased({ grave: "retained-1" }));

  expect(sent[0]?.topic).toBe("dead/tts/retained-1");
});

test("burying resolves only when the broker has confirmed the letter", async () => {
  const { letters, sent } = openDeadLetters({ answer: "never" });
  let isBuried = false;
  const burying = letters.bury(deceased()).then(() => {
    isBuried = true;
  });
  await settled();

  const before = isBuried;
  sent[0]?.settled(CONFIRMED, "maybe");
  await burying;

  expect([before, isBuried]).toEqual([false, true]);
});

test("an unconfirmed letter is lost after ten seconds, and a late confirmation does not count it twice", async () => {
  const { letters, clock, sent, lost } = openDeadLetters({ answer: "never" });
  const burying = letters.bury(deceased());

  await clock.advance(10_000);
  await burying;
  sent[0]?.settled({ kind: "undelivered", reason: "closed" }, "maybe");

  expect(lost()).toEqual(["dead_letters_lost unconfirmed"]);
  expect(letters.lostCount).toBe(1);
});

test("a letter that the broker refuses is lost, counted, and logged with topic and reason", async () => {
  const { letters, lost, lines } = openDeadLetters({ answer: { kind: "undelivered", reason: "refused" } });

  await letters.bury(deceased());

  expect(lost()).toEqual(["dead_letters_lost refused"]);
  expect(lines.find(({ level }) => level === "error")?.fields).toMatchObject({
    topic: "tts/say",
    reason: "handler_failed",
    why: "refused",
  });
});

test("a letter that finds the outbox full is lost at once", async () => {
  const { letters, clock, lost } = openDeadLetters({ refuses: true });

  await letters.bury(deceased());

  expect(lost()).toEqual(["dead_letters_lost outbox"]);
  expect(clock.pendingCount).toBe(0);
});

test("over the rate letters are lost and counted, and a second later there is room again", async () => {
  const { letters, clock, sent, lost } = openDeadLetters({ options: { max: 100 } });

  for (let n = 0; n < 5; n += 1) await letters.bury(deceased());
  await clock.advance(1_000);
  for (let n = 0; n < 3; n += 1) await letters.bury(deceased());

  expect(sent.length).toBe(4);
  expect(lost()).toEqual(Array(4).fill("dead_letters_lost rate"));
});

test("losses are all counted and logged at most once a second", async () => {
  const { letters, clock, lines } = openDeadLetters({ options: { perSecond: 0 } });

  for (let n = 0; n < 10; n += 1) await letters.bury(deceased());
  await clock.advance(1_000);
  await letters.bury(deceased());

  const errors = lines.filter(({ level }) => level === "error");
  expect(errors.map(({ fields }) => fields["lost"])).toEqual([1, 11]);
  expect(letters.lostCount).toBe(11);
});

test("over the number that is kept the oldest letter is cleared", async () => {
  const { letters, clock, cleared } = openDeadLetters({ options: { perSecond: 100 } });

  for (let n = 0; n < 5; n += 1) {
    await letters.bury(deceased());
    await clock.advance(10);
  }

  expect(cleared()).toEqual(["dead/tts/grave1", "dead/tts/grave2"]);
});

test("letters found at the start count too, the oldest by its own time goes first", async () => {
  const { letters, cleared } = openDeadLetters();
  letters.found("dead/tts/new", retained(EPOCH_MS - 1_000));
  letters.found("dead/tts/old", retained(EPOCH_MS - 9_000));
  letters.found("dead/tts/middle", retained(EPOCH_MS - 5_000));

  await letters.bury(deceased());

  expect(cleared()).toEqual(["dead/tts/old"]);
});

test("letters found that are older than their age are cleared", () => {
  const { letters, cleared } = openDeadLetters();

  letters.found("dead/tts/ancient", retained(EPOCH_MS - 60_001));
  letters.found("dead/tts/recent", retained(EPOCH_MS - 59_999));

  expect(cleared()).toEqual(["dead/tts/ancient"]);
});

test("a letter that somebody cleared does not count any more", async () => {
  const { letters, cleared } = openDeadLetters();
  for (const name of ["a", "b", "c"]) letters.found(`dead/tts/${name}`, retained(EPOCH_MS));
  letters.found("dead/tts/b", new Uint8Array());

  await letters.bury(deceased());

  expect(cleared()).toEqual([]);
});

test("what is no letter under our topic is left alone", () => {
  const { letters, cleared } = openDeadLetters({ options: { max: 0 } });

  letters.found("dead/tts/note", Buffer.from("do not throw this away"));

  expect(cleared()).toEqual([]);
});

test("a letter whose time is in the future is kept, since its writer's clock may have been wrong", () => {
  const { letters, cleared } = openDeadLetters();

  letters.found("dead/tts/future", retained(EPOCH_MS + 999_999));

  expect(cleared()).toEqual([]);
});

test("only what lies under the prefix is covered by it", () => {
  const { letters } = openDeadLetters();

  expect([letters.covers("dead/tts/1"), letters.covers("dead/other/1"), letters.covers("deadline/1")]).toEqual([
    true,
    true,
    false,
  ]);
  expect(letters.filter).toBe("dead/tts/+");
});
