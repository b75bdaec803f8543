export { routerService } from "./definition.ts";
