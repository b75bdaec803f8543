import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Files of ten seconds and more, the slowest first. Vitest knows how long a file took only where it ran before; on a fresh machine it
 * goes by size, and a lane whose slowest file comes last leaves a core idle meanwhile.
 */
export const SLOW_FILES: readonly string[] = [
  "bench/scorecard/scorecard.e2e.test.ts",
  "packages/cli/src/commands/up.broker.test.ts",
  "packages/mqtt/src/cluster.fault.test.ts",
  "services/stt-worker/src/trouble.broker.test.ts",
  "e2e/hear.e2e.test.ts",
  "services/stt-worker/src/transcribers/pocketsphinx/pocketsphinx.broker.test.ts",
  "services/stt-worker/src/decoder.fault.test.ts",
  "tools/new-service/create-service.e2e.test.ts",
  "tools/canaries/try-canaries.e2e.test.ts",
  "services/stt-worker/src/service.broker.test.ts",
  "services/stt-worker/src/privacy.broker.test.ts",
  "packages/audio/src/sinks/device.broker.test.ts",
  "packages/mqtt/src/lifecycle-close.fault.test.ts",
  "packages/service/src/power-cut.fault.test.ts",
  "e2e/rehearsal.e2e.test.ts",
  "e2e/contracts/contracts.e2e.test.ts",
  "packages/mqtt/src/blocked-loop.fault.test.ts",
  "services/tts-worker/src/lessons.broker.test.ts",
  "packages/service/src/run-service.broker.test.ts",
  "packages/audio/src/sinks/mqtt.broker.test.ts",
  "packages/audio/src/engine-host/engine-host.broker.test.ts",
];

/** Within a lane the slow files first, the others as Vitest has them. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const lane = ({ project }: TestSpecification): number => project.config.sequence.groupOrder;
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => lane(a) - lane(b) || slowRank(a.moduleId) - slowRank(b.moduleId));
  }
}

/** The place of a file among the slow ones; all others share the one behind them. */
export function slowRank(path: string): number {
  const rank = SLOW_FILES.findIndex((file) => path.endsWith(`/${file}`));
  return rank < 0 ? SLOW_FILES.length : rank;
}
