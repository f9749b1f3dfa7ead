// The capture page with a script: what is saved goes to the outbox first and to the server when there is one.
import { Outbox } from "./capture-outbox.js";
import { makeScreen } from "./capture-screen.js";

const root = document.getElementById("capture");
const form = document.getElementById("capture-form");
const byId = (id) => document.getElementById(id);
const CHIPS = 3;
const SCHEMA = 2;
let lists = null;
let screen = null;
let draft = null; // the record that is being put right, if any
let stopped = ""; // the remark that the person was told about

const outbox = new Outbox({ put: root.dataset.put, refreshToken: () => loadLists() });

// --- what the server offers, or the phone remembers

async function loadLists() {
  try {
    const answer = await fetch(root.dataset.lists, {
      credentials: "same-origin", cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(10_000),
    });
    if (answer.status === 401 || answer.type === "opaqueredirect") {
      outbox.signedOut = true;
      await show();
      return false;
    }
    if (!answer.ok) return false;
    const found = await answer.json();
    if (!found.account || !Array.isArray(found.places)) return false;
    lists = found;
    outbox.account = found.account;
    outbox.signedOut = false;
    await outbox.keep("lists", found).catch(() => {});
    offer();
    return true;
  } catch {
    return false;
  }
}

function chip(name, value, label) {
  const whole = document.createElement("label");
  whole.className = name === "initiative" ? "fm-chip fm-chip--wide" : "fm-chip";
  const input = Object.assign(document.createElement("input"), { type: "radio", name, value });
  const said = Object.assign(document.createElement("span"), { textContent: label });
  whole.append(input, said);
  return whole;
}

// Fill what the server did not: everything in the kept page, the long lists in any.
function offer() {
  if (!lists) return;
  const names = byId("place-names");
  names.replaceChildren(...lists.places.map((one) => Object.assign(document.createElement("option"), { value: one.name })));
  const empty = !form.querySelector("[name=initiative]");
  if (empty && lists.initiatives.length) {
    const select = byId("initiative-other");
    byId("initiatives").prepend(...lists.initiatives.slice(0, CHIPS).map((one) => chip("initiative", one.id, one.name)));
    select.replaceChildren(
      new Option("Another…", ""), new Option("None in particular", "none"),
      ...lists.initiatives.slice(CHIPS).map((one) => new Option(one.name, one.id)),
    );
    form.querySelector("[name=initiative]").checked = true;
    form.querySelector("[name=initiative]").defaultChecked = true;
  }
  if (!form.querySelector("[name=place]") && lists.places.length) {
    const recent = lists.recent_places.map((id) => lists.places.find((one) => one.id === id)).filter(Boolean);
    const offered = [...recent, ...lists.places.filter((one) => !recent.includes(one))].slice(0, CHIPS);
    byId("places").append(...offered.map((one) => chip("place", one.id, one.name)));
  }
  if (!byId("tallies").children.length) {
    byId("tallies").append(...lists.categories.map((one) => {
      const label = document.createElement("label");
      const said = Object.assign(document.createElement("span"), { textContent: `${one.characteristic}: ${one.name}` });
      const input = Object.assign(document.createElement("input"),
        { type: "number", min: "0", name: `tally-${one.id}`, inputMode: "numeric", className: "fm-capture__number" });
      label.append(said, input);
      return label;
    }));
  }
}

// --- the form

for (const button of form.querySelectorAll(".fm-step")) button.hidden = false;
const people = byId("capture-people");
const countChanged = () => {
  for (const one of form.querySelectorAll("[data-people]")) {
    one.setAttribute("aria-pressed", String(one.dataset.people === people.value));
  }
};
form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step], [data-people]");
  if (!button) return;
  people.value = button.dataset.people ?? Math.max(0, Number(people.value || 0) + Number(button.dataset.step));
  countChanged();
});
people.addEventListener("input", countChanged);
// two ways to say one thing: the one used last stands
const unset = (name) => form.querySelectorAll(`[name=${name}]`).forEach((one) => { one.checked = false; });
byId("initiative-other").addEventListener("change", (event) => { if (event.target.value) unset("initiative"); });
byId("capture-place_words").addEventListener("input", (event) => { if (event.target.value) unset("place"); promisedHere(); });
byId("capture-hours").addEventListener("input", (event) => { if (event.target.value) unset("hours_chip"); });
form.addEventListener("change", ({ target }) => {
  if (target.name === "initiative") byId("initiative-other").value = "";
  if (target.name === "place") byId("capture-place_words").value = "";
  if (target.name === "place") promisedHere();
  if (target.name === "hours_chip") byId("capture-hours").value = "";
});

const number = (value) => (value === "" || value === null || Number.isNaN(Number(value)) ? null : Number(value));
const plain = (text) => text.trim().toLocaleLowerCase("en");

