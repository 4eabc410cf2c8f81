// Elements and text: whatever comes from the model or the user is text, never markup.

const byId = (id) => document.getElementById(id);

/** An element with attributes, and children that are elements or text. */
const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

const NAMES = new Map([
  ["", ["∅", "end of the text"]],
  [" ", ["␣", "space"]],
  ["\n", ["⏎", "end of line"]],
  ["\t", ["⇥", "tab"]],
]);

/** A name that came from the data: it writes in its own direction, and what is blank has a sign. */
const named = (text) => {
  const [sign, name] = NAMES.get(text) ?? [];
  if (sign === undefined) return element("bdi", {}, text);
  return element("span", { class: "sign" }, element("span", { "aria-hidden": "true" }, `${sign} `), name);
};

const percent = (share) => {
  if (share > 0 && share < 0.0005) return "< 0.1 %";
  if (share < 1 && share > 0.9995) return "> 99.9 %";
  return `${(100 * share).toFixed(1)} %`;
};

const counted = (count, one, many = `${one}s`) =>
  `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** Up to six digits, as many as the number has. */
const plainNumber = (number) =>
  typeof number === "number" ? String(Number(number.toPrecision(6))) : "–";

const took = (milliseconds) =>
  milliseconds < 1000 ? `${Math.max(1, Math.round(milliseconds))} ms` : `${(milliseconds / 1000).toFixed(1)} s`;

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;
const unicodeEscape = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** A text on one line: what ends or turns a line is escaped, as on a terminal. */
const visible = (text) =>
  text.replace(CONTROL, (one) => ({ "\n": "\\n", "\r": "\\r", "\t": "\\t" })[one] ?? unicodeEscape(one));

/** Shows a text in a place for it, or hides the place. */
const say = (place, text) => {
  place.textContent = text;
  place.hidden = !text;
};

/** A table with a hidden caption; cells are elements or text. */
const table = (caption, headers, rows) =>
  element(
    "div",
    { class: "scroll", tabindex: "0", role: "group", "aria-label": caption },
    element(
      "table",
      {},
      element("caption", {}, caption),
      element("thead", {}, element("tr", {}, ...headers.map((text) => element("th", { scope: "col" }, text)))),
      element(
        "tbody",
        {},
        ...rows.map(([first, ...others]) =>
          element(
            "tr",
            {},
            element("th", { scope: "row" }, first),
            ...others.map((cell) => element("td", {}, cell)),
          ),
        ),
      ),
    ),
  );
