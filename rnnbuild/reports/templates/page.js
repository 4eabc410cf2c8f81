"use strict";
(() => {
  const root = document.documentElement;
  root.dataset.drawn = "";

  // Tables: a button in each header sorts the rows, first up, then down.
  const valueOf = (row, column) => {
    const cell = row.cells[column];
    const text = cell.dataset.v ?? cell.textContent.trim();
    const number = text === "" ? NaN : Number(text);
    return { text, number, empty: text === "" };
  };
  const compare = (a, b) => {
    if (!Number.isNaN(a.number) && !Number.isNaN(b.number)) return a.number - b.number;
    return a.text.localeCompare(b.text, "en", { numeric: true });
  };
  const sort = (table, header) => {
    const column = header.cellIndex;
    const up = header.getAttribute("aria-sort") !== "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", up ? "ascending" : "descending");
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => [valueOf(row, column), row]);
    // What has no value stays last.
    rows.sort(([a], [b]) => a.empty - b.empty || (up ? compare(a, b) : compare(b, a)));
    body.append(...rows.map(([, row]) => row));
  };
  for (const table of document.querySelectorAll("main table")) {
    if (table.tBodies[0].rows.length < 2) continue;
    for (const header of table.tHead.rows[0].cells) {
      if (!header.textContent.trim()) continue;
      const by = document.createElement("button");
      by.type = "button";
      by.append(...header.childNodes);
      header.append(by);
      by.addEventListener("click", () => sort(table, header));
    }
  }

  // The section in view is marked in the list of sections.
  const links = new Map([...document.querySelectorAll("nav a")].map((a) => [a.hash.slice(1), a]));
  const spy = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        for (const link of links.values()) link.removeAttribute("aria-current");
        links.get(target.id)?.setAttribute("aria-current", "true");
      }
    },
    { rootMargin: "0px 0px -75% 0px" },
  );
  for (const section of document.querySelectorAll("main > section")) spy.observe(section);

  // Plots: those in view first, the others while nothing else is to be done.
  if (typeof vegaEmbed === "undefined") return;
  const options = {
    mode: "vega-lite",
    renderer: "svg",
    actions: false,
    ast: true, // expressions are interpreted: the policy of this page allows no `eval`
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
    logLevel: 1,
  };
  // Names in a legend bring out what they name, while pointed at or once pressed.
  const pickBy = (plot, view) => {
    const legend = plot.previousElementSibling;
    if (!legend?.classList.contains("legend")) return;
    legend.removeAttribute("aria-hidden");
    let pressed = null;
    const pick = (number) => view.signal("picked", number).runAsync();
    for (const [number, item] of [...legend.children].entries()) {
      if (item.classList.contains("muted")) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-pressed", "false");
      button.append(...item.childNodes);
      item.append(button);
      item.addEventListener("pointerenter", () => pick(number));
      item.addEventListener("pointerleave", () => pick(pressed));
      button.addEventListener("click", () => {
        pressed = pressed === number ? null : number;
        for (const [other, { firstChild }] of [...legend.children].entries())
          firstChild.setAttribute?.("aria-pressed", String(other === pressed));
        pick(pressed);
      });
    }
  };
  const waiting = new Set(document.querySelectorAll(".plot"));
  const draw = async (plot) => {
    if (!waiting.delete(plot)) return;
    const spec = JSON.parse(plot.nextElementSibling.textContent);
    try {
      const { view } = await vegaEmbed(plot, spec, options);
      if (spec.params?.some(({ name }) => name === "picked")) pickBy(plot, view);
      // A screen reader reads the description and the table, not every mark.
      for (const drawn of plot.children) drawn.setAttribute("aria-hidden", "true");
    } catch (error) {
      plot.textContent = "This plot cannot be drawn here; its data is below.";
      console.error(error);
    }
    if (!waiting.size) root.dataset.drawn = "all";
  };
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) draw(target);
    },
    { rootMargin: "300px" },
  );
  for (const plot of waiting) seen.observe(plot);
  const idle = window.requestIdleCallback ?? ((next) => setTimeout(next, 50));
  const next = () => {
    const [plot] = waiting;
    if (plot) draw(plot).then(() => idle(next));
  };
  addEventListener("load", () => idle(next));
})();