const placeNamed = (words) => words && lists?.places.find((one) => plain(one.name) === plain(words));

// What is promised at the place that is chosen, on the line of its heading: the form stays one screen.
function promisedHere() {
  const chosen = number(form.querySelector("[name=place]:checked")?.value ?? null);
  const place = placeNamed(byId("capture-place_words").value.trim()) || lists?.places.find((one) => one.id === chosen);
  byId("place-promised").textContent = place?.promised ? `Promised here: ${place.promised}` : "";
}

function read() {
  const given = new FormData(form);
  const chosen = given.get("initiative_other") || given.get("initiative") || "";
  const words = (given.get("place_words") ?? "").trim();
  const named = placeNamed(words);
  const tallies = {};
  for (const [name, value] of given) {
    if (name.startsWith("tally-") && value !== "") tallies[name.slice(6)] = number(value);
  }
  const place = words ? (named?.id ?? null) : number(given.get("place"));
  return {
    schema: SCHEMA,
    organisation: lists?.organisation ?? root.dataset.organisation,
    saved_at: new Date().toISOString(),
    initiative: chosen === "none" ? null : number(chosen),
    place,
    place_words: place ? "" : words,
    happened_on: given.get("happened_on") || null,
    people: number(given.get("people")),
    counted: given.get("counted") || "people",
    level: given.get("level") ?? "",
    hours: number(given.get("hours") || given.get("hours_chip")),
    remark: (given.get("remark") ?? "").trim(),
    tallies,
  };
}

function summary(content) {
  const name = (of, id) => lists?.[of].find((one) => one.id === id)?.name;
  const parts = [
    name("initiatives", content.initiative) ?? "No initiative", name("places", content.place) ?? content.place_words,
    content.people === null ? "" : `${content.people} ${content.people === 1 ? "person" : "people"}`,
  ];
  return parts.filter(Boolean).join(", ");
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const content = read();
  if (!content.organisation || !outbox.account) {
    return say("This phone has no lists yet. Sign in once with a signal, then it works without one.", true);
  }
  if (!["initiative", "place", "people", "hours"].some((name) => content[name] !== null) && !content.place_words && !content.level) {
    return say("Say at least one thing: where, how many or how long.");
  }
  const found = content.remark && screen ? screen(content.remark) : { kind: "" };
  // without the rules a remark stays on the phone: it is not sent unseen
  const unseen = content.remark && !screen;
  const uuid = draft?.uuid ?? crypto.randomUUID();
  let words = null;
  if (found.kind || unseen) {
    if (found.kind && found.kind !== "report" && stopped !== content.remark) {
      stopped = content.remark;
      return stop(found.sentence);
    }
    words = { uuid, kind: found.kind || "other", sentence: found.sentence || "It could not be checked on this phone, so it was not sent.",
      words: content.remark, account: outbox.account };
    content.remark = "";
  }
  const record = { uuid, account: outbox.account, saved_at: content.saved_at, summary: summary(content),
    state: "waiting", attempts: 0, body: JSON.stringify(content) };
  const button = form.querySelector("[data-save]");
  button.disabled = true;
  try {
    await outbox.save(record, words, draft?.number ?? null);
  } catch (error) {
    const full = error?.name === "QuotaExceededError";
    return say(full
      ? "The storage of this phone is full, so nothing was saved. What you filled in is still here: make room, or send what waits, and save again."
      : "This phone could not save it. What you filled in is still here: try again.");
  } finally {
    button.disabled = false;
  }
  navigator.storage?.persist?.().catch(() => {});
  saved(content, record, words);
  outbox.flush({ now: true });
});

function say(sentence, signIn = false) {
  const notice = byId("notice");
  notice.textContent = `${sentence} `;
  if (signIn) notice.append(signInLink());
  notice.hidden = false;
  notice.scrollIntoView({ block: "nearest" });
}

function signInLink() {
  return Object.assign(document.createElement("a"), { href: root.dataset.signIn, textContent: "Sign in", className: "govuk-link" });
}

function stop(sentence) {
  const stop = byId("remark-stop");
  stop.textContent = `${sentence} Change it, or save without it.`;
  stop.append(document.createElement("br"));
  const without = Object.assign(document.createElement("button"),
    { type: "submit", className: "fm-plain-button", textContent: "Save without the remark" });
  stop.append(without);
  stop.hidden = false;
  byId("capture-remark").focus();
}
byId("capture-remark").addEventListener("input", () => { byId("remark-stop").hidden = true; });

// --- after saving: something in return, at once

