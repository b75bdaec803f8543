/** What must not be bundled for a browser: the client itself. */
import { connect } from "@ts-tars/mqtt";

connect({ url: "mqtt://localhost" });
