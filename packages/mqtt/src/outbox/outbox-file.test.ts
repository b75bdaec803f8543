/** What survives in `outbox.db`. A copy of the open files is what a SIGKILL at that moment leaves. */
import { linkSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { NotStoredError, StateDirectoryTakenError } from "../errors.ts";
import type { StoredMessage } from "../state-store.ts";
import { openStateFolder, type StateFolder, stored } from "./state-folder.fixture.ts";

/** Puts these and is killed. */
function leave(folder: StateFolder, ids: readonly string[]): StateFolder {
  using life = folder.live();
  for (const id of ids) life.messages.put(stored(id));
  return folder.copy();
}

test("what was put is found by the next life, whole and in order, and not by the one after it was removed", () => {
  using folder = openStateFolder();
  using killed = leave(folder, ["a", "b", "c"]);
  const found: StoredMessage[] = [];
  {
    using life = killed.live();
    life.messages.onFound((messages) => found.push(...messages));
    life.messages.remove("b");
  }
  using third = killed.live();

  expect(third.found).toEqual(["a", "c"]);
});

test("a message comes back as it was put", () => {
  using folder = openStateFolder();
  const message = { ...stored("a"), payload: new Uint8Array([0, 1, 255]), ttlMs: 1_500 };
  {
    using life = folder.live();
    life.messages.put(message);
  }
  using database = new DatabaseSync(folder.outbox);

  const row = database.prepare("SELECT * FROM messages").get();

  expect(row).toEqual({
    ...{ position: 1, id: "a", topic: "test/wish", label: "test/wish" },
    ...{ payload: new Uint8Array([0, 1, 255]), accepted_at_ms: message.acceptedAtEpochMs, ttl_ms: 1_500 },
  });
});

test("it is for its owner's eyes only", () => {
  using folder = openStateFolder();
  using life = folder.live();
  life.messages.put(stored("a"));

  const modes = [folder.path, folder.outbox, `${folder.outbox}-wal`].map((path) => statSync(path).mode & 0o777);

  expect(modes).toEqual([0o700, 0o600, 0o600]);
});

test("what a process left that was killed while it made the file is not in the way, and goes", () => {
  using folder = openStateFolder();
  leave(folder, ["a"])[Symbol.dispose]();
  linkSync(folder.outbox, `${folder.outbox}.new-1`);
  writeFileSync(`${folder.outbox}.new-2-wal`, "half a log");

  using life = folder.live();

  expect([life.found, life.log]).toEqual([["a"], []]);
  expect(folder.files().filter((name) => name.includes("new"))).toEqual([]);
});

test("while one client has the directory a second one is told so, and gets it when the first has closed", () => {
  using folder = openStateFolder();
  {
    using _first = folder.live();
    expect(() => folder.live()).toThrow(StateDirectoryTakenError);
    expect(() => folder.live()).toThrow(/Another client has .*outbox\.db open\. Stop the other process, or give/);
  }

  using second = folder.live();

  expect(second.log).toEqual([]);
});

describe("a file that is damaged is set aside, told of, and replaced:", () => {
  const garbage = Buffer.alloc(8_192, "no database ");
  test.each<[string, (folder: StateFolder) => void]>([
    ["another kind of file", ({ outbox }) => writeFileSync(outbox, garbage)],
    ["an empty file", ({ outbox }) => truncateSync(outbox, 0)],
    ["a file that ends in its first page", ({ outbox }) => truncateSync(outbox, 1_000)],
    ["a file that lacks its last page", ({ outbox }) => truncateSync(outbox, statSync(outbox).size - 4_096)],
    ["a page that is overwritten", ({ outbox }) => writeFileSync(outbox, garbage.subarray(0, 4_096), { flag: "r+" })],
    ["another version", ({ outbox }) => change(outbox, "PRAGMA user_version = 2")],
    ["a table that is missing", ({ outbox }) => change(outbox, "DROP TABLE messages")],
    ["a column that is missing", ({ outbox }) => change(outbox, "ALTER TABLE messages DROP COLUMN label")],
    [
      "a column of another type",
      ({ outbox }) =>
        change(
          outbox,
          "DROP TABLE messages; CREATE TABLE messages AS SELECT 1 AS id, 2 AS position, 'a' AS topic, 'b' AS label, 'c' AS payload, 0 AS accepted_at_ms, 'x' AS ttl_ms",
        ),
    ],
  ])("%s", (_what, damage) => {
    using folder = openStateFolder();
    {
      using life = folder.live();
      for (const id of ["a", "b"]) life.messages.put(stored(id, id.repeat(5_000)));
    }
    damage(folder);
    const damaged = readFileSync(folder.outbox);

    {
      using life = folder.live();
      life.messages.put(stored("new"));
      const aside = `${folder.outbox}.corrupt-1731000000000`;
      expect(life.log).toEqual([
        expect.objectContaining({ level: "error", fields: { err: expect.any(Error), path: aside } }),
      ]);
      expect(life.measured).toEqual(new Map([["state_set_aside outbox", 1]]));
      expect(readFileSync(aside)).toEqual(damaged);
    }

    using next = folder.live();
    expect(next.found).toEqual(["new"]);
  });

  test("one that is found damaged in the middle of a life loses nothing of that life", () => {
    using folder = openStateFolder();
    const ids = Array.from({ length: 60 }, (_, index) => `m${index}`);
    const last = ids.at(-1) ?? "";
    using life = folder.live();
    // More than SQLite keeps in memory (2 MB), so that it has to read.
    for (const id of ids) life.messages.put(stored(id, id.repeat(30_000)));
    writeFileSync(folder.outbox, Buffer.alloc(statSync(folder.outbox).size, "no database "));
    rmSync(`${folder.outbox}-wal`);

    for (const id of ids) if (id !== last) life.messages.remove(id);

    using killed = folder.copy();
    using next = killed.live();
    expect([life.measured.get("state_set_aside outbox"), next.found]).toEqual([1, [last]]);
  });

  test("a log whose database is lost", () => {
    using folder = openStateFolder();
    using killed = leave(folder, ["a"]);
    rmSync(killed.outbox);

    using life = killed.live();
    life.messages.put(stored("b"));

    expect(killed.files()).toContain("outbox.db.corrupt-1731000000000-wal");
    expect(life.found).toEqual([]);
  });
});

function change(path: string, sql: string): void {
  using database = new DatabaseSync(path);
  database.exec(sql);
}

test("wherever its log is cut off, what was put before the cut is found, and nothing else", () => {
  using folder = openStateFolder();
  using life = folder.live();
  const wal = `${folder.outbox}-wal`;
  const ends: number[] = [];
  for (const id of ["a", "b", "c"]) {
    life.messages.put(stored(id, id.repeat(3_000)));
    ends.push(statSync(wal).size);
  }
  using whole = folder.copy();

  for (const bytes of cutsOf(statSync(`${whole.outbox}-wal`).size)) {
    using cut = whole.copy();
    truncateSync(`${cut.outbox}-wal`, bytes);
    using next = cut.live();
    const expected = ["a", "b", "c"].filter((_id, index) => (ends[index] ?? Number.POSITIVE_INFINITY) <= bytes);
    expect({ bytes, found: next.found, log: next.log }).toEqual({ bytes, found: expected, log: [] });
  }
});

/** A header of 32 bytes, then frames of 24 and a page of 4 096: the borders, a byte to either side, and the middles. */
function cutsOf(size: number): readonly number[] {
  const [header, frame] = [32, 24 + 4_096];
  const borders = Array.from({ length: Math.floor((size - header) / frame) + 1 }, (_, index) => header + index * frame);
  const cuts = borders.flatMap((at) => [at - 1, at, at + 1, at + 24, at + 2_000]);
  return [0, 1, 16, ...cuts].filter((at) => at <= size);
}

describe("while it cannot be written", () => {
  test("a message is refused in words and the gauge is up; afterwards it is taken, and the gauge is down", () => {
    using folder = openStateFolder();
    writeFileSync(folder.path, "no folder");
    using life = folder.live();

    expect(() => life.messages.put(stored("a"))).toThrow(NotStoredError);
    expect(() => life.messages.put(stored("a"))).toThrow(
      /test\/wish could not be stored in .*outbox\.db \(.*Free some space/,
    );
    const meanwhile = life.measured.get("state_failing outbox");
    rmSync(folder.path);
    life.messages.put(stored("b"));

    expect([meanwhile, life.measured.get("state_failing outbox")]).toEqual([1, 0]);
    expect(life.log.filter(({ fields }) => fields["path"] === folder.outbox).map(({ level }) => level)).toEqual([
      "error",
      "info",
    ]);
    using killed = folder.copy();
    using next = killed.live();
    expect(next.found).toEqual(["b"]);
  });

  test("what it holds is found when it can be read after all, ahead of what is put then", async () => {
    using folder = openStateFolder();
    using killed = leave(folder, ["a", "b"]);
    const away = `${killed.path}-away`;
    renameSync(killed.path, away);
    writeFileSync(killed.path, "no folder");
    using life = killed.live();
    rmSync(killed.path);
    renameSync(away, killed.path);

    await life.clock.advance(5_000);

    expect(life.found).toEqual(["a", "b"]);
    expect(life.measured.get("state_failing outbox")).toBe(0);
  });
});