function saved(content, record, words) {
  draft = null;
  stopped = "";
  byId("notice").hidden = true;
  byId("remark-stop").hidden = true;
  form.hidden = true;
  byId("saved-state").dataset.uuid = record.uuid;
  byId("saved-withheld").replaceChildren(...(words ? [panel(words)] : []));
  const backs = byId("saved-backs");
  backs.replaceChildren(...known(content));
  const asked = new URLSearchParams({ uuid: record.uuid });
  if (content.initiative) asked.set("initiative", content.initiative);
  if (content.place) asked.set("place", content.place);
  fetch(`${root.dataset.back}?${asked}`, { credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout(8_000) })
    .then(async (answer) => {
      // markup from our own server, in which every value was escaped
      if (answer.status === 200 && byId("saved-state").dataset.uuid === record.uuid) backs.innerHTML = await answer.text();
    }).catch(() => {});
  byId("saved").hidden = false;
  byId("saved").focus();
  window.scrollTo(0, 0);
}

// What the phone itself remembers of the initiative and the place.
function known(content) {
  const purpose = lists?.initiatives.find((one) => one.id === content.initiative)?.purpose;
  const place = lists?.places.find((one) => one.id === content.place);
  return [["What this was for", purpose], ["Promised here", place?.promised], ["Here before", place?.last_here]].filter(([, sentence]) => sentence).map(([heading, sentence]) => {
    const box = Object.assign(document.createElement("div"), { className: "fm-back" });
    box.append(
      Object.assign(document.createElement("h3"), { className: "govuk-heading-s", textContent: heading }),
      Object.assign(document.createElement("p"), { className: "govuk-body", textContent: sentence }),
    );
    return box;
  });
}

function panel(held) {
  const template = byId(held.kind === "report" ? "withheld-report" : "withheld-other");
  const box = template.content.cloneNode(true).querySelector("section");
  box.querySelector("[data-why]").textContent = `${held.sentence} It is on this phone only. Everything else is recorded.`;
  box.querySelector("[data-words]").textContent = held.words;
  const button = box.querySelector("[data-passed-on]");
  button.closest("[data-script-only]").hidden = false;
  button.addEventListener("click", async () => {
    await outbox.passedOn(held.uuid);
    box.remove();
  });
  return box;
}

byId("again").addEventListener("click", () => {
  const initiative = form.querySelector("[name=initiative]:checked")?.value;
  form.reset();
  unset("place");
  promisedHere();
  if (initiative) form.querySelector(`[name=initiative][value="${initiative}"]`).checked = true;
  countChanged();
  byId("saved").hidden = true;
  form.hidden = false;
  byId("capture-initiative").scrollIntoView({ block: "nearest" });
});

// --- what waits, what was sent

function ago(moment) {
  const minutes = Math.max(0, Math.round((Date.now() - new Date(moment)) / 60_000));
  const said = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
  if (minutes < 1) return "less than a minute";
  if (minutes < 60) return said(minutes, "minute");
  if (minutes < 48 * 60) return said(Math.round(minutes / 60), "hour");
  return said(Math.round(minutes / 1440), "day");
}

const plainButton = (label, work) => {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "fm-plain-button", textContent: label });
  button.addEventListener("click", work);
  return button;
};

async function show() {
  const [all, sent, withheld] = await Promise.all([outbox.waiting(), outbox.sent(), outbox.withheld()]);
  const others = outbox.account ? all.filter((one) => one.account !== outbox.account) : [];
  const own = all.filter((one) => !others.includes(one));
  const state = byId("saved-state");
  if (state.dataset.uuid) {
    const still = all.find((one) => one.uuid === state.dataset.uuid);
    const arrived = sent.find((one) => one.uuid === state.dataset.uuid);
    state.textContent = arrived ? `Sent. ${arrived.sentence}`
      : still?.state === "waiting" ? "It is sent as soon as there is a signal. You can close this page."
        : still ? still.sentence : "It was deleted from this phone.";
  }
  const box = byId("outbox");
  const waits = own.filter((one) => one.state === "waiting");
  const parts = [];
  if (waits.length) {
    const oldest = waits.map((one) => one.saved_at).sort()[0];
    parts.push(`${waits.length} waiting, oldest ${ago(oldest)}.`);
  }
  const drafts = own.filter((one) => one.state === "draft").length;
  if (drafts) parts.push(`${drafts} to put right, below.`);
  const differs = own.filter((one) => one.state === "differs").length;
  if (differs) parts.push(`${differs} sent twice.`);
  const refused = own.filter((one) => one.state === "refused").length;
  if (refused) parts.push(`${refused} refused.`);
  if (others.length) parts.push(`${others.length} of somebody else: sent when they sign in here.`);
  if (outbox.signedOut) parts.push("You are signed out: everything is kept.");
  const text = Object.assign(document.createElement("span"), { textContent: parts.join(" ") });
  box.replaceChildren(text);
  if (outbox.signedOut) box.append(signInLink());
  else if (waits.length || refused || differs) box.append(plainButton("Send now", () => outbox.flush({ now: true })));
  if (differs) box.append(Object.assign(document.createElement("a"), { href: root.dataset.differ, textContent: "Pick one", className: "govuk-link" }));
  box.hidden = !parts.length;

  const list = byId("phone-list");
  list.replaceChildren(...all.map(waitingRow), ...sent.slice(-10).reverse().map((one) => {
    const row = document.createElement("li");
    row.append(
      Object.assign(document.createElement("span"), { textContent: one.summary }),
      Object.assign(document.createElement("span"), { textContent: `sent ${ago(one.arrived_at)} ago` }),
    );
    return row;
  }));
  for (const held of withheld) {
    if (held.uuid === state.dataset.uuid && !byId("saved").hidden) {
      // what the server left out after all
      if (!byId("saved-withheld").children.length) byId("saved-withheld").replaceChildren(panel(held));
      continue;
    }
    const row = document.createElement("li");
    row.append(panel(held));
    list.append(row);
  }
  byId("export").hidden = !all.length;
  byId("on-this-phone").hidden = !list.children.length;
}

