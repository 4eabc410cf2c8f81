// Series: columns of numbers in a field of text, and a forecast drawn behind their end.

const DELIMITERS = [",", ";", "\t"];

/** The cells of a line of CSV, of which those in quotes may contain the delimiter. */
const cellsOf = (line, delimiter) => {
  const cells = [];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at];
    if (character === '"' && quoted && line[at + 1] === '"') cell += line[(at += 1)];
    else if (character === '"') quoted = !quoted;
    else if (character === delimiter && !quoted) cell = (cells.push(cell), "");
    else cell += character;
  }
  return [...cells, cell].map((text) => text.trim());
};

/** A cell as JSON has it: a number, null where there is none, or its text, such as a date. */
const valueIn = (cell, delimiter) => {
  if (cell === "") return null;
  const plain = delimiter !== "," && /^[-+]?\d+,\d+$/.test(cell) ? cell.replace(",", ".") : cell;
  return Number.isFinite(Number(plain)) ? Number(plain) : cell;
};

/** The series in a text, as `/predict` takes it: JSON as it is, or CSV whose first line names the
 *  columns; numbers without a name, in a line or one a line, are those of the only column. Throws
 *  Problem. */
const seriesIn = (text, { columns: known }) => {
  if (/^\s*[[{]/.test(text)) return jsonIn(text);
  const lines = text.split(/\r?\n/).filter((line) => line.trim());
  if (!lines.length) return [];
  const count = (delimiter) => cellsOf(lines[0], delimiter).length;
  const delimiter = DELIMITERS.reduce((best, one) => (count(one) > count(best) ? one : best));
  const rows = lines.map((line) => cellsOf(line, delimiter));
  const values = (row) => row.map((cell) => valueIn(cell, delimiter));
  const [names, ...body] = rows;
  const first = values(names);
  if (first.some((value) => typeof value === "number") && !known.some((name) => names.includes(name))) {
    const alone = known.length === 1 && !first.some((value) => typeof value === "string");
    if (alone && first.length === 1) return rows.map((row) => values(row)[0]);
    if (alone && !body.length) return first;
    throw new Problem(0, [
      {
        detail: "the first line contains numbers, where names of columns are expected",
        hint: `begin with a line that names them: ${known.join(", ")}, and dates if there are any`,
      },
    ]);
  }
  const odd = body.findIndex((row) => row.length !== names.length);
  if (odd >= 0)
    throw new Problem(0, [
      { detail: `row ${odd + 1} has ${counted(body[odd].length, "cell")}, and the first line names ${counted(names.length, "column")}` },
    ]);
  const columns = names.map(() => []);
  for (const row of body) for (const [at, value] of values(row).entries()) columns[at].push(value);
  return Object.fromEntries(names.map((name, at) => [name, columns[at]]));
};

/** A JSON value in a text. Throws Problem. */
const jsonIn = (text) => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Problem(0, [{ detail: `this is not JSON: ${error.message}` }]);
  }
};

/** Columns as CSV. */
const csvOf = (columns) => {
  const quoted = (cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const names = Object.keys(columns);
  const rows = columns[names[0]].map((_, row) => names.map((name) => String(columns[name][row] ?? "")));
  return [names, ...rows].map((row) => row.map(quoted).join(",")).join("\n");
};

const SVG = "http://www.w3.org/2000/svg";
const drawn = (name, attributes, text) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
};

/** Round numbers from `low` to `high`, some five of them. */
const ticks = (low, high) => {
  const span = high - low || Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(span / 4));
  const step = [1, 2, 5, 10].map((times) => times * power).find((each) => span / each <= 5);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, at) => (first + at) * step);
};

const HEIGHT = 260;
const ROOM = { top: 12, right: 12, bottom: 28, left: 56 };

