// The reader with a script: mark by mouse or keys, code by typing, claims beside the words.
// Without this file the same form works from lists.
import { marked, rangeOf, show, unshow, wordsOf } from "./places.js";
import { picker, searchable } from "./picking.js";

const form = document.getElementById("mark");
const list = document.getElementById("turns");
const byId = (id) => document.getElementById(id);
const [claimPart, codeBox, codeList, side] = [byId("claim"), byId("pick-code"), byId("pick-code-list"), form.parentElement];
const keys = byId("keys");
const single = byId("single-keys");
let now = null; // the words marked at present: {start, end, text, turn}
let caret = null; // the same in words of one turn: {turn, anchor, head}
let last = null; // the coding that can be undone
const stored = {
  get: (name) => { try { return localStorage.getItem(name); } catch { return null; } },
  set: (name, value) => { try { localStorage.setItem(name, value); } catch { /* a private window */ } },
};

// ---- what is marked

const highlight = window.CSS?.highlights && window.Highlight ? new Highlight() : null;
if (highlight) CSS.highlights.set("rd-marked", highlight);

function mark(found) {
  now = found;
  form.elements.start.value = found ? found.start : "";
  form.elements.end.value = found ? found.end : "";
  form.elements.turn.value = found ? found.turn.id.slice(5) : "";
  byId("marked").hidden = !found;
  byId("nothing-marked").hidden = Boolean(found);
  side.classList.toggle("rd-side--open", Boolean(found));
  highlight?.clear();
  if (!found) return;
  byId("marked-words").textContent = found.text;
  const number = found.turn.id.slice(5);
  const who = found.turn.querySelector(".rd-who b")?.textContent;
  byId("marked-where").textContent = found.turns > 1
    ? `From turn ${number} over ${found.turns} turns` : `Turn ${number}${who ? `, ${who}` : ""}`;
  const range = rangeOf(list, found.start, found.end);
  if (range) highlight?.add(range);
  if (range && getComputedStyle(side).position === "fixed") {
    // on a phone the panel comes up over the words: they go above it
    const below = range.getBoundingClientRect().bottom - (innerHeight - side.offsetHeight - 24);
    if (below > 0) scrollBy({ top: below });
  }
}

let settling = null;
document.addEventListener("selectionchange", () => {
  const selection = getSelection();
  if (!selection.anchorNode || !list.contains(selection.anchorNode)) return;
  clearTimeout(settling);
  settling = setTimeout(() => {
    const found = marked(selection, list);
    if (found) {
      if (caret?.turn !== found.turn) caret = null;
      mark(found);
    } else if (list.contains(selection.anchorNode) && selection.isCollapsed) {
      letGo();
    }
  }, 30);
});

function letGo() {
  caret = null;
  mark(null);
}

// the words as they are selected this instant: a key may come before the browser has told us
function settle() {
  if (settling === null) return;
  clearTimeout(settling);
  const found = marked(getSelection(), list);
  if (found) mark(found);
}

// ---- going from turn to turn and from word to word

const turns = () => [...list.children];
const here = () => document.activeElement?.closest?.(".rd-turn") ?? now?.turn ?? null;

function goTo(turn) {
  if (!turn) return;
  getSelection().removeAllRanges();
  letGo();
  turn.focus({ preventScroll: true });
  turn.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const turn = here();
  if (turn) return goTo(by > 0 ? turn.nextElementSibling : turn.previousElementSibling);
  const inSight = turns().find((one) => one.getBoundingClientRect().bottom > 120);
  goTo(inSight ?? list.firstElementChild);
}

function nextUnread() {
  let turn = here()?.nextElementSibling ?? list.firstElementChild;
  while (turn && turn.querySelector(".rd-note")) turn = turn.nextElementSibling;
  turn ? goTo(turn) : say("Every turn after this one has been read.");
}

function markWords(turn, anchor, head) {
  const words = wordsOf(turn);
  if (!words.length) return;
  const inside = (index) => Math.min(words.length - 1, Math.max(0, index));
  caret = { turn, anchor: inside(anchor), head: inside(head) };
  const [low, high] = [Math.min(caret.anchor, caret.head), Math.max(caret.anchor, caret.head)];
  const range = rangeOf(list, words[low].start, words[high].end);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  const found = marked(selection, list);
  mark(found);
  if (found) speak(found.text);
  const box = range.getBoundingClientRect();
  if (box.bottom > innerHeight - 40 || box.top < 40) range.startContainer.parentElement.scrollIntoView({ block: "center" });
}