function waitingRow(one) {
  const row = document.createElement("li");
  const told = { waiting: `waits, ${ago(one.saved_at)}`, draft: `to put right: ${one.sentence}`, differs: one.sentence, refused: one.sentence };
  row.append(
    Object.assign(document.createElement("span"), { textContent: one.summary }),
    Object.assign(document.createElement("span"), { textContent: told[one.state] }),
  );
  if (one.state === "draft") row.append(plainButton("Open it", () => reopen(one)));
  row.append(plainButton("Delete", async (event) => {
    const button = event.target;
    if (button.dataset.sure) {
      if (!(await outbox.drop(one.number))) button.textContent = "It is being sent just now";
      return;
    }
    button.dataset.sure = "yes";
    button.textContent = one.attempts ? "Delete for good? It may have arrived: see Sent" : "Delete for good?";
  }));
  return row;
}

// A record that the server could not take, back in the form with what is wrong.
function reopen(record) {
  const content = JSON.parse(record.body);
  draft = record;
  form.reset();
  const choose = (name, value) => {
    const found = [...form.querySelectorAll(`[name=${name}]`)].find((one) => one.value === String(value));
    if (found) found.checked = true;
    return Boolean(found);
  };
  unset("initiative");
  if (content.initiative && !choose("initiative", content.initiative)) byId("initiative-other").value = content.initiative;
  if (content.place && !choose("place", content.place)) {
    byId("capture-place_words").value = lists?.places.find((one) => one.id === content.place)?.name ?? "";
  }
  if (content.place_words) byId("capture-place_words").value = content.place_words;
  people.value = content.people ?? "";
  choose("level", content.level);
  choose("counted", content.counted);
  if (content.hours !== null && !choose("hours_chip", content.hours)) byId("capture-hours").value = content.hours;
  byId("capture-remark").value = content.remark;
  byId("capture-happened_on").value = content.happened_on ?? "";
  for (const [id, count] of Object.entries(content.tallies ?? {})) {
    const input = form.querySelector(`[name="tally-${id}"]`);
    if (input) input.value = count;
  }
  if (record.faults?.happened_on || record.faults?.tallies) byId("more").open = true;
  countChanged();
  byId("saved").hidden = true;
  form.hidden = false;
  say(record.sentence);
}

byId("export").addEventListener("click", async () => {
  const rows = (await outbox.waiting()).map((one) => ({ uuid: one.uuid, saved_at: one.saved_at, summary: one.summary,
    state: one.state, ...JSON.parse(one.body) }));
  const file = new Blob([JSON.stringify(rows, null, 2)], { type: "application/json" });
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: "folkmoot-waiting.json" });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
});

// --- begin

outbox.addEventListener("change", () => { show(); });
async function begin() {
  if (root.dataset.account) outbox.account = root.dataset.account;
  const rules = fetch(root.dataset.patterns, { credentials: "same-origin" }).then((answer) => answer.json());
  screen = await rules.then(makeScreen).catch(() => null);
  const remembered = await outbox.kept("lists").catch(() => null);
  if (remembered && (!outbox.account || remembered.account === outbox.account)) {
    lists = remembered;
    outbox.account = remembered.account;
    offer();
  }
  await show();
  root.dataset.ready = "yes";
  await loadLists();
  await outbox.flush();
}
begin();
window.addEventListener("online", () => outbox.flush({ now: true }));
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") outbox.flush({ now: true }); });
setInterval(show, 60_000);

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register(root.dataset.worker, { scope: "/capture/", updateViaCache: "none" }).catch(() => {});
}
