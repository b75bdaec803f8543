/**
 * `npm run new-service <name>`: a service of the usual anatomy, green before a line is written. The template is a real one,
 * tools/new-service/template, compiled and tested with everything else.
 */
import { spawnSync } from "node:child_process";
import { createService } from "./new-service/create-service.ts";

const [name] = process.argv.slice(2);
try {
  const folder = createService(process.cwd(), name ?? "");
  console.log(`${folder} is there. Linking it …`);
  // The new workspace needs its place in node_modules and in the lock file.
  const { status } = spawnSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], { stdio: "inherit" });
  console.log(`Next:
  npx vitest run ${folder}
  npm run verify
  tars up starts it once it has a line in packages/cli/src/services.ts`);
  process.exitCode = status ?? 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
