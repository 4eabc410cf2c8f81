// The page: what is asked, and what is shown of the answer, by what the model answers with.

const SLOW = 200; // milliseconds after the last key until a question is asked

const large = (...children) => element("p", { class: "large" }, ...children);

/** What is shown of an answer, by the kind of answer that the model gives. */
const SHOWN = {
  label: ({ prediction, probability, probabilities }) => [
    large(named(prediction), element("small", {}, percent(probability))),
    bars(probabilities, [prediction]),
  ],
  labels: ({ prediction, probabilities }) => [
    prediction.length
      ? element("ul", { class: "chips" }, ...prediction.map((name) => element("li", {}, named(name))))
      : element("p", { class: "note" }, "No label has a probability over one half."),
    bars(probabilities, prediction, false),
  ],
  tags: (answer, model) => taggedText(answer, model),
  text: ({ prediction, probability }) => [
    prediction
      ? element("p", { class: "large text", dir: "auto" }, prediction)
      : element("p", { class: "note" }, "The answer is an empty text."),
    element("p", { class: "note" }, `probability ${percent(probability)}`),
  ],
  "next token": ({ prediction, nats, probabilities }, model) => [
    element("p", { class: "note" }, `The next ${model.token}`),
    bars(probabilities, [prediction]),
    nats === null
      ? ""
      : element("p", { class: "note" }, `The text costs ${nats.toFixed(3)} nats a ${model.token}.`),
  ],
  numbers: ({ prediction }) => [
    prediction.length === 1
      ? large(plainNumber(prediction[0]))
      : table("Numbers", ["output", "number"], prediction.map((value, at) => [String(at + 1), plainNumber(value)])),
  ],
  series: forecastOf,
};

/** How each kind of input is read from the field and written into it, and what is said of it. */
const INPUTS = {
  text: { label: "Text", read: (text) => text, write: (text) => text, note: () => "" },
  numbers: {
    label: "Sequence of numbers",
    read: jsonIn,
    write: (rows) => `[${rows.map((row) => JSON.stringify(row)).join(",\n ")}]`,
    note: ({ example }) =>
      `JSON: a list of ${counted(example.length, "step")}, each a list of ${counted(example[0].length, "number")}.`,
  },
  series: {
    label: "Series",
    read: seriesIn,
    write: csvOf,
    note: ({ least_steps: least, columns }) =>
      `CSV with a header, or JSON: ${columns.join(", ")}, and dates if there are any` +
      `${columns.length === 1 ? ", or its numbers alone" : ""}; ` +
      `at least ${counted(least, "step")}.`,
  },
};

let model = null;
let asking = null;
let typed = null;
let pause = 0; // until a question is asked that was typed; 0 where none is

const field = byId("input");
const problem = byId("input-problem");

const fail = (error) => {
  byId("status").textContent = "";
  field.setAttribute("aria-invalid", "true");
  report(error, problem);
};

const clearProblem = () => {
  say(problem, "");
  field.removeAttribute("aria-invalid");
};

const dropTyped = () => {
  clearTimeout(pause);
  pause = 0;
};

/** Asks for the answer to what is in the field, and shows it. A later question drops this one. */
const ask = async () => {
  dropTyped();
  asking?.abort();
  const control = (asking = new AbortController());
  clearProblem();
  try {
    const input = INPUTS[model.input].read(field.value, model);
    const body = { input };
    if (["label", "next token"].includes(model.answer)) body.probabilities = true;
    if (model.splits_punctuation && byId("split").checked) body.split_punctuation = true;
    showCommand("predict", body);
    byId("status").textContent = "asking …";
    const began = performance.now();
    const { answer } = await (await respond("predict", body, control.signal)).json();
    byId("status").textContent = `answered in ${took(performance.now() - began)}`;
    byId("answer").replaceChildren(...SHOWN[model.answer](answer, model, input));
  } catch (error) {
    if (control !== asking || error.name === "AbortError") return;
    byId("answer").replaceChildren();
    fail(error);
  }
};

/** Begins or ends answering after each word. */
const switchTyping = (on) => {
  typed?.close();
  typed = null;
  clearProblem();
  byId("split").disabled = on; // a stream takes the words that it is given
  if (!on) return;
  byId("status").textContent = "answers after each word, once a blank follows it";
  byId("answer").replaceChildren();
  byId("command").hidden = true; // there is none for a conversation
  typed = new Typed(
    (records) => byId("answer").replaceChildren(records.length ? stepTable(records) : ""),
    (error) => {
      fail(error);
      byId("typing").checked = false;
      byId("split").disabled = false;
      typed = null;
    },
  );
  typed.text(field.value);
};

const showModel = () => {
  const input = INPUTS[model.input];
  document.title = `${model.name} – rnnbuild serve`;
  byId("name").textContent = model.name;
  byId("does").textContent = model.does;
  byId("task").replaceChildren(element("span", { "aria-hidden": "true" }, "/ "), model.task);
  byId("input-label").textContent = input.label;
  byId("input-note").textContent = input.note(model);
  field.classList.toggle("code", model.input !== "text");
  field.placeholder = model.input === "text" ? "Type a text" : "";
  byId("example").hidden = model.example === null;
  byId("typing-choice").hidden = !(model.streams && model.input === "text" && model.answer !== "next token");
  byId("split-choice").hidden = !model.splits_punctuation;
  byId("writing").hidden = !model.writes;
  byId("length").placeholder = String(Math.min(byId("length").placeholder, model.limits.tokens));
  byId("try").hidden = false;
  if (model.example !== null && !field.value) field.value = input.write(model.example);
  if (field.value) ask();
};

const askForToken = (message) => {
  byId("entry").hidden = false;
  byId("try").hidden = true;
  byId("does").textContent = "";
  say(byId("trouble"), token.get() ? message : "");
  byId("token").focus();
};

const start = async () => {
  try {
    model = await (await respond("model")).json();
    byId("entry").hidden = true;
    say(byId("trouble"), "");
    showModel();
  } catch (error) {
    byId("does").textContent = "";
    report(error, byId("trouble"));
  }
};

field.addEventListener("input", () => {
  dropTyped();
  clearProblem();
  if (typed) typed.text(field.value);
  else if (model.answer === "next token") pause = setTimeout(ask, SLOW);
});
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) byId("ask").requestSubmit();
});
byId("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  byId("typing").checked = false;
  switchTyping(false);
  ask();
});
byId("example").addEventListener("click", () => {
  field.value = INPUTS[model.input].write(model.example);
  byId("ask").requestSubmit();
});
byId("split").addEventListener("change", () => byId("ask").requestSubmit());
byId("typing").addEventListener("change", ({ target }) => switchTyping(target.checked));
byId("write").addEventListener("submit", (event) => {
  event.preventDefault();
  if (pause) ask(); // now, so that the command shown is the one for what is written
  write(field.value);
});
byId("entry").addEventListener("submit", (event) => {
  event.preventDefault();
  token.set(byId("token").value);
  byId("token").value = "";
  start();
});
start();
