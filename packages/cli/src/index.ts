export { EXIT, type ExitCode } from "./exit-code.ts";
export { parseRunFile, type RunFile } from "./run-file.ts";
