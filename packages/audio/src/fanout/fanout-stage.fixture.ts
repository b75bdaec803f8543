import { mkdtemp, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "@ts-tars/harness";
import { createLog } from "@ts-tars/service";
import { rampFrom } from "../audio-source.conformance.ts";
import { FRAME_SAMPLES } from "../frame.ts";
import { type Fanout, openFanout } from "./fanout-server.ts";

export const LOG = createLog({ name: "test", level: "silent" });
/** Two captures. */
export const [A, B] = ["a".repeat(16), "b".repeat(16)] as const;

/** A fan-out in a folder of its own, and somebody who speaks. */
export interface Stage extends AsyncDisposable {
  readonly folder: string;
  readonly path: string;
  readonly rawPath: string;
  readonly fanout: Fanout;
  /** Tells so many more samples of the capture. */
  speak(sampleCount: number): void;
  begin(captureId: string): void;
  /** Resolves when no chunk is on its way any more. */
  drained(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "fanout-"));
  const [path, rawPath] = [join(folder, "deep", "sound.sock"), join(folder, "raw.sock")];
  const fanout = await openFanout({ path, rawPath, log: LOG });
  let captureId: string = A;
  let sample = 0;
  return {
    folder,
    path,
    rawPath,
    fanout,
    speak: (sampleCount) => {
      for (let left = sampleCount; left > 0; left -= FRAME_SAMPLES) {
        const pcm = rampFrom(sample, Math.min(left, FRAME_SAMPLES));
        fanout.push({ captureId, sample, pcm });
        sample += pcm.length;
      }
    },
    begin: (id) => {
      captureId = id;
      sample = 0;
    },
    drained: async () => {
      await until(() => fanout.figures.waitingCount === 0);
      for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    },
    [Symbol.asyncDispose]: async () => {
      await fanout[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** A client that knows nothing of the protocol. */
export interface RawClient extends AsyncDisposable {
  readonly socket: Socket;
  received(): Buffer;
}

export async function openSocket(path: string): Promise<RawClient> {
  const chunks: Buffer[] = [];
  const socket = connect(path);
  socket.on("error", () => undefined).on("data", (chunk: Buffer) => chunks.push(chunk));
  await until(() => !socket.connecting);
  return {
    socket,
    received: () => Buffer.concat(chunks),
    [Symbol.asyncDispose]: async () => void socket.destroy(),
  };
}