function moveWord(turn, key, extend) {
  const words = wordsOf(turn);
  if (!words.length) return;
  if (!caret && now && now.turn === turn) {
    const anchor = words.findIndex((word) => word.end > now.start);
    const head = words.findLastIndex((word) => word.start < now.end);
    caret = { turn, anchor, head };
  }
  const from = caret && caret.turn === turn ? caret : null;
  let head = from ? from.head : -1;
  if (key === "ArrowRight") head += 1;
  else if (key === "ArrowLeft") head = from ? head - 1 : words.length - 1;
  else if (key === "Home") head = 0;
  else if (key === "End") head = words.length - 1;
  else if (key === "ArrowDown") {
    const ends = words.findIndex((word, index) => index > head && word.closes);
    head = ends < 0 ? words.length - 1 : ends;
  } else {
    head = Math.max(from ? from.anchor : 0, words.findLastIndex((word, index) => index < head && word.closes));
  }
  const anchor = extend ? (from ? from.anchor : key === "ArrowLeft" ? words.length - 1 : 0) : head;
  markWords(turn, anchor, head);
}

function whole(turn) {
  const words = wordsOf(turn);
  if (words.length) markWords(turn, 0, words.length - 1);
}

// ---- telling

let leaving = null;
function say(words, { refused = false, undo = false } = {}) {
  const toast = byId("toast");
  byId("toast-words").textContent = words;
  byId("undo").hidden = !undo;
  toast.classList.toggle("rd-toast--refused", refused);
  toast.hidden = false;
  clearTimeout(leaving);
  leaving = setTimeout(() => { toast.hidden = true; }, refused ? 12000 : 7000);
  speak(words);
}
function speak(words) {
  byId("spoken").textContent = words;
}

// ---- saving

async function send(address, body) {
  let answer;
  try {
    answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
  } catch {
    throw new Error("The server cannot be reached, so nothing was saved. Try again.");
  }
  const told = await answer.json().catch(() => null);
  if (!answer.ok || !told) throw new Error(told?.detail || "It was not saved. Reload the page, then try again.");
  return told;
}

function basics(at) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  if (at) {
    body.set("start", at.start);
    body.set("end", at.end);
  }
  return body;
}

const count = (id, by) => { const at = byId(id); if (at) at.textContent = Number(at.textContent) + by; };

function shown(told, turn) {
  const notes = turn.querySelector(".rd-notes");
  const fresh = !notes.children.length;
  const made = document.createElement("template");
  made.innerHTML = told.notes;
  for (const note of [...made.content.children]) {
    const back = note.querySelector("[data-coding]");
    if (back && notes.querySelector(`[data-coding="${back.dataset.coding}"]`)) {
      note.remove();
      continue;
    }
    count(back ? "count-codings" : "count-claims", 1);
    notes.append(note);
  }
  notes.setAttribute("aria-label", `Read in turn ${turn.id.slice(5)}`);
  if (fresh && notes.children.length) count("count-coded", 1);
  // the browser's own selection would lose its way while the words are cut anew; ours is put back after it
  getSelection().removeAllRanges();
  if (!list.querySelector(`[data-passages~="${told.passage}"]`)) show(list, told.start, told.end, told.passage);
  mark(now);
}

async function code({ id, name, fresh }) {
  settle();
  if (!now) return say("Mark some words first.", { refused: true });
  const at = now;
  const body = basics(at);
  if (fresh) {
    body.set("new_code", name);
    if (form.elements.codebook) body.set("codebook", form.elements.codebook.value);
  } else {
    body.set("codes", id);
  }
  try {
    const told = await send(form.action, body);
    shown(told, at.turn);
    for (const coding of told.codings) {
      if (fresh) known.push({ value: String(coding.code), name: coding.name, more: "" });
      remember(String(coding.code));
      last = { coding: coding.id, name: coding.name, turn: at.turn };
    }
    say(`Coded “${told.codings[0].name}”.`, { undo: true });
    backToTurn(at.turn);
  } catch (error) {
    say(error.message, { refused: true });
  }
}

