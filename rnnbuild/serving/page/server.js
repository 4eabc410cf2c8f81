// Requests to the server this page is from, and what goes wrong with them.

/** The server's address, behind whatever prefix it is reached by. */
const BASE = new URL(location.pathname.replace(/\/?$/, "/"), location.origin);
const addressOf = (path) => new URL(path, BASE);

const TOKEN = "rnnbuild-token";
const token = {
  get: () => {
    try {
      return sessionStorage.getItem(TOKEN) ?? token.inMemory;
    } catch {
      return token.inMemory; // storage may be forbidden
    }
  },
  set: (value) => {
    token.inMemory = value;
    try {
      sessionStorage.setItem(TOKEN, value);
    } catch {}
  },
  inMemory: "",
};

/** What went wrong, in the server's own words, a line each; `errors` have a pointer each into the
 *  request, and some a hint, which has a line of its own. */
class Problem extends Error {
  constructor(status, errors) {
    super(errors.flatMap(({ detail, hint }) => [detail, hint ?? []].flat().map(visible)).join("\n"));
    this.status = status;
    this.errors = errors;
  }
}

const UNREACHED = "the server does not answer: it was stopped, or cannot be reached";

const problemIn = async (response) => {
  try {
    const { detail, errors } = await response.json();
    return new Problem(response.status, errors?.length ? errors : [{ detail }]);
  } catch {
    return new Problem(response.status, [{ detail: `the server answered ${response.status}` }]);
  }
};

/** The response to a request, of which `body` is sent as JSON. Throws Problem, or AbortError. */
const respond = async (path, body, signal) => {
  const headers = {};
  if (token.get()) headers.authorization = `Bearer ${token.get()}`;
  if (body !== undefined) headers["content-type"] = "application/json";
  let response;
  try {
    response = await fetch(addressOf(path), {
      method: body === undefined ? "GET" : "POST",
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
      cache: "no-store",
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, [{ detail: UNREACHED }]);
  }
  if (!response.ok) throw await problemIn(response);
  return response;
};

/** Says what went wrong: where a token is missing it is asked for, else at a place of the page. */
const report = (error, place) => {
  if (error.name === "AbortError") return;
  if (error instanceof Problem && error.status === 401) {
    askForToken(error.errors.map(({ detail }) => detail).join("\n"));
    return;
  }
  place.replaceChildren(...error.message.split("\n").map((line) => element("span", {}, line)));
  place.hidden = false;
  if (!(error instanceof Problem)) console.error(error);
};

const LONGEST_ARGUMENT = 100_000;
const INVISIBLE = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** A request as a command of a POSIX shell: what is invisible is escaped, as JSON allows. */
const curlOf = (path, body) => {
  const json = JSON.stringify(body).replace(INVISIBLE, unicodeEscape);
  const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
  const parts = [`curl${body.stream ? " -N" : ""} ${quoted(addressOf(path).href)}`];
  if (token.get()) parts.push('-H "Authorization: Bearer $TOKEN"');
  parts.push("-H 'content-type: application/json'");
  // An argument cannot be longer than 128 KiB on Linux.
  parts.push(json.length < LONGEST_ARGUMENT ? `-d ${quoted(json)}` : `--data-binary @- <<'END'\n${json}\nEND`);
  return parts.join(" \\\n  ");
};

const showCommand = (path, body) => {
  byId("curl").textContent = curlOf(path, body);
  byId("command").hidden = false;
  byId("described").hidden = Boolean(token.get()); // a link shows no token
};

byId("openapi").href = addressOf("openapi.json");
byId("copy").addEventListener("click", async () => {
  const button = byId("copy");
  try {
    await navigator.clipboard.writeText(byId("curl").textContent);
    button.textContent = "Copied";
  } catch {
    // Without HTTPS there is no clipboard but that of the keyboard.
    getSelection().selectAllChildren(byId("curl"));
    button.textContent = "Press Ctrl + C";
  }
  setTimeout(() => (button.textContent = "Copy"), 2000);
});
