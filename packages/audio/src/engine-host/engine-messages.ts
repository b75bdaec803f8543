/** What parent and child say to each other over the process channel. Pure. */

/** To the child; `init` comes first and once. */
export type ToEngine<Init, Order> =
  | { readonly kind: "init"; readonly init: Init }
  | { readonly kind: "order"; readonly order: Order }
  | { readonly kind: "ping" };

/** From the child; each order and each ping is followed by one `done` when it is finished, in order. */
export type FromEngine<News> =
  | { readonly kind: "up" }
  | { readonly kind: "news"; readonly news: News }
  | { readonly kind: "done" }
  | {
      readonly kind: "failed";
      readonly while: "starting" | "working";
      readonly message: string;
      readonly remedy?: string;
    };