async function takeBack(coding, name, turn) {
  try {
    const told = await send(`/codings/${coding}/remove/`, basics());
    const note = turn.querySelector(`[data-coding="${coding}"]`)?.closest(".rd-note");
    note?.remove();
    count("count-codings", -1);
    if (!turn.querySelector(".rd-note")) count("count-coded", -1);
    if (!list.querySelector(`.rd-note[data-passage="${told.passage}"]`)) unshow(list, told.passage);
    if (last?.coding === coding) last = null;
    say(`Took back “${name}”.`);
    turn.focus({ preventScroll: true });
  } catch (error) {
    say(error.message, { refused: true });
  }
}
const undo = () => last ? takeBack(last.coding, last.name, last.turn) : say("There is nothing to undo.");

async function claim() {
  settle();
  if (!now) return say("Mark some words first.", { refused: true });
  const at = now;
  const body = basics(at);
  for (const name of ["cause", "effect", "stance", "assumption", "modality", "claimant_role", "note"]) {
    body.set(name, form.elements[name].value);
  }
  if (!["cause", "effect", "assumption"].some((name) => body.get(name).trim())) {
    form.elements.cause.focus();
    return say("Say what leads to what, or choose an assumption.", { refused: true });
  }
  try {
    const told = await send(form.action, body);
    shown(told, at.turn);
    const role = form.elements.claimant_role.value;
    form.reset();
    form.elements.claimant_role.value = role;
    mark(now);
    claimPart.open = false;
    say("The claim is saved. It is provisional until the person is asked.");
    backToTurn(at.turn);
  } catch (error) {
    say(error.message, { refused: true });
  }
}

function backToTurn(turn) {
  codeBox.value = "";
  turn.focus({ preventScroll: true });
  if (innerWidth < 992) letGo();
}

// ---- codes: type to find, and those used lately

const known = [...form.querySelectorAll("input[name=codes]")].map((box) => ({
  value: box.value,
  name: box.nextElementSibling.textContent,
  more: [box.dataset.book, box.dataset.description].filter(Boolean).join(": "),
}));
for (const box of form.querySelectorAll("input[name=codes], [name=first_word], [name=last_word], [name=new_code]")) {
  box.disabled = true;
}
picker(codeBox, codeList, {
  choices: () => known,
  chosen: (choice) => code({ id: choice.value, name: choice.name, fresh: choice.fresh }),
  extra: (typed, found) => typed && !found.some((one) => one.name.toLocaleLowerCase() === typed.toLocaleLowerCase())
    ? { name: typed, more: "A new code", fresh: true } : null,
});

const LATELY = "folkmoot-codes-lately";
const lately = () => (stored.get(LATELY) ?? "").split(" ").map((id) => known.find((one) => one.value === id)).filter(Boolean);
function remember(id) {
  const ids = [id, ...(stored.get(LATELY) ?? "").split(" ").filter((one) => one && one !== id)];
  // numbers that move under the fingers are worse than an order that is not the newest
  const kept = lately().some((one) => one.value === id) ? null : ids.slice(0, 9);
  if (kept) stored.set(LATELY, kept.join(" "));
  offerLately();
}
function offerLately() {
  const row = byId("recent");
  row.replaceChildren(...lately().slice(0, 9).map((one, index) => {
    const button = document.createElement("button");
    button.type = "button";
    const number = document.createElement("kbd");
    number.textContent = index + 1;
    number.setAttribute("aria-hidden", "true");
    button.append(number, ` ${one.name}`);
    button.addEventListener("click", () => code({ id: one.value, name: one.name }));
    return button;
  }));
  row.hidden = !row.children.length;
}
offerLately();

// ---- the claim

searchable(form.elements.assumption);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  claim();
});
claimPart.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    claim();
  }
});

// ---- pointing at a note shows its words, pointing at words shows their notes

