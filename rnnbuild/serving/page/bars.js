// Probabilities as bars.

const MOST_BARS = 10;

/** A bar, whose value is the text beside it. */
const barOf = (share, kind = "") => {
  const bar = element("span", { class: `bar ${kind}`, "aria-hidden": "true" });
  bar.style.setProperty("--share", String(share));
  return bar;
};

/** A row for each of the likeliest names, and one for all others together.
 *  `chosen` are those that are the answer; `total` says whether the probabilities sum to one. */
const bars = (probabilities, chosen, total = true) => {
  const sorted = Object.entries(probabilities).sort(([, a], [, b]) => b - a);
  const most = sorted.length <= MOST_BARS + 1 ? sorted.length : MOST_BARS;
  const rows = sorted.slice(0, most).map(([name, share]) => {
    const answer = chosen.includes(name);
    return element(
      "tr",
      answer ? { class: "chosen" } : {},
      element("th", { scope: "row" }, named(name)),
      element("td", {}, barOf(share, answer ? "chosen" : "")),
      element("td", {}, percent(share)),
    );
  });
  const others = sorted.slice(most);
  if (others.length) {
    const share = total ? others.reduce((sum, [, each]) => sum + each, 0) : others[0][1];
    rows.push(
      element(
        "tr",
        { class: "others" },
        element("th", { scope: "row" }, `${others.length.toLocaleString("en")} others`),
        element("td", {}, barOf(share, "others")),
        element("td", {}, total ? percent(share) : `each ≤ ${percent(share)}`),
      ),
    );
  }
  const head = ["name", "bar", "probability"].map((text) => element("th", { scope: "col" }, text));
  return element(
    "table",
    { class: "bars" },
    element("caption", {}, "Probabilities"),
    element("colgroup", {}, ...["names", "shares", "values"].map((name) => element("col", { class: name }))),
    element("thead", { class: "hidden" }, element("tr", {}, ...head)),
    element("tbody", {}, ...rows),
  );
};
