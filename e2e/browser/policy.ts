/**
 * The first module of the page. Zod compiles its checks with `new Function`, and finds out whether it may when a schema is made; a
 * page that forbids `eval` hears of each attempt. Its configuration is of the whole page, so it is the page's to say, and before any
 * contract is loaded. `?compiled` leaves it as it is.
 */
import { z } from "zod";

/** What is used of a window. */
interface Page {
  readonly location: { readonly search: string };
  addEventListener(
    type: "securitypolicyviolation",
    listener: (event: { readonly effectiveDirective: string; readonly blockedURI: string }) => void,
  ): void;
}

const page = globalThis as unknown as Page; // only ever runs in one, and the types of a page are not those of the tests

/** What the page tried and may not, as it comes. */
export const violations: string[] = [];
page.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
  violations.push(`${effectiveDirective} ${blockedURI}`);
});

if (page.location.search !== "?compiled") z.config({ jitless: true });
