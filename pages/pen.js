// The pen: takes a line at Enter, whatever the server is doing, and keeps it until the server has answered for it.
// What it keeps goes by the pen's name, and over a reload: after a restart of the server the page is drawn anew,
// with another parentElement. People's words are only ever set as text.
const kept = new Map();

const AGAIN = 1000;     // ms without an answer until the open lines are handed over again
const PATIENCE = 1000;  // ms until a line that is waiting is shown
const LOOK = 250;       // ms between two looks at what is open

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".pen");
  const me = kept.get(data.name) ?? remember(data.name);
  me.data = data;
  me.hand = () => {
    me.handed = Date.now();
    setTriggerValue("lines", me.pending.map(({ key, text }) => ({ key, text })));
  };
  if (me.root !== root) mount(me, root);
  hear(me);
  look(me);
  return () => {
    if (me.root !== root) return;
    clearTimeout(me.timer);
    me.root = null;
  };
}

// What is kept: `pending` has no answer yet; `refused` was not stored and is not being written again either

function remember(name) {
  let saved = {};
  try { saved = JSON.parse(sessionStorage.getItem(name)) ?? {}; } catch { /* a browser that keeps nothing */ }
  const me = { name, draft: "", problem: "", last: "", pending: [], refused: [], ...saved };
  me.handed = 0;
  kept.set(name, me);
  return me;
}

function save({ name, draft, problem, last, pending, refused }) {
  try {
    sessionStorage.setItem(name, JSON.stringify({ draft, problem, last, pending, refused }));
  } catch { /* it is kept at least as long as the page */ }
}

// The field

function mount(me, root) {
  const input = root.querySelector("input"), label = root.querySelector("label");
  Object.assign(me, { root, input, painted: null, handed: 0 });
  input.id = label.htmlFor = me.name;
  input.value = me.draft;
  input.oninput = () => {
    me.draft = input.value;
    if (!me.draft) me.problem = "";
    save(me);
    paint(me);
  };
  input.onkeydown = (event) => {
    const composing = event.isComposing || event.keyCode === 229;  // this Enter belongs to the input method
    if (event.key !== "Enter" || composing || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    if (input.value.trim()) take(me);
  };
  input.onfocus = () => { me.focused = true; };
  // a field that is drawn anew is left too, but not by anybody
  input.onblur = () => setTimeout(() => {
    if (input.isConnected && document.activeElement !== input) me.focused = false;
  });
  if (me.focused && document.activeElement === document.body) input.focus({ preventScroll: true });
}

function take(me) {
  const key = Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("-");
  me.pending.push({ key, text: me.input.value, since: Date.now() });
  me.last = key;
  write(me, "", "");
  if (connected()) me.hand();
  look(me);
}

function write(me, text, problem) {
  me.draft = me.input.value = text;
  me.problem = problem;
  save(me);
}

// Answers

function hear(me) {
  const { answers } = me.data;
  const answered = me.pending.filter(({ key }) => Object.hasOwn(answers, key));
  me.pending = me.pending.filter((line) => !answered.includes(line));
  for (const { key, text } of answered) {
    const sentence = answers[key];
    if (!sentence) continue;
    // back into the field only if nothing was written since: the next line must not be written into this one
    if (key === me.last && !me.draft) write(me, text, sentence);
    else me.refused.push({ text, sentence });
  }
  if (answered.length) save(me);
}

/** Hands over again what got lost on the way: a run that was broken off, a server that was started again. */
function look(me) {
  clearTimeout(me.timer);
  paint(me);
  if (!me.pending.length) return;
  if (Date.now() - me.handed >= AGAIN && connected() && !running()) me.hand();
  me.timer = setTimeout(look, LOOK, me);
}

function connected() {
  return document.querySelector('[data-test-connection-state="CONNECTED"]') !== null;
}

function running() {
  return document.querySelector('[data-test-script-state="running"]') !== null;
}

// What is seen

function paint(me) {
  const { label, placeholder, waiting, again } = me.data.words;
  const late = me.pending.filter(({ since }) => Date.now() - since > PATIENCE);
  const shown = JSON.stringify([me.data.words, me.problem, me.refused, late]);
  if (shown === me.painted) return;  // a button keeps its focus
  me.painted = shown;
  me.root.querySelector("label").textContent = label;
  me.input.placeholder = placeholder;
  me.input.ariaInvalid = String(me.problem !== "");
  me.root.querySelector('[role="status"]').replaceChildren(
    ...(me.problem ? [element("p", "sentence", me.problem)] : []),
    ...me.refused.map((one) => {
      const all = document.createElement("div"), button = element("button", "again", again);
      button.type = "button";
      button.onclick = () => rewrite(me, one);
      all.append(element("p", "words", one.text), element("p", "sentence", one.sentence), button);
      return all;
    }),
    ...late.map(({ text }) => element("p", "waiting", waiting.replace("{text}", () => text))),
  );
}

function element(name, kind, text) {
  const made = document.createElement(name);
  made.className = kind;
  made.textContent = text;
  return made;
}

/** Changes places: the refused words are written again, and what was half written waits where they stood. */
function rewrite(me, one) {
  const { draft, problem } = me;
  const place = me.refused.indexOf(one);
  me.refused.splice(place, 1, ...(draft ? [{ text: draft, sentence: problem }] : []));
  write(me, one.text, one.sentence);
  me.input.focus();
  paint(me);
}
