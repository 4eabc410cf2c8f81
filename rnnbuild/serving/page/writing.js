// Text that a language model writes, shown while it is written.

const SETTINGS = ["temperature", "top_k", "top_p", "seed", "length"];

const writingSettings = () => {
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
  const body = { prompt, ...writingSettings(), stream: true };
  showCommand("generate", body);
  const began = performance.now();
  let characters = 0;
  let seed = null;
  const ended = (how) => {
    const size = `${how} ${counted(characters, "character")} in ${took(performance.now() - began)}`;
    status.textContent = seed === null ? size : `${size}, seed ${seed}`;
  };
  try {
    const response = await respond("generate", body, control.signal);
    seed = response.headers.get("rnnbuild-seed");
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      place.append(value);
      characters += value.length;
    }
    ended("wrote");
  } catch (error) {
    if (error.name === "AbortError" && control === writing) ended("stopped after");
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
