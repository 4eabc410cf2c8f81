// Answers after each word, over one WebSocket, while a text is typed.

const MOST_STEPS = 200;
const NO_STREAM = "the stream ended: the server was stopped, or has no room for another";

/** Sends words as they are completed; `show` is called with all records so far. */
class Typed {
  constructor(show, fail) {
    this.show = show;
    this.fail = fail;
    this.sent = "";
    this.records = [];
    this.waiting = [];
    const address = addressOf("stream");
    address.protocol = address.protocol.replace("http", "ws");
    this.socket = new WebSocket(address, protocols());
    this.socket.addEventListener("open", () => this.flush());
    this.socket.addEventListener("message", ({ data }) => this.receive(JSON.parse(data)));
    this.socket.addEventListener("close", ({ code }) => this.ended(code));
  }

  /** The text as it is now: what follows the words that were sent, or all of it anew. */
  text(whole) {
    const end = whole.search(/\S+$/);
    const complete = end < 0 ? whole : whole.slice(0, end);
    if (!complete.startsWith(this.sent)) {
      this.send("");
      this.sent = "";
      this.records = [];
      this.show(this.records);
    }
    const more = complete.slice(this.sent.length);
    if (!more.trim()) return;
    this.sent = complete;
    this.send(more);
  }

  send(message) {
    this.waiting.push(message);
    this.flush();
  }

  flush() {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    for (const message of this.waiting.splice(0)) this.socket.send(JSON.stringify({ input: message }));
  }

  receive(reply) {
    if (!Array.isArray(reply)) return this.fail(new Problem(reply.status ?? 0, reply.errors ?? [reply]));
    this.records.push(...reply);
    this.show(this.records);
  }

  ended(code) {
    if (this.closed) return;
    this.closed = true;
    this.fail(new Problem(0, [{ detail: code === 1001 ? "the server stops" : NO_STREAM }]));
  }

  close() {
    this.closed = true;
    this.socket.close();
  }
}

const base64url = (text) =>
  btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** A browser cannot send a header with a WebSocket, so a token is offered as a protocol. */
const protocols = () => (token.get() ? ["rnnbuild", `bearer.${base64url(token.get())}`] : ["rnnbuild"]);

/** A row for each of the last steps, the newest first. */
const stepTable = (records) => {
  const shown = records.slice(-MOST_STEPS).reverse();
  const rows = shown.map(({ token, step, prediction, probability, probabilities }) => {
    const several = Array.isArray(prediction);
    const share = several ? Math.max(...Object.values(probabilities)) : probability;
    const answer = several ? prediction.join(", ") || "none" : (prediction ?? "–");
    return [
      element("bdi", {}, String(token ?? step)),
      element("bdi", {}, answer),
      element("span", { class: "share" }, barOf(share ?? 0, "chosen"), ` ${share === null ? "–" : percent(share)}`),
    ];
  });
  return table("Answers after each word, the newest first", ["after", "answer", "probability"], rows);
};
