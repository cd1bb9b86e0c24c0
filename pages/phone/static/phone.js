// The phone: keeps every answer until the server has acknowledged it, sends it again with its key, follows the room.
// Without this script every page still works: forms are plain forms, and links are links.
(() => {
  "use strict";
  const RETRY = [1000, 2000, 4000, 8000];  // ms; a server that starts anew is found again within ten seconds
  const SILENCE = 40000;                   // ms without a sign of life on the stream
  const PATIENCE = 12000;                  // ms that one answer may take
  const WORK = 5000;                       // ms between two looks for what is no move of the room
  const MOST = 64 * 1024;                  // bytes of a form, as the server takes them
  const TAP = 100;                         // ms from a finger that is lifted to its click, at most
  const HELD = 3000;                       // ms that a finger holds the page, where no browser tells that it was lifted
  const READ = 8000;                       // ms that a refusal stands when the room has moved on meanwhile
  const body = document.body, me = body.dataset.person;

  if (!me) {  // at the entrance: a personal link carries its secret where no server's log sees it
    const takeLink = () => {
      const code = document.getElementById("code"), link = location.hash.slice(1);
      if (!code || !link) return;
      code.value = link;
      history.replaceState(null, "", location.pathname);
    };
    takeLink();
    addEventListener("hashchange", takeLink);  // a link that is opened where the entrance stands already loads nothing
    // before the day: what is typed stays on the phone until it was taken
    const taken = document.querySelector("[data-taken]");
    for (const field of document.querySelectorAll("[data-draft]")) {
      const place = `throughline ${field.dataset.draft}`;
      try {
        if (taken) localStorage.removeItem(place);
        else if (!field.value) field.value = localStorage.getItem(place) ?? "";
        field.addEventListener("input", () => localStorage.setItem(place, field.value));
      } catch { /* a browser that keeps nothing */ }
    }
    return;
  }

  // What is kept on the phone

  const memory = {};  // where a browser keeps nothing, or nothing more
  function load(name, otherwise) {
    const place = `throughline ${me} ${name}`;
    if (place in memory) return memory[place];
    try { return JSON.parse(localStorage.getItem(place)) ?? otherwise; } catch { return otherwise; }
  }
  function save(name, value) {
    const place = `throughline ${me} ${name}`;
    try {
      if (value === null) localStorage.removeItem(place);
      else localStorage.setItem(place, JSON.stringify(value));
      delete memory[place];
    } catch { memory[place] = value; }
  }
  const words = () => JSON.parse(body.dataset.words);
  const kept = () => load("kept", []);  // read anew every time: another tab of this person keeps there too
  const waiting = () => kept().filter(({ refused }) => !refused);
  const drop = (key) => save("kept", kept().filter((one) => one.key !== key));
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");

  // Sending: in order, each until it is acknowledged or refused

  let sending = false, resend = 0, failures = 0;

  async function send() {
    if (sending) return;
    sending = true;
    clearTimeout(resend);
    let next, answered = false, wrote = false;
    while ((next = waiting()[0])) {
      const answer = await ask(next.to, { method: "POST", body: next.body, headers: { Accept: "application/json" } });
      if (!answer || answer.status === 429 || answer.status >= 500) {
        resend = setTimeout(send, RETRY[Math.min(failures++, RETRY.length - 1)] * (0.8 + 0.4 * Math.random()));
        break;
      }
      failures = 0;
      if (answer.status === 401) { location.assign("/join?again"); break; }
      const { refused } = await answer.json().catch(() => ({}));
      if (answer.ok) { drop(next.key); forget(next.drafts ?? []); wrote = wrote || !!next.text; }
      else if (next.text) {
        save("kept", kept().map((one) => (one.key === next.key ? { ...one, refused: refused || words().refused } : one)));
        aloud(refused || words().refused);
      }
      else { drop(next.key); say(refused || words().refused); }
      answered = true;
    }
    sending = false;
    paintKept();
    if (wrote && !waiting().length) aloud(words().kept);
    if (answered && !waiting().length) refresh();
  }

  async function ask(to, how) {
    const stop = new AbortController(), timer = setTimeout(() => stop.abort(), PATIENCE);
    if (how.body) how.headers["Content-Type"] = "application/x-www-form-urlencoded";
    try {
      const answer = await fetch(to, { credentials: "same-origin", cache: "no-store", signal: stop.signal, ...how });
      found();
      return answer;
    } catch {
      missing();
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target, pressed = event.submitter;
    // an old browser that does not tell which button it was sends its plain form
    if (!("keep" in form.dataset) || !("submitter" in event)) return;
    event.preventDefault();
    if (pressed && !pressed.value) return;  // Enter where no answer was chosen
    const steps = form.dataset.steps && pressed?.name === "step";
    if (steps && !step(form, pressed)) return;
    const given = new FormData(form), field = form.querySelector("textarea");
    if (pressed?.name && !steps) given.set(pressed.name, pressed.value);  // a step stands in its field already
    const isReady = pressed?.name === "ready", isSaid = !pressed?.name || ["add", "save"].includes(pressed.name);
    const writes = field && (isSaid || (isReady && field.value.trim()));  // as the server takes it
    if (writes && !field.value.trim()) { field.focus(); return; }
    const key = newKey();
    given.set("key", key);
    const text = writes ? sentence(given.get("opener") ?? "", field.value.trim()) : "";
    // how a sentence begins stays chosen for the next one
    const drafts = [...form.querySelectorAll("[data-draft]:not([type=radio])")].map(({ dataset }) => dataset.draft);
    const sent = { key, to: form.getAttribute("action"), body: new URLSearchParams(given).toString(), text };
    if (sent.body.length > MOST) { say(words().long); return; }  // the field keeps it
    save("kept", [...kept(), writes ? sent : { ...sent, drafts }]);  // what is shown as waiting is no draft any more
    if (writes) { forget(drafts); field.value = ""; }
    if (isReady && pressed.hasAttribute("aria-pressed")) {  // seen at once, whatever the connection does
      pressed.setAttribute("aria-pressed", String(pressed.value === "1"));
      pressed.value = pressed.value === "1" ? "0" : "1";
    }
    next(form, pressed);
    paintKept();
    if (!since) say("");  // what was refused before is being done anew
    send();
    if (form.dataset.keep === "leave") refresh("/phone");
  });

  function sentence(opener, rest) {  // as the server will put it together
    const begin = opener.split("…")[0].trim(), whole = rest.toLowerCase().startsWith(begin.toLowerCase());
    return whole ? rest : `${begin} ${rest}`;
  }

  // What is kept, shown: waiting, or given back with the reason

  function paintKept() {
    const list = document.querySelector("ul.mine"), note = document.querySelector("[data-waiting]");
    if (note) note.hidden = !waiting().length;
    if (!list) return;
    for (const old of list.querySelectorAll("[data-key]")) old.remove();
    for (const { key, text, refused } of kept()) {
      if (!text) continue;
      const item = document.getElementById(refused ? "refused" : "waiting").content.firstElementChild.cloneNode(true);
      item.dataset.key = key;
      item.querySelector("p").textContent = text;
      item.querySelector(".sr").textContent = `: ${text.slice(0, 60)}`;
      const button = item.querySelector("button"), field = document.querySelector("textarea");
      button.firstChild.textContent = field ? words().change : words().remove;
      button.hidden = !field && !refused;
      if (refused) {
        item.querySelector("[data-why]").textContent = refused;
        item.querySelector("p").classList.toggle("short", !!field);  // the field gives all of it back
      }
      list.prepend(item);
    }
  }

  document.addEventListener("click", (event) => {
    const back = event.target.closest("[data-key] button"), link = event.target.closest("a[data-go]");
    if (link) {
      event.preventDefault();
      const was = location.pathname + location.search, to = link.getAttribute("href");
      if (was === "/phone") history.pushState(null, "", to);  // the phone's own Back leads here, not to the entrance
      refresh(to).then((lost) => { if (lost) history.replaceState(null, "", was); });
    }
    if (!back) return;
    const { key } = back.closest("[data-key]").dataset, item = kept().find((one) => one.key === key);
    const field = document.querySelector("textarea");
    if (!item || (!field && !item.refused)) return;
    drop(key);
    if (field) {
      field.value = [field.value.trim(), item.text].filter(Boolean).join("\n");
      note(field);
      field.focus();
    }
    paintKept();
  });

  addEventListener("popstate", () => refresh(location.pathname + location.search));

  // Half typed

  const note = (field) => save(`draft ${field.dataset.draft}`, field.value);
  document.addEventListener("input", ({ target }) => {
    if (target.dataset.draft) note(target);
    if (target.form?.dataset.steps) paintSteps(target.form);
  });
  const forget = (drafts) => drafts.forEach((draft) => save(`draft ${draft}`, null));
  function recall() {
    for (const field of document.querySelectorAll("[data-draft]")) {
      const draft = load(`draft ${field.dataset.draft}`, null);
      if (draft === null) continue;
      if (field.type === "radio") field.checked = field.value === draft;
      else field.value = draft;
    }
    for (const form of document.querySelectorAll("form[data-steps]")) paintSteps(form);
    for (const place of document.querySelectorAll("[data-unsent]")) {
      const half = (load(`draft ${place.dataset.unsent}`, null) ?? "").trim();
      place.hidden = !half;
      place.querySelector("p").textContent = half;
    }
  }

  // − and + : painted at once, whatever the connection does. Gives whether there is something to send.

  function step(form, pressed) {
    const { steps, most, cap } = form.dataset, [ref, by] = pressed.value.split(" ");
    const field = form.elements[`n-${ref}`], now = Number(field.value) || 0, to = Math.max(0, now + Number(by));
    if (to === now) return false;
    if (steps === "vote" && to > now && to > Number(cap)) { tell(form, words().cap); return false; }
    if (steps === "vote" && to > now && sum(form) >= Number(most)) { tell(form, words().none); return false; }
    field.value = to;
    if (field.dataset.draft) note(field);
    paintSteps(form);
    return steps === "vote";
  }

  const fieldsOf = (form) => [...form.elements].filter(({ name }) => name.startsWith("n-"));
  const sum = (form) => fieldsOf(form).reduce((all, { value }) => all + (Number(value) || 0), 0);

  function paintSteps(form) {
    const { most, cap } = form.dataset, left = Number(most) - sum(form);
    for (const field of fieldsOf(form)) {
      const now = Number(field.value) || 0, row = field.closest("li"), shown = row.querySelector("output");
      const [less, more] = row.querySelectorAll("button");
      less.toggleAttribute("data-limit", now <= 0);
      more.toggleAttribute("data-limit", cap ? now >= Number(cap) || left <= 0 : left <= 0);
      for (const button of [less, more]) button.hasAttribute("data-limit") ? button.setAttribute("aria-disabled", "true") : button.removeAttribute("aria-disabled");
      if (shown) { shown.textContent = now; shown.classList.toggle("none", !now); }
    }
    const said = left < 0 ? words().over_by.replace("{count}", -left) : (left === 1 ? words().one : words().left).replace("{count}", left);
    tell(form, said);
    document.querySelectorAll(".dots i").forEach((dot, place) => dot.classList.toggle("used", place >= left));
  }

  function tell(form, sentence) {
    const line = document.querySelector(".left span");
    if (line && line.textContent !== sentence) line.textContent = sentence;
  }

  // Rating: the cells that are still to come are on the phone, so one tap goes on at once

  function next(form, pressed) {
    const island = document.getElementById("cells");
    if (!island || pressed?.name !== "rating") return;
    const { cells, concepts, metrics, all, share, ...was } = JSON.parse(island.textContent), saved = was.saved + (was.again ? 0 : 1);
    const [concept, metric, at] = cells.shift() ?? [];
    history.replaceState(null, "", "/phone");
    island.textContent = JSON.stringify({ cells, concepts, metrics, saved, all, share, again: false });
    const bar = document.querySelector("progress.line"), done = words().saved.replace("{count}", saved).replace("{all}", all);
    bar.value = saved;
    bar.setAttribute("aria-label", done);
    bar.previousElementSibling.textContent = done;
    if (!concept) return;
    form.elements.concept.value = concept;
    form.elements.metric.value = metric;
    for (const own of form.querySelectorAll("[aria-current]")) own.removeAttribute("aria-current");
    for (const sure of form.querySelectorAll("[name=confidence]")) sure.checked = false;
    const back = form.querySelector("a[data-go]");
    back.hidden = !at;
    back.setAttribute("href", `/phone?at=${at - 1}`);
    document.querySelector("[data-further]")?.toggleAttribute("hidden", at < share);
    const put = (place, text) => { const at = document.querySelector(`[data-put="${place}"]`); at.textContent = text; at.hidden = !text; };
    put("name", concepts[concept][0]); put("what", concepts[concept][1]);
    put("metric", metrics[metric][0]); put("from-to", metrics[metric][1]);
    scrollTo(0, 0);
    readOut();
  }

  // Following the room

  let source = null, relisten = 0, heard = 0, server = "", look = 0, looked = 0, asked = 0, skew = 0;

  function listen() {
    if (source || relisten || document.hidden) return;
    heard = Date.now();
    source = new EventSource("/phone/live");
    source.onopen = () => { misses = 0; found(); };
    source.onmessage = ({ data }) => { heard = Date.now(); hear(JSON.parse(data)); };
    source.addEventListener("ping", () => { heard = Date.now(); found(); });
    source.onerror = () => {
      hangUp();
      const wait = RETRY[Math.min(misses++, RETRY.length - 1)] * (0.8 + 0.4 * Math.random());
      relisten = setTimeout(() => { relisten = 0; listen(); }, wait);
      if (misses > 1) refresh();  // which also is how a phone without a stream hears of anything
    };
  }
  let misses = 0;

  function hangUp() {
    source?.close();
    source = null;
  }

  function hear({ revision, topic, server: now_at, now, spread }) {
    skew = Date.parse(now) - Date.now() || 0;
    if (waiting().length) send();
    const another = server && server !== now_at;
    server = now_at;
    if (!another && revision <= Number(body.dataset.revision)) return;
    const wait = topic === "room" || another ? 0 : Math.max(0, looked + WORK - Date.now());
    if (wait === 0) { clearTimeout(look); look = 0; }
    if (!look) look = setTimeout(() => { look = 0; refresh(); }, wait + Math.random() * spread);
  }

  async function refresh(to) {  // gives whether there was no answer
    if (to) history.replaceState(null, "", to);  // at once: another look in the meantime must not lead back
    const mine = ++asked, here = location.pathname + location.search;
    looked = Date.now();
    const answer = await ask(here, { headers: { Accept: "text/html" } });
    if (!answer) return true;  // a page that did not come must not come by itself a minute later
    if (mine !== asked) return;
    if (new URL(answer.url).pathname === "/join") { location.assign(answer.url); return; }
    if (answer.status >= 500 || answer.status === 429) { setTimeout(refresh, 5000); return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (touched) await new Promise((go) => { lifted = go; });
    if (mine !== asked || page.body.dataset.person !== me) return;
    if (waiting().some(({ text }) => !text) && page.body.className === body.className && !to) return;  // ours is newer
    swap(page);
  }

  // What is replaced under a finger would take its tap along
  let touched = false, lifted = null, lifting = 0;
  addEventListener("pointerdown", () => { touched = true; liftIn(HELD); }, true);
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => liftIn(TAP), true);

  function liftIn(ms) { clearTimeout(lifting); lifting = setTimeout(lift, ms); }

  function lift() {
    touched = false;
    lifted?.();
    lifted = null;
  }

  function swap(page) {
    const focus = document.activeElement, was = body.dataset.same;
    document.title = page.title;
    body.className = page.body.className;
    for (const name of Object.keys(page.body.dataset)) body.dataset[name] = page.body.dataset[name];
    let before = null;  // what one kind of page has and the last had not comes in behind it
    for (const place of ["header.top", ".time", "main", ".dock", "#cells"]) {
      const ours = document.querySelector(place), theirs = page.querySelector(place);
      const typedIn = place === ".dock" && was === body.dataset.same && ours?.querySelector("textarea");
      if (ours && theirs && !typedIn) ours.replaceWith(theirs);
      else if (ours && !theirs) ours.remove();
      else if (theirs && !ours) before.after(theirs);
      before = document.querySelector(place) ?? before;
    }
    if (was !== body.dataset.same) {
      scrollTo(0, 0);
      if (!since && Date.now() - saidAt > READ) say("");
    }
    if (!focus?.isConnected) {  // the keyboard goes on where it was, or else at the top of what is new
      const heading = document.querySelector("main h1");
      heading.tabIndex = -1;
      (document.getElementById(focus?.id) ?? heading).focus({ preventScroll: true });
    }
    recall();
    paintKept();
    paintClock();
    readOut();
  }

  // Read out by a screen reader: what the page says now, once, and of it only what is new

  const texts = () => [...document.querySelectorAll("main h1, main [data-put=what], main .ask, main p.room")].map(({ textContent }) => textContent.replace(/\s+/g, " ").trim());
  let read = texts();

  function readOut() {
    const now = texts(), fresh = now.filter((text) => text && !read.includes(text));
    read = now;
    if (fresh.length) aloud(fresh.join(" "));
  }

  function aloud(sentence) {
    const line = document.getElementById("aloud");
    line.textContent = "";
    line.append(sentence);
  }

  // The connection, said once when it goes and once when it is back

  const news = document.getElementById("news");
  let since = "", saidAt = 0;

  function missing() {
    if (since || document.hidden) return;
    const now = new Date();
    since = [now.getHours(), now.getMinutes()].map((n) => String(n).padStart(2, "0")).join(":");
    say(words().lost.replace("{time}", since), words().keep);
  }

  function found() {
    if (!since) return;
    since = "";
    const had = waiting().length;
    say(had ? words().back : "");
    if (had) send();
    if (had) setTimeout(() => { if (!since && news.textContent === words().back) say(""); }, 4000);
  }

  function say(sentence, more = "") {
    news.textContent = "";
    saidAt = Date.now();
    if (!sentence) return;
    const bold = document.createElement("b"), box = document.createElement("p");
    bold.textContent = sentence;
    box.className = "note";
    box.append(bold, more);
    news.append(box);
  }

  // Time left, by the minute, in the last minute by ten seconds

  function paintClock() {
    const bar = document.querySelector(".time"), line = document.querySelector("[data-clock]");
    if (!bar?.dataset.deadline || !line) return;
    const from = Date.parse(bar.dataset.started), to = Date.parse(bar.dataset.deadline), now = Date.now() + skew;
    const left = Math.max(0, Math.ceil((to - Math.max(now, from)) / 1000)), { over, seconds, minutes } = words();
    const said = left === 0 ? over : left < 60 ? seconds.replace("{seconds}", Math.ceil(left / 10) * 10) : minutes.replace("{minutes}", Math.ceil(left / 60));
    if (line.textContent !== said) {
      line.textContent = said;
      if (left === 0) aloud(said);
    }
    bar.value = to > from ? Math.min(1, Math.max(0, (now - from) / (to - from))) : 1;
  }

  setInterval(() => {
    paintClock();
    if (source && Date.now() - heard > SILENCE) { hangUp(); missing(); listen(); refresh(); }  // the page itself may come through where a stream does not
  }, 1000);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { hangUp(); clearTimeout(relisten); relisten = 0; return; }
    misses = 0;
    listen();
    refresh();
    send();
  });
  addEventListener("online", () => { listen(); send(); refresh(); });
  addEventListener("offline", missing);
  addEventListener("storage", ({ key }) => {  // what another tab of this person has sent is this tab's ballot, too
    paintKept();
    if (key?.endsWith(" kept") && !waiting().length) refresh();
  });

  skew = Date.parse(body.dataset.now) - Date.now() || 0;
  recall();
  paintKept();
  paintClock();
  listen();
  send();
})();
