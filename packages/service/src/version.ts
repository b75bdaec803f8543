/** The release this workspace is, as in every `package.json`; published in each health message. */
export const VERSION = "0.1.0";
