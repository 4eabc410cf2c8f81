// Words with their tags: entities coloured by type, other tags below their words.

const COLOURS = 8;
const MOST_ROWS = 1000;

/** The colour of each type or tag: the eight first have one of their own, all others share one. */
const coloursOf = (names) =>
  new Map(names.map((name, number) => [name, number < COLOURS ? number + 1 : 0]));

/** Words in groups: `{type, words}`, of which those of an entity belong together, and those between
 *  entities, whose type is null. A part begins an entity where it says so, or where the type
 *  changes. */
const entitiesIn = (tokens, entities) => {
  const groups = [];
  let open = null;
  for (const token of tokens) {
    const tag = entities[token.prediction];
    const last = groups.at(-1);
    const goesOn = tag
      ? open?.type === tag.type && (tag.role === "I" || tag.role === "E")
      : last?.type === null && (last.words[0].prediction === null) === (token.prediction === null);
    if (goesOn) last.words.push(token);
    else groups.push((open = { type: tag?.type ?? null, words: [token] }));
    if (!tag || tag.role === "E" || tag.role === "S") open = null;
  }
  return groups;
};

const describe = ({ token, prediction, probability }) =>
  `${token}: ${prediction}, ${percent(probability)}`;

/** A note beside what is under the pointer or has the focus. */
const under = byId("under");
const showUnder = (place, lines) => {
  under.replaceChildren(...lines.map((line) => element("div", {}, element("bdi", {}, line))));
  under.hidden = false;
  const box = place.getBoundingClientRect();
  const left = Math.min(box.left, document.documentElement.clientWidth - under.offsetWidth - 8);
  under.style.left = `${Math.max(8, left)}px`;
  const below = box.bottom + 6;
  const fits = below + under.offsetHeight < innerHeight;
  under.style.top = `${fits ? below : Math.max(4, box.top - under.offsetHeight - 6)}px`;
};
const hideUnder = () => (under.hidden = true);
addEventListener("scroll", hideUnder, { passive: true });
addEventListener("keydown", ({ key }) => key === "Escape" && hideUnder());

/** What is said of each element that has a note. */
const notes = new WeakMap();
const showNote = ({ target }) => {
  const place = target.closest?.("button");
  if (notes.has(place)) showUnder(place, notes.get(place).map(describe));
};

/** Has a text show the notes of its parts: all of them by one listener, since there may be many. */
const withNotes = (text) => {
  for (const event of ["pointerover", "focusin", "click"]) text.addEventListener(event, showNote);
  for (const event of ["pointerout", "focusout"]) text.addEventListener(event, hideUnder);
  return text;
};

/** A word, or an entity of several, with its tag; one that can be reached by the keyboard. */
const tagged = (words, tag, colour) => {
  const least = Math.min(...words.map(({ probability }) => probability));
  const button = element(
    "button",
    { type: "button", class: `tagged colour-${colour}` },
    element("bdi", {}, words.map(({ token }) => token).join(" ")),
    " ",
    element("small", {}, element("bdi", {}, tag)),
    element("span", { class: "hidden" }, `, ${percent(least)}`),
  );
  notes.set(button, words);
  return button;
};

/** Words outside of entities; those that the model did not read are struck out. */
const plainWords = (words) =>
  element(
    "bdi",
    words[0].prediction === null ? { class: "unread" } : {},
    words.map(({ token }) => token).join(" "),
  );

const legendOf = (colours, counts) =>
  element(
    "ul",
    { class: "legend" },
    ...[...counts].map(([name, count]) =>
      element(
        "li",
        { class: `colour-${colours.get(name) ?? 0}` },
        element("span", {}, element("bdi", {}, name), ` ${count.toLocaleString("en")}`),
      ),
    ),
  );

const wordTable = (tokens) => {
  const details = element("details", {}, element("summary", {}, "All words as a table"));
  details.addEventListener("toggle", () => {
    if (!details.open || details.querySelector("table")) return;
    const rows = tokens
      .slice(0, MOST_ROWS)
      .map(({ token, prediction, probability }) => [
        element("bdi", {}, token),
        element("bdi", {}, prediction ?? "not read"),
        probability === null ? "–" : percent(probability),
      ]);
    details.append(table("Words and their tags", ["word", "tag", "probability"], rows));
    if (tokens.length > MOST_ROWS)
      details.append(element("p", { class: "note" }, `The first ${MOST_ROWS.toLocaleString("en")} words.`));
  });
  return details;
};

const counting = (names) => {
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Map([...counts].sort(([, a], [, b]) => b - a));
};

/** The whole answer to a text whose words have tags. */
const taggedText = ({ tokens }, model) => {
  if (!tokens.length) return [element("p", { class: "note" }, "The text has no words.")];
  const text = withNotes(element("p", { class: "tags", dir: "auto" }));
  const marksEntities = Object.keys(model.entities).length > 0;
  const types = [...new Set(Object.values(model.entities).map(({ type }) => type))];
  const colours = coloursOf(marksEntities ? types : model.labels);
  const groups = marksEntities
    ? entitiesIn(tokens, model.entities)
    : tokens.map((token) => ({ type: token.prediction, words: [token] }));
  for (const { type, words } of groups) {
    if (type === null) text.append(plainWords(words), " ");
    else text.append(tagged(words, type, colours.get(type) ?? 0), " ");
  }
  text.classList.toggle("below", !marksEntities);
  const counts = counting(groups.map(({ type }) => type).filter((type) => type !== null));
  const none = element("p", { class: "note" }, "No entity was found.");
  return [counts.size ? legendOf(colours, counts) : none, text, wordTable(tokens)];
};
