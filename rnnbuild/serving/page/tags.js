// Words with their tags: entities coloured by type, other tags below their words.

const COLOURS = 8;
const MOST = 1000;

/** The colour of each type or tag that was shown: the first eight have one of their own for as long
 *  as the page is open, all others share one. */
const colours = new Map();
const colourOf = (name) => {
  if (!colours.has(name)) colours.set(name, colours.size < COLOURS ? colours.size + 1 : 0);
  return colours.get(name);
};

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
const tagged = (words, tag) => {
  const least = Math.min(...words.map(({ probability }) => probability));
  const button = element(
    "button",
    { type: "button", class: `tagged colour-${colourOf(tag)}` },
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

const legendOf = (counts) =>
  element(
    "ul",
    { class: "legend" },
    ...[...counts].map(([name, count]) =>
      element(
        "li",
        { class: `colour-${colourOf(name)}` },
        element("span", {}, element("bdi", {}, name), ` ${count.toLocaleString("en")}`),
      ),
    ),
  );

const wordTable = (tokens) => {
  const details = element("details", {}, element("summary", {}, "All words as a table"));
  details.addEventListener("toggle", () => {
    if (!details.open || details.querySelector("table")) return;
    const rows = tokens
      .slice(0, MOST)
      .map(({ token, prediction, probability }) => [
        element("bdi", {}, token),
        element("bdi", {}, prediction ?? "not read"),
        probability === null ? "–" : percent(probability),
      ]);
    details.append(table("Words and their tags", ["word", "tag", "probability"], rows));
    if (tokens.length > MOST)
      details.append(element("p", { class: "note" }, `The first ${MOST.toLocaleString("en")} words.`));
  });
  return details;
};

const counting = (names) => {
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Map([...counts].sort(([, a], [, b]) => b - a));
};

/** A paragraph of words and entities. */
const paragraphOf = (groups, marksEntities) => {
  const paragraph = withNotes(
    element("p", { class: marksEntities ? "tags" : "tags below", dir: "auto" }),
  );
  for (const { type, words } of groups)
    paragraph.append(type === null ? plainWords(words) : tagged(words, type), " ");
  return paragraph;
};

/** Words and entities, a thousand of them at first: many more take the browser long. */
const paragraphsOf = (groups, marksEntities) => {
  const place = element("div", {});
  const more = element("button", { type: "button", class: "more" });
  let shown = 0;
  const show = () => {
    more.before(paragraphOf(groups.slice(shown, (shown += MOST)), marksEntities));
    const left = groups.length - shown;
    more.textContent = `Show more: ${left.toLocaleString("en")} are left`;
    more.hidden = left <= 0;
  };
  more.addEventListener("click", show);
  place.append(more);
  show();
  return place;
};

/** The whole answer to a text whose words have tags. */
const taggedText = ({ tokens }, model) => {
  if (!tokens.length) return [element("p", { class: "note" }, "The text has no words.")];
  const marksEntities = Object.keys(model.entities).length > 0;
  const groups = marksEntities
    ? entitiesIn(tokens, model.entities)
    : tokens.map((token) => ({ type: token.prediction, words: [token] }));
  const counts = counting(groups.map(({ type }) => type).filter((type) => type !== null));
  const none = element("p", { class: "note" }, "No entity was found.");
  return [counts.size ? legendOf(counts) : none, paragraphsOf(groups, marksEntities), wordTable(tokens)];
};
