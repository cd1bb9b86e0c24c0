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
  me.boxes = [];
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

function drawn(me, line) {
  const { ref, opens, text, by } = line;
  const row = element("li", ""), words = element("label", "words", text), open = element("button", "ref", ref);
  row.dataset.ref = ref;
  words.dir = "auto";
  open.type = "button";
  open.title = open.ariaLabel = opens;
  open.onclick = () => me.open(ref);
  if (me.data.ticks) {
    const box = { line, tick: element("input", "") };
    box.tick.type = "checkbox";
    box.tick.id = words.htmlFor = `tick-${ref}`;
    box.tick.onclick = ({ shiftKey }) => ticked(me, box, shiftKey);
    me.boxes.push(box);
    row.append(box.tick);
  }
  row.append(open, words);
  if (by) row.append(element("span", "by", by));
  return row;
}

/** With Shift every line since the last one that was ticked goes the same way. */
function ticked(me, box, shift) {
  const to = me.boxes.indexOf(box), last = me.boxes.findIndex(({ line }) => line.ref === me.last);
  const from = shift && last >= 0 ? last : to;
  for (const { line } of me.boxes.slice(Math.min(from, to), Math.max(from, to) + 1)) {
    if (box.tick.checked) me.ticked[line.ref] = line.heading;
    else delete me.ticked[line.ref];
  }
  me.last = box.line.ref;
  paint(me);
  me.tell();
}

function paint(me) {
  for (const { line, tick } of me.boxes) tick.checked = me.ticked[line.ref] === line.heading;
}

function element(name, kind, text) {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  if (text) made.textContent = text;
  return made;
}
