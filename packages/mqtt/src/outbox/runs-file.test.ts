/** What `delivery.db` knows of handlers that were running. A copy of the open files is what a SIGKILL at that moment leaves. */
import { statSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { StateDirectoryTakenError } from "../errors.ts";
import { openStateFolder, type StateFolder } from "./state-folder.fixture.ts";

const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A life that starts handlers of these and is killed while they run. */
function killedIn(folder: StateFolder, ...keys: readonly string[]): StateFolder {
  using life = folder.live();
  for (const key of keys) life.runs.started(key);
  return folder.copy();
}

/** Changes the record while nobody has it open. */
function alter({ path }: StateFolder, statement: string): void {
  const database = new DatabaseSync(`${path}/delivery.db`);
  database.exec(statement);
  database.close();
}

test("a handler that was running when the process was killed is counted, life by life", () => {
  using folder = openStateFolder();
  using once = killedIn(folder, "a", "b");
  using twice = killedIn(once, "b");

  using life = twice.live();

  expect([life.runs.unended("a"), life.runs.unended("b"), life.runs.unended("c")]).toEqual([1, 2, 0]);
});

test("a handler that ended is not counted, once the turn of its end is over", async () => {
  using folder = openStateFolder();
  using life = folder.live();
  life.runs.started("a");
  life.runs.started("b");
  life.runs.ended("a");
  await endOfTurn();

  using killed = folder.copy();

  using next = killed.live();
  expect([next.runs.unended("a"), next.runs.unended("b")]).toEqual([0, 1]);
});

test("a handler that ended is not counted as soon as another one starts", () => {
  using folder = openStateFolder();
  using life = folder.live();
  life.runs.started("a");
  life.runs.ended("a");
  life.runs.started("b");

  using killed = folder.copy();

  using next = killed.live();
  expect([next.runs.unended("a"), next.runs.unended("b")]).toEqual([0, 1]);
});

test("two subscriptions of one message count once in a life, and as long as one of them runs", async () => {
  using folder = openStateFolder();
  using life = folder.live();
  life.runs.started("a");
  life.runs.started("a");
  life.runs.ended("a");
  await endOfTurn();

  using killed = folder.copy();

  using next = killed.live();
  expect(next.runs.unended("a")).toBe(1);
});

test("a message that ended well has no past", async () => {
  using folder = openStateFolder();
  using killed = killedIn(folder, "a");
  using life = killed.live();
  life.runs.started("a");
  life.runs.ended("a");
  await endOfTurn();

  using later = killedIn(killed.copy(), "a");

  using next = later.live();
  expect([life.runs.unended("a"), next.runs.unended("a")]).toEqual([0, 1]);
});

test("what runs when the client closes was not ended by its message", () => {
  using folder = openStateFolder();
  {
    using life = folder.live();
    life.runs.started("a");
  }

  using next = folder.live();

  expect(next.runs.unended("a")).toBe(0);
});

test("what runs when a fault is told counts, though the client closes in order afterwards; what starts behind it does not", () => {
  using folder = openStateFolder();
  {
    using life = folder.live();
    life.runs.started("a");
    life.runs.started("b");
    life.blame();
    life.runs.ended("a");
    life.runs.started("c");
  }

  using next = folder.live();

  expect(["a", "b", "c"].map((key) => next.runs.unended(key))).toEqual([1, 1, 0]);
});

test("what did not come again in a hundred lives is forgotten, what did in ninety-nine is not", () => {
  using folder = openStateFolder();
  using killed = killedIn(folder, "a");
  const look = (): number => {
    using life = killed.live();
    return life.runs.unended("a");
  };

  const counts = Array.from({ length: 101 }, look);

  expect(counts).toEqual([...Array.from({ length: 100 }, () => 1), 0]);
});

test("a damaged file is set aside, and messages are handled without a past", () => {
  using folder = openStateFolder();
  using killed = killedIn(folder, "a");
  const path = `${killed.path}/delivery.db`;
  writeFileSync(path, Buffer.alloc(statSync(path).size, "no database "));

  using life = killed.live();

  expect(life.runs.unended("a")).toBe(0);
  expect(life.measured).toEqual(new Map([["state_set_aside delivery", 1]]));
  expect(killed.files()).toContain("delivery.db.corrupt-1731000000000");
});

test.each([
  ["that does not count its lives", "DELETE FROM lives"],
  ["that lacks a table", "DROP TABLE runs"],
])("a file %s is set aside as a damaged one", (_what, damage) => {
  using folder = openStateFolder();
  using killed = killedIn(folder, "a");
  alter(killed, damage);

  using life = killed.live();

  expect([life.runs.unended("a"), life.measured]).toEqual([0, new Map([["state_set_aside delivery", 1]])]);
});

test("a start that cannot be written costs nothing but its record: the next one is written", () => {
  using folder = openStateFolder();
  using killed = killedIn(folder);
  alter(
    killed,
    "CREATE TRIGGER full BEFORE INSERT ON runs WHEN NEW.key = 'bad' BEGIN SELECT RAISE(ABORT, 'no room'); END",
  );
  using life = killed.live();

  life.runs.started("bad");
  const meanwhile = life.measured.get("state_failing delivery");
  life.runs.started("good");

  expect([meanwhile, life.measured.get("state_failing delivery")]).toEqual([1, 0]);
  using again = killed.copy();
  using next = again.live();
  expect(["bad", "good"].map((key) => next.runs.unended(key))).toEqual([0, 1]);
});

test("whoever finds it taken by another connection leaves the outbox to others", () => {
  using folder = openStateFolder();
  using killed = killedIn(folder, "a");
  const other = new DatabaseSync(`${killed.path}/delivery.db`);
  other.exec("BEGIN EXCLUSIVE");

  expect(() => killed.live()).toThrow(StateDirectoryTakenError);
  other.close();

  using life = killed.live();
  expect([life.runs.unended("a"), life.measured.size]).toEqual([1, 0]);
});

test("a folder that cannot be made costs the record, and no handler", () => {
  using folder = openStateFolder();
  writeFileSync(folder.path, "no folder");
  using life = folder.live();

  life.runs.started("a");
  life.runs.ended("a");

  expect(life.measured.get("state_failing delivery")).toBe(1);
});
