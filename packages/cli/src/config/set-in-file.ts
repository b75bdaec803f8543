import {
  type AnyDefinition,
  ConfigurationError,
  configPath,
  fileKey,
  type PlannedChange,
  planChange,
  updateConfigFile,
} from "@ts-tars/service";
import type { Context } from "../context.ts";

/** What was saved, and where. */
export interface SavedInFile {
  readonly file: string;
  readonly keys: readonly string[];
}

/**
 * Changes the configuration file by the same rules as a running service does.
 *
 * @throws {ConfigurationError} with every problem; the file is then as it was.
 */
export async function setInFile(
  { env, readText }: Pick<Context, "env" | "readText">,
  definition: AnyDefinition,
  values: Readonly<Record<string, unknown>>,
): Promise<SavedInFile> {
  const path = configPath(env);
  let plan: PlannedChange | undefined;
  const update = await updateConfigFile(path, (file) => {
    plan = planChange({ definition, values, running: undefined, sources: { env, readText, file } });
    return plan.kind === "accepted" ? plan : undefined;
  });
  if (update.kind === "refused") throw new ConfigurationError([update.problem]);
  if (plan?.kind !== "accepted") throw new ConfigurationError(plan?.problems.map(({ problem }) => problem) ?? []);
  return { file: path, keys: plan.wished.map(fileKey) };
}