/** A plot of `past` values and of what is forecast after them; `dates` are those of all. */
const plotOf = (name, past, forecast, dates, width) => {
  const values = [...past, ...forecast];
  const finite = values.filter((value) => typeof value === "number");
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const pad = (high - low) * 0.06 || Math.abs(high) * 0.06 || 1;
  const x = (at) => ROOM.left + (at / Math.max(1, values.length - 1)) * (width - ROOM.left - ROOM.right);
  const y = (value) =>
    ROOM.top + ((high + pad - value) / (high - low + 2 * pad)) * (HEIGHT - ROOM.top - ROOM.bottom);
  const svg = drawn("svg", { width, height: HEIGHT, role: "img" });
  svg.append(drawn("title", {}, `${name}: the last ${past.length} values, and ${forecast.length} that are forecast`));
  for (const tick of ticks(low - pad, high + pad)) {
    svg.append(drawn("line", { class: "grid", x1: ROOM.left, x2: width - ROOM.right, y1: y(tick), y2: y(tick) }));
    svg.append(drawn("text", { x: ROOM.left - 8, y: y(tick) + 4, "text-anchor": "end" }, plainNumber(tick)));
  }
  const labels = Math.max(2, Math.floor((width - ROOM.left) / 120));
  for (let number = 0; number < labels; number += 1) {
    const at = Math.round((number * (values.length - 1)) / (labels - 1));
    const anchor = number === 0 ? "start" : number === labels - 1 ? "end" : "middle";
    svg.append(drawn("text", { x: x(at), y: HEIGHT - 8, "text-anchor": anchor }, dates[at]));
  }
  const line = (kind, first, some) => {
    let path = "";
    let pen = "M";
    for (const [at, value] of some.entries()) {
      if (typeof value === "number") path += `${pen}${x(first + at).toFixed(1)},${y(value).toFixed(1)}`;
      pen = typeof value === "number" ? "L" : "M";
    }
    svg.append(drawn("path", { class: kind, d: path }));
  };
  const last = past.length - 1;
  svg.append(drawn("line", { class: "now", x1: x(last), x2: x(last), y1: ROOM.top, y2: HEIGHT - ROOM.bottom }));
  line("past", 0, past);
  line("forecast", last, [past[last], ...forecast]);
  if (forecast.length === 1) svg.append(drawn("circle", { class: "forecast", cx: x(last + 1), cy: y(forecast[0]), r: 3.5 }));
  followPointer(svg, values, dates, past.length, x, y);
  return svg;
};

/** A dot and a note at the value nearest to the pointer. */
const followPointer = (svg, values, dates, past, x, y) => {
  const dot = drawn("circle", { class: "dot", r: 4, visibility: "hidden" });
  svg.append(dot);
  const end = () => {
    dot.setAttribute("visibility", "hidden");
    hideUnder();
  };
  svg.addEventListener("pointermove", ({ clientX }) => {
    const inside = (clientX - svg.getBoundingClientRect().left - x(0)) / (x(values.length - 1) - x(0));
    const at = Math.min(values.length - 1, Math.max(0, Math.round(inside * (values.length - 1))));
    if (typeof values[at] !== "number") return end();
    dot.setAttribute("cx", x(at));
    dot.setAttribute("cy", y(values[at]));
    dot.setAttribute("visibility", "visible");
    showUnder(dot, [`${dates[at]}: ${plainNumber(values[at])}${at < past ? "" : " (forecast)"}`]);
  });
  svg.addEventListener("pointerleave", end);
};

/** The values of each column of a series, and its dates, or the numbers of its steps. */
const columnsOf = (series, model) => {
  const columns = Array.isArray(series) ? { [model.columns[0]]: series } : series;
  const others = Object.keys(columns).filter((name) => !model.columns.includes(name));
  const date = others.find((name) => typeof columns[name][0] === "string") ?? others[0];
  return { columns, dates: date && columns[date].map(String) };
};

const MOST_PAST = 200;

/** The answer to a series: a plot for each column, and the table behind it. */
const forecastOf = (rows, model, series) => {
  const [when] = Object.keys(rows[0]);
  const { columns, dates } = columnsOf(series, model);
  const plots = model.targets.map((name) => {
    const all = columns[name];
    const past = all.slice(-Math.min(MOST_PAST, Math.max(4 * rows.length, 40)));
    const first = all.length - past.length;
    const before = past.map((_, at) => dates?.[first + at] ?? String(first + at + 1));
    const forecast = rows.map((row) => row[name]);
    const ahead = rows.map((row) => (dates ? String(row[when]) : `+${row[when]}`));
    const place = element("div", { class: "plot" });
    new ResizeObserver(() => {
      if (place.clientWidth)
        place.replaceChildren(plotOf(name, past, forecast, [...before, ...ahead], place.clientWidth));
    }).observe(place);
    return element("figure", {}, element("figcaption", {}, element("bdi", {}, name)), place);
  });
  const legend = element(
    "ul",
    { class: "legend" },
    element("li", { class: "past" }, element("span", {}, "the series")),
    element("li", { class: "colour-1" }, element("span", {}, "forecast")),
  );
  const cells = rows.map((row) => [String(row[when]), ...model.targets.map((name) => plainNumber(row[name]))]);
  const heads = [when, ...model.targets.map((name) => element("bdi", {}, name))];
  return [legend, ...plots, table("Forecast", heads, cells)];
};
