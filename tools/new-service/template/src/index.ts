export { sampleServiceService } from "./definition.ts";
