/**
 * `npm run checks [-- <folder> …]`: the structure of the repository, or what of it concerns some folders. Exit code 1 and one line
 * per finding when something is refused.
 */
import { checkBudgets, describeSizes } from "./budgets.ts";
import { checkCoreFiles } from "./core-files.ts";
import { checkCycles } from "./cycles.ts";
import { checkDoors } from "./doors.ts";
import { checkErrorCodes } from "./error-codes.ts";
import { checkFileNames } from "./file-names.ts";
import { formatFinding } from "./finding.ts";
import { checkForbidden } from "./forbidden.ts";
import { checkInvariants } from "./invariants.ts";
import { checkLayers } from "./layers.ts";
import { checkLinks } from "./links.ts";
import { checkParity } from "./parity.ts";
import { checkProcessEdges } from "./process-edges.ts";
import { checkSignatures } from "./signatures.ts";
import { checkTestRules } from "./test-rules.ts";
import { readWorld } from "./world.ts";

const CHECKS = [
  checkLayers,
  checkCoreFiles,
  checkCycles,
  checkProcessEdges,
  checkBudgets,
  checkForbidden,
  checkSignatures,
  checkDoors,
  checkErrorCodes,
  checkFileNames,
  checkTestRules,
  checkLinks,
  checkInvariants,
  checkParity,
];

const folders = process.argv.slice(2);
const isAsked = (path: string): boolean => folders.length === 0 || folders.some((folder) => path.startsWith(folder));

const world = readWorld(process.cwd());
const findings = CHECKS.flatMap((check) => check(world))
  .filter(({ path }) => isAsked(path))
  .toSorted((a, b) => a.path.localeCompare(b.path) || a.line - b.line);
for (const finding of findings) console.log(formatFinding(finding));
console.log(`${describeSizes(world)}\n${world.sources.length} sources, ${findings.length} findings`);
if (findings.length > 0) process.exitCode = 1;
