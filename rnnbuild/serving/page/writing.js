// Text that a language model writes, shown while it is written.

const SETTINGS = ["temperature", "top_k", "top_p", "seed", "length"];

/** The settings that are stated; the server checks them, and has a default for each other. Throws
 *  Problem for what is no number, of which a browser does not say what it is. */
const writingSettings = () => {
  const wrong = SETTINGS.filter((name) => byId(name).validity.badInput);
  if (wrong.length) {
    const detail = (name) => `the ${name.replace("_", "-")} is not a number`;
    throw new Problem(0, wrong.map((name) => ({ detail: detail(name), pointer: `#/${name}` })));
  }
  const settings = {};
  for (const name of SETTINGS) if (byId(name).value !== "") settings[name] = Number(byId(name).value);
  if (byId("stop").value) settings.stop = [byId("stop").value];
  return settings;
};

/** Marks the fields that a problem is about. */
const markFields = (errors) => {
  for (const name of [...SETTINGS, "stop"]) {
    const about = errors.some(({ pointer }) => pointer?.split("/")[1] === name);
    byId(name).setAttribute("aria-invalid", String(about));
  }
};

let writing = null;

/** Writes on from a prompt, until it ends or is stopped. */
const write = async (prompt) => {
  writing?.abort();
  const control = (writing = new AbortController());
  const [place, status, problem] = ["written", "write-status", "write-problem"].map(byId);
  say(problem, "");
  markFields([]);
  place.hidden = false;
  place.replaceChildren();
  status.textContent = "writing …";
  byId("halt").disabled = false;
  const began = performance.now();
  let characters = 0;
  let seed = null;
  const ended = (how) => {
    const included = prompt && ", the prompt included,";
    const size = `${how} ${counted(characters, "character")}${included}`;
    const all = `${size} in ${took(performance.now() - began)}`;
    status.textContent = seed === null ? all : `${all}, seed ${seed}`;
  };
  try {
    const body = { prompt, ...writingSettings(), stream: true };
    showCommand("generate", body);
    const response = await respond("generate", body, control.signal);
    seed = response.headers.get("rnnbuild-seed");
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      place.append(value);
      characters += [...value].length;
    }
    ended("wrote");
  } catch (error) {
    if (control !== writing) return; // another text is written in its place
    if (error.name === "AbortError") ended("stopped after");
    else if (characters) say(problem, "the text broke off: the server stopped, or the model failed");
    else {
      place.hidden = true;
      status.textContent = "";
      markFields(error.errors ?? []);
      report(error, problem);
    }
  } finally {
    if (control === writing) byId("halt").disabled = true;
  }
};

byId("halt").addEventListener("click", () => writing?.abort());
