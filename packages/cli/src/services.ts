import type { ServiceDefinition } from "@ts-tars/service";

/** A service that `tars up` starts. */
export interface ServiceEntry {
  /** As on `system/health/{service}`. */
  readonly name: string;
  /** One line for the table. */
  readonly what: string;
  /** The URL of its `main.ts` (`main.js` when compiled). */
  readonly main: () => string;
  /** The service itself, for `--in-process`, `tars config` and the settings' documentation. */
  readonly load: () => Promise<ServiceDefinition>;
}

/** Every service of the robot, in the order in which they start; they stop in the reverse. */
export const SERVICES: readonly ServiceEntry[] = Object.freeze([
  {
    name: "tts-worker",
    what: "speaks",
    main: () => mainBeside(import.meta.resolve("@ts-tars/tts-worker")),
    load: async () => (await import("@ts-tars/tts-worker")).ttsWorkerService,
  },
  {
    name: "stt-worker",
    what: "listens",
    main: () => mainBeside(import.meta.resolve("@ts-tars/stt-worker")),
    load: async () => (await import("@ts-tars/stt-worker")).sttWorkerService,
  },
  {
    name: "llm-worker",
    what: "thinks",
    main: () => mainBeside(import.meta.resolve("@ts-tars/llm-worker")),
    load: async () => (await import("@ts-tars/llm-worker")).llmWorkerService,
  },
  {
    name: "router",
    what: "conducts the conversation",
    main: () => mainBeside(import.meta.resolve("@ts-tars/router")),
    load: async () => (await import("@ts-tars/router")).routerService,
  },
]);

/** `main` lies beside a service's door, and ends as it does. */
function mainBeside(door: string): string {
  return door.replace(/index(\.[jt]s)$/u, "main$1");
}
