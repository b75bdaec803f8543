import { redactUrl } from "@ts-tars/mqtt";

/** One URL or several (separated by spaces, or by commas before a scheme), none of which shows its password. */
export function withoutCredentials(urls: string): string {
  return splitUrls(urls).map(redactUrl).join(" ");
}

/** The URLs of a text that may hold several: the nodes of a cluster. */
export function splitUrls(urls: string): readonly string[] {
  return urls.split(/\s+|,\s*(?=[a-z]+:\/\/)/iu).filter((url) => url !== "");
}