const near = (passages, on) => {
  for (const one of list.querySelectorAll(".rd-mark--near, .rd-note--near")) {
    one.classList.remove("rd-mark--near", "rd-note--near");
  }
  if (!on) return;
  for (const passage of passages) {
    for (const part of list.querySelectorAll(`[data-passages~="${passage}"]`)) part.classList.add("rd-mark--near");
    for (const note of list.querySelectorAll(`.rd-note[data-passage="${passage}"]`)) note.classList.add("rd-note--near");
  }
};
for (const [over, on] of [["pointerover", true], ["focusin", true], ["pointerout", false], ["focusout", false]]) {
  list.addEventListener(over, (event) => {
    const note = event.target.closest?.(".rd-note");
    const part = event.target.closest?.("[data-passages]");
    if (note) near([note.dataset.passage], on);
    else if (part) near(part.dataset.passages.split(" "), on);
  });
}

// ---- clicks

list.addEventListener("pointerdown", () => { caret = null; });
list.addEventListener("click", (event) => {
  const number = event.target.closest(".rd-number");
  const back = event.target.closest("[data-coding]");
  if (number) {
    event.preventDefault();
    const turn = number.closest(".rd-turn");
    turn.focus({ preventScroll: true });
    whole(turn);
  } else if (back) {
    event.preventDefault();
    const note = back.closest(".rd-note");
    takeBack(Number(back.dataset.coding), note.querySelector(".rd-note__name").textContent, back.closest(".rd-turn"));
  }
});
byId("undo").addEventListener("click", undo);

// ---- keys. Single characters can be switched off (a voice or a shaking hand types them by chance)

const SWITCH = "folkmoot-single-keys";
single.checked = stored.get(SWITCH) !== "off";
single.addEventListener("change", () => stored.set(SWITCH, single.checked ? "on" : "off"));
const openKeys = () => keys.showModal();
for (const opener of document.querySelectorAll("[data-open-keys], #open-keys")) opener.addEventListener("click", openKeys);

const close = document.createElement("button");
Object.assign(close, { type: "button", className: "rd-plain rd-close", textContent: "Close" });
close.addEventListener("click", () => { getSelection().removeAllRanges(); letGo(); });
form.prepend(close);

function toCode() {
  settle();
  const turn = here();
  if (!now && turn) whole(turn);
  if (!now) return say("Go to a turn first, with j or a click.", { refused: true });
  side.classList.add("rd-side--open");
  codeBox.focus();
}
function toClaim() {
  settle();
  const turn = here();
  if (!now && turn) whole(turn);
  if (!now) return say("Go to a turn first, with j or a click.", { refused: true });
  side.classList.add("rd-side--open");
  claimPart.open = true;
  form.elements.cause.focus();
}

const letters = {
  j: () => step(1), k: () => step(-1), n: nextUnread, c: toCode, l: toClaim, u: undo, "?": openKeys,
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || keys.open) return;
  const target = event.target;
  if (event.key === "Escape") {
    const turn = now?.turn;
    if (form.contains(target) && turn) turn.focus({ preventScroll: true });
    else if (now) { getSelection().removeAllRanges(); letGo(); }
    return;
  }
  if (target.closest("input, select, textarea, summary, dialog")) return;
  const turn = target.closest(".rd-turn");
  if (turn && /^(Arrow|Home$|End$)/u.test(event.key)) {
    const sideways = event.key === "ArrowLeft" || event.key === "ArrowRight";
    if (event.shiftKey || sideways) moveWord(turn, event.key, event.shiftKey);
    else if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else return;
    event.preventDefault();
    return;
  }
  if (!single.checked || target.closest("button, a:not(.rd-turn a)")) return;
  const letter = letters[event.key];
  if (letter) {
    event.preventDefault();
    letter();
  } else if (/^[1-9]$/u.test(event.key)) {
    const one = lately()[Number(event.key) - 1];
    if (one && (now || turn)) {
      event.preventDefault();
      if (!now) whole(turn);
      code({ id: one.value, name: one.name });
    }
  }
});

// a link to a turn puts the reader there; a turn chosen before the script came is marked whole
const chosen = list.querySelector(".rd-turn--chosen") ?? (location.hash.startsWith("#turn-") ? byId(location.hash.slice(1)) : null);
if (chosen) {
  chosen.focus({ preventScroll: true });
  if (chosen.classList.contains("rd-turn--chosen")) {
    chosen.classList.remove("rd-turn--chosen");
    whole(chosen);
  }
  chosen.scrollIntoView({ block: "center" });
}
