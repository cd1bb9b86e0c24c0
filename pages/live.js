// The listener: hears of new revisions, asks Streamlit to run again, and paints clocks in between.
// Runs again with every run of the page (new data, same parentElement), so what lasts is kept per parentElement.
const kept = new WeakMap();

const SETTLE = 150;        // ms: the run caused by one's own click usually arrives within this time
const ANSWERS = 2000;      // ms between two runs for answers alone
const LOST = 10000;        // ms without connection until the page says so
const LEAVING = 2500;      // ms after a click that may lead to another page, in which a run would call the old one back
const TWICE = 600;         // ms in which a second press of the next move is a double click
const UNHEARD = 5000;      // ms in which the same move of a page is not made again, because the page may not have drawn it yet
const PATIENCE = 10000;    // ms that a field to be written in may take to be drawn
const RETRY = [1000, 2000, 4000, 8000, 10000];

const PANEL = '[data-testid="stPopoverBody"]';
const CONNECTED = '[data-test-connection-state="CONNECTED"]';

let left = 0;
document.addEventListener("click", ({ target }) => {
  if (target.closest?.('button, [data-testid="stTopNavLink"], [data-testid="stTopNavDropdownLink"]')) left = Date.now();
}, true);
window.addEventListener("keydown", ({ altKey }) => { if (altKey) left = Date.now(); }, true);  // the moves' shortcuts

// A day is written in parts that keep every Enter to themselves, and taken when it is left: the page's own keys go to
// their buttons from there, and press them once the day is taken
window.addEventListener("keydown", (event) => {
  const { key, target, ctrlKey, metaKey, altKey } = event;
  if (key !== "Enter" || !target.isContentEditable || !(ctrlKey || metaKey || altKey)) return;
  hold(event);
  const button = altKey ? document.querySelector(".st-key-move button")
    : target.closest('[class*="st-key-editor-"]')?.querySelector('[class*="st-key-edit-"][class*="-save"] button');
  button?.focus();
  setTimeout(() => button?.click());
}, true);

// What follows a move takes its place under the finger: a second press is meant for the first, and must not reveal
let pressed = -UNHEARD, move = "";
const nextMove = () => location.pathname + document.querySelector(".st-key-move button")?.textContent;
function again({ timeStamp }) {  // of the finger, however late a busy page hears of it
  const name = nextMove(), since = timeStamp - pressed;
  if (since < TWICE) {
    pressed = timeStamp;  // a nervous hand presses thrice: as long as the presses follow one another, they are one
    return true;
  }
  const refused = document.querySelector(".st-key-refusal-move");  // it was heard: what it asks for may follow at once
  if (since < UNHEARD && name === move && !refused) return true;
  pressed = timeStamp;
  move = name;
  return false;
}
function hold(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}
window.addEventListener("click", (event) => {
  if (event.target.closest?.(".st-key-move button") && again(event)) hold(event);
}, true);
window.addEventListener("keydown", (event) => {
  if (event.altKey && event.key === "Enter" && (event.repeat || again(event))) hold(event);
}, true);

