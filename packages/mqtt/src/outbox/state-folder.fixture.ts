/** A state directory of a test, and lives of a client in it. */
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ManualClock, manualClock, recorder } from "@ts-tars/harness";
import { type LogLine, recordingLog } from "../client.fixture.ts";
import { createMeter } from "../meter.ts";
import type { OpenState, StoredMessage } from "../state-store.ts";
import { stateDirectory } from "./state-directory.ts";

/** Removed at the end of the scope it was made in. */
export interface StateFolder extends Disposable {
  readonly path: string;
  readonly outbox: string;
  /** Opens it, and what it says meanwhile. */
  live(): Life;
  /** As it would be if the process that has it open were killed now. */
  copy(): StateFolder;
  files(): readonly string[];
}

/** A client's state while the client lives. */
export interface Life extends Disposable, OpenState {
  blame(): void;
  readonly clock: ManualClock;
  readonly log: readonly LogLine[];
  /** What earlier lives left, by id. */
  readonly found: readonly string[];
  /** Counters and gauges: the last value of each, as `name file`. */
  readonly measured: ReadonlyMap<string, number>;
}

export function openStateFolder(): StateFolder {
  return folderAt(join(mkdtempSync(join(tmpdir(), "mqtt-state-")), "client"));
}

function folderAt(path: string): StateFolder {
  return {
    path,
    outbox: join(path, "outbox.db"),
    live: () => liveIn(path),
    copy: () => {
      const to = mkdtempSync(join(tmpdir(), "mqtt-state-"));
      for (const name of readdirSync(path)) copyFileSync(join(path, name), join(to, name));
      return folderAt(to);
    },
    files: () => readdirSync(path).toSorted(),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

function liveIn(path: string): Life {
  const clock = manualClock();
  const lines = recorder<LogLine>();
  const log = recordingLog(lines);
  const measured = new Map<string, number>();
  const meter = createMeter(
    {
      onCounter: (name, delta, { file }) =>
        measured.set(`${name} ${file}`, (measured.get(`${name} ${file}`) ?? 0) + delta),
      onGauge: (name, value, { file }) => measured.set(`${name} ${file}`, value),
    },
    log,
  );
  const found: string[] = [];
  const store = stateDirectory(path);
  const state = store.open({ clock: { ...clock, epochMs: () => EPOCH_MS }, log, meter });
  state.messages.onFound((messages) => found.push(...messages.map(({ id }) => id)));
  return {
    ...state,
    blame: store.blame,
    ...{ clock, found, measured, log: lines.seen },
    [Symbol.dispose]: () => state.close(),
  };
}

export const EPOCH_MS = 1_731_000_000_000;

/** A message called so. */
export function stored(id: string, payload = `payload of ${id}`): StoredMessage {
  return {
    ...{ id, topic: "test/wish", label: "test/wish", payload: Buffer.from(payload) },
    ...{ acceptedAtEpochMs: EPOCH_MS, ttlMs: undefined },
  };
}
