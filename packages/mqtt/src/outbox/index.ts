export { stateDirectory } from "./state-directory.ts";
