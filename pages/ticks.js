// What the room wrote, line by line: ticked, or opened. People's words are only ever set as text.
// A tick is of a line under its heading: under another one it is gone, and back when that is undone.
const kept = new WeakMap();

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".ticks");
  const me = kept.get(parentElement) ?? { ticked: { ...data.ticked } };
  kept.set(parentElement, me);
  Object.assign(me, { data, root });
  me.tell = () => setStateValue("ticked", me.ticked);
  me.open = (ref) => setTriggerValue("ref", ref);
  const shown = JSON.stringify([data.lines, data.ticks]);
  if (shown !== me.shown) draw(me);
  me.shown = shown;
  paint(me);
}

function draw(me) {
  const { root, data } = me;
  const held = document.activeElement?.closest(".ticks li")?.dataset.ref;
  const which = document.activeElement?.localName;
  const parts = [];
  for (const line of data.lines) {
    if (!parts.length || line.heading !== parts.at(-1).heading) {
      parts.push({ heading: line.heading, list: element("ul", "") });
    }
    parts.at(-1).list.append(drawn(me, line));
  }
  root.replaceChildren(...parts.flatMap(({ heading, list }) => {
    if (!heading) return [list];
    list.ariaLabel = heading;
    return [element("p", "heading", heading), list];
  }));
  if (held) root.querySelector(`li[data-ref="${held}"] ${which}`)?.focus({ preventScroll: true });
}

function drawn(me, { ref, opens, text, by }) {
  const row = element("li", ""), words = element("label", "words", text), open = element("button", "ref", ref);
  row.dataset.ref = ref;
  words.dir = "auto";
  open.type = "button";
  open.title = open.ariaLabel = opens;
  open.onclick = () => me.open(ref);
  if (me.data.ticks) {
    const tick = element("input", "");
    tick.type = "checkbox";
    tick.id = words.htmlFor = `tick-${ref}`;
    tick.onclick = ({ shiftKey }) => ticked(me, tick, shiftKey);
    row.append(tick);
  }
  row.append(open, words);
  if (by) row.append(element("span", "by", by));
  return row;
}

/** With Shift every line since the last one that was ticked goes the same way. */
function ticked(me, tick, shift) {
  const all = [...me.root.querySelectorAll("input")];
  const to = all.indexOf(tick), last = all.findIndex(({ id }) => id === me.last);
  const from = shift && last >= 0 ? last : to;
  for (const one of all.slice(Math.min(from, to), Math.max(from, to) + 1)) {
    const { ref, heading } = lineOf(me, one);
    if (tick.checked) me.ticked[ref] = heading;
    else delete me.ticked[ref];
  }
  me.last = tick.id;
  paint(me);
  me.tell();
}

function lineOf(me, tick) {
  return me.data.lines.find(({ ref }) => `tick-${ref}` === tick.id);
}

function paint(me) {
  for (const tick of me.root.querySelectorAll("input")) {
    const { ref, heading } = lineOf(me, tick);
    tick.checked = me.ticked[ref] === heading;
  }
}

function element(name, kind, text) {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  if (text) made.textContent = text;
  return made;
}