// Esc closes what is open in front; only when nothing is, it reaches the page's own keys
let inFront = false;
window.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  const list = document.querySelector('[role="listbox"]'), panel = document.querySelector(PANEL);
  inFront = !!(list || panel);
  // a field that vanishes with its panel would take along what is half written in it; one that is left keeps it
  if (!list && panel?.contains(document.activeElement)) document.activeElement.blur();
}, true);
document.body.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && inFront) event.stopPropagation();
});
// Ctrl+Enter is for the field it is pressed in: what the editor holds half-typed is not saved from elsewhere
document.body.addEventListener("keydown", (event) => {
  const field = (event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target.closest("textarea, input");
  if (field && !field.closest('[class*="st-key-editor-"]')) event.stopPropagation();
});

// Enter in a line is a click on the button that follows it; forms and the editor have keys of their own
document.body.addEventListener("keydown", (event) => {
  const { target } = event, held = event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
  if (event.key !== "Enter" || held || !target.matches('input[type="text"]:not([role="combobox"])')) return;
  if (target.closest('[data-testid="stForm"], [class*="st-key-edit-"], .pen')) return;
  const around = [...(target.closest(PANEL) ?? document).querySelectorAll("input, textarea, button")];
  const next = around[around.indexOf(target) + 1];
  if (next?.matches('[data-testid="stBaseButton-secondary"]')) next.click();
});

// What was written is stored, and its field drawn anew under another number: whoever wrote in it goes on there
let wrote = null, kind = "";
function arriveIn(target) {
  wrote = target.matches("textarea, input") ? target : null;
  kind = target.closest('[class*="st-key-"]')?.className.match(/st-key-\S*?(?=-\d+(\s|$))/)?.[0] ?? "";
}
document.addEventListener("focusin", ({ target }) => arriveIn(target));
arriveIn(document.activeElement);  // who was quicker than this script
function goOn() {
  if (!kind || !wrote || wrote.isConnected || document.activeElement !== document.body) return;
  document.querySelector(`[class*="${kind}-"]`)?.querySelector("textarea, input")?.focus();
}

// Tab goes from field to field: what empties a choice is met on the way back, where no Enter is on its way
document.body.addEventListener("keydown", ({ key, shiftKey, target }) => {
  const choice = target.matches("input") && target.closest('[data-testid="stSelectbox"], [data-testid="stMultiSelect"]');
  if (key !== "Tab" || shiftKey || !choice) return;
  for (const empties of choice.querySelectorAll('button[tabindex="0"]')) {
    empties.tabIndex = -1;
    setTimeout(() => { empties.tabIndex = 0; });
  }
});

// A panel stands at the page's end, where no Tab would find it: whoever opened it goes on in it
window.addEventListener("click", ({ target }) => {
  const button = target.closest?.('[data-testid="stPopoverButton"][aria-expanded="false"]');
  if (button) enterPanel(button);
}, true);
function enterPanel(button, until = Date.now() + PATIENCE) {
  const panel = document.querySelector(PANEL), first = panel?.querySelector("input, textarea, button, a, summary");
  if (![button, document.body].includes(document.activeElement) || Date.now() > until) return;
  if (!first || panel.querySelector('[data-testid="stSkeleton"]')) return void setTimeout(enterPanel, 50, button, until);
  if (button.closest('[data-testid="stMain"]') && panel.scrollHeight > panel.clientHeight + 1) {
    button.scrollIntoView({ block: "center" });  // below it there is no room for all of the panel
  }
  panel.tabIndex = -1;
  (first.matches('input:not([role="combobox"]), textarea') ? first : panel).focus();
}

// What somebody opened to write in is written in without another click, as soon as its first field stands there;
// not if another field was gone to meanwhile
function focusEditor(number, until = Date.now() + PATIENCE) {
  const field = document.querySelector(`[class*="st-key-edit-"][class*="-${number}-"]`)?.querySelector("textarea, input");
  if (field) field.focus();
  else if (Date.now() < until && !document.activeElement.matches("textarea, input")) {
    setTimeout(focusEditor, 50, number, until);
  }
}

// With the editor the cards change their places: the item that is open, or was until now, stays in sight
function keepInSight(number) {
  const ref = number.split("-")[1];
  document.querySelector(`.st-key-handle-${ref}, .ticks [data-ref="${ref}"]`)?.scrollIntoView({ block: "nearest" });
}

// A page begins at its head, also where a button far below on another one led to it
let at;
function beginAtTheHead() {
  if (at !== location.pathname) toTheHead();
  at = location.pathname;
}
function toTheHead() {
  document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
}

// What a run draws stands in its place only when the run is over
function afterwards(act, until = Date.now() + PATIENCE) {
  const running = document.querySelector('[data-test-script-state="running"]');
  if (running && Date.now() < until) setTimeout(afterwards, 50, act, until);
  else act();
}

export default function ({ data, parentElement, setTriggerValue }) {
  let me = kept.get(parentElement);
  if (!me || me.data.code !== data.code) {
    me?.stop();
    me = start(parentElement, data);
    kept.set(parentElement, me);
  }
  beginAtTheHead();
  if (move && nextMove() !== move) {
    move = "";  // it was drawn since: once it is undone the same move may be made again
    afterwards(toTheHead);  // where what it has changed stands
  }
  me.data = data;
  me.ask = () => setTriggerValue("news", me.newest);
  // a page that is only come to keeps the cursor where it is; a button that was quicker than this script counts
  const asked = me.focus !== undefined || document.activeElement.matches("button");
  if (data.focus && data.focus !== me.focus && asked) focusEditor(data.focus);
  if (data.focus !== me.focus) afterwards(keepInSight.bind(null, data.focus || me.focus || ""));
  me.focus = data.focus;
  me.settle();
  me.listen();
  me.paint();
  goOn();
  return () => { me.stop(); kept.delete(parentElement); };
}

function start(parentElement, data) {
  const me = { data, newest: 0, server: data.server, topic: "answers", asked: 0, askedFor: "", skew: 0, failures: 0 };
  let source = null, timer = 0, retry = 0, lost = 0, clock = 0, said = null;

  // What arrives

  me.listen = () => {
    if (source || retry || document.hidden) return;
    source = new EventSource("/live/" + encodeURIComponent(me.data.code));
    source.onopen = () => { me.failures = 0; found(); };
    source.onmessage = hear;
    source.onerror = () => {
      hangUp();
      missing();
      const wait = RETRY[Math.min(me.failures++, RETRY.length - 1)];
      retry = setTimeout(() => { retry = 0; me.listen(); }, wait * (0.8 + 0.4 * Math.random()));
    };
  };

  function hear({ data }) {
    const event = JSON.parse(data);
    me.skew = Date.parse(event.now) - Date.now() || 0;
    me.paint();
    const isNews = event.revision > me.newest;
    if (!isNews && event.server === me.server) return;
    me.server = event.server;
    if (isNews) me.newest = event.revision;
    if (isNews && event.topic !== "answers") me.topic = event.topic;
    me.settle();
  }

  function hangUp() {
    source?.close();
    source = null;
  }

  // Running again, only for what this page has not drawn yet; after a restart its session is gone, and until it runs
  // again it would not hear a click

  const isDrawn = () => me.newest <= me.data.revision && me.server === me.data.server;

  me.settle = () => {
    if (isDrawn()) {
      clearTimeout(timer);
      timer = 0;
      me.topic = "answers";
      return;
    }
    const quiet = me.topic === "answers" ? me.asked + ANSWERS - Date.now() : 0;
    clearTimeout(timer);
    timer = setTimeout(ask, Math.max(me.data.clicks ? SETTLE : 0, quiet));
  };

  function ask() {
    timer = 0;
    const wanted = `${me.server} ${me.newest}`;
    if (isDrawn() || wanted === me.askedFor) return;
    const leaving = Date.now() - left < LEAVING;
    const running = document.querySelector('[data-test-script-state="running"]');  // may bring what we would ask for
    if (leaving || running || !document.querySelector(CONNECTED)) {  // what is asked of nobody is not asked again
      timer = setTimeout(ask, 100);
      return;
    }
    me.asked = Date.now();
    me.askedFor = wanted;
    me.topic = "answers";
    me.ask();
  }

  // Connection

  function missing() {
    lost ||= setTimeout(() => {
      document.body.dataset.connection = "lost";
      if (!me.data.clicks) return;  // the shared screen says it in its own place
      said = document.createElement("p");
      said.className = "lost-connection";
      said.role = "status";
      said.textContent = me.data.words.lost;
      document.body.append(said);
    }, LOST);
  }

  function found() {
    clearTimeout(lost);
    lost = 0;
    said?.remove();
    delete document.body.dataset.connection;
  }

  // Streamlit's own box speaks to programmers, and takes the keyboard from whoever is writing
  function putAway(records) {
    if (document.querySelector(CONNECTED)) return;
    for (const node of records.flatMap(({ addedNodes }) => [...addedNodes])) {
      if (node.dataset?.testid === "stDialog") node.querySelector('[role="dialog"] > button')?.click();
    }
  }

  function turned() {
    if (document.hidden) {  // a browser has six connections for all of its tabs
      hangUp();
      clearTimeout(retry);
      retry = 0;
      clearTimeout(lost);
      lost = 0;
    } else {
      me.failures = 0;
      me.listen();
      me.paint();
    }
  }

  // Clocks

  me.paint = () => {
    const now = Date.now() + me.skew;
    for (const element of document.querySelectorAll("[data-clock][data-deadline]")) {
      const all = (Date.parse(element.dataset.deadline) - Date.parse(element.dataset.started)) / 1000;
      const most = all || Infinity;  // a machine whose clock was set back has no more than all of it left
      const left = Math.max(0, Math.min(most, Math.ceil((Date.parse(element.dataset.deadline) - now) / 1000)));
      if (Number.isNaN(left)) continue;
      const text = element.dataset.clock === "minutes" ? inWords(left) : inFigures(left);
      if (element.textContent !== text) element.textContent = text;
      // a quiet warning at 80%, a sign at the end, and never a forced jump
      const state = left === 0 ? "over" : left <= all * 0.2 ? "soon" : "";
      if (all && (element.dataset.state ?? "") !== state) element.dataset.state = state;
    }
    for (const element of document.querySelectorAll("[data-passed][data-started][data-deadline]")) {
      const from = Date.parse(element.dataset.started), to = Date.parse(element.dataset.deadline);
      const part = to > from ? Math.min(1, Math.max(0, (now - from) / (to - from))) : 1;
      const width = (100 * part).toFixed(2) + "%";
      if (!Number.isNaN(part) && element.style.width !== width) element.style.width = width;
    }
  };

  function inFigures(left) {
    return Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0");
  }

  function inWords(left) {  // by the minute, in the last minute by ten seconds
    const { over, seconds, minutes } = me.data.words;
    if (left === 0) return over;
    if (left < 60) return seconds.replace("{seconds}", Math.ceil(left / 10) * 10);
    return minutes.replace("{minutes}", Math.ceil(left / 60));
  }

  function tick() {
    me.paint();
    clock = setTimeout(tick, 1000 - ((Date.now() + me.skew) % 1000));
  }

  // What a run draws anew is painted before it is seen
  const watcher = new MutationObserver((records) => { me.paint(); putAway(records); goOn(); });

  me.stop = () => {
    hangUp();
    found();
    watcher.disconnect();
    document.removeEventListener("visibilitychange", turned);
    for (const waiting of [timer, retry, clock]) clearTimeout(waiting);
  };

  document.addEventListener("visibilitychange", turned);
  watcher.observe(document.body, { childList: true, subtree: true });
  const place = (parentElement.host ?? parentElement).closest?.('[data-testid="stElementContainer"]');
  if (place) place.style.display = "none";  // it shows nothing, so it takes no row
  tick();
  return me;
}
