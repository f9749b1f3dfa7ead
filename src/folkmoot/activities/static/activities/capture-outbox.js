// The outbox: what was saved waits here until the server has said that it has it. Nothing else takes it away, but
// the person. A record is written before any network call and never altered afterwards; one flusher sends, one at a time.
const NAME = "folkmoot-capture";
const VERSION = 1;
const LOCK = "folkmoot-capture-outbox";
const PATIENCE = 20_000; // milliseconds for one answer
const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 15 * 60_000;
const MOST_SENT = 50;

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

function openDatabase() {
  const request = indexedDB.open(NAME, VERSION);
  request.onupgradeneeded = () => {
    const database = request.result;
    // waiting: in the order of saving, whatever the clock says; kept: lists and last choices
    database.createObjectStore("waiting", { keyPath: "number", autoIncrement: true })
      .createIndex("uuid", "uuid", { unique: true });
    database.createObjectStore("sent", { keyPath: "number", autoIncrement: true });
    database.createObjectStore("withheld", { keyPath: "uuid" });
    database.createObjectStore("kept");
  };
  return done(request).then((database) => {
    // a later version of this page wants the storage: let go, and open it anew when it is needed
    database.onversionchange = () => database.close();
    return database;
  });
}

export class Outbox extends EventTarget {
  constructor({ put, fetching = (...all) => fetch(...all), refreshToken = async () => false }) {
    super();
    this.put = put;
    this.fetching = fetching;
    this.refreshToken = refreshToken;
    this.account = "";
    this.signedOut = false;
    this.failures = 0;
    this.timer = 0;
    this.asked = null;
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(NAME) : null;
    this.channel?.addEventListener("message", () => this.dispatchEvent(new Event("change")));
  }

  // Durable before it resolves: the promise is fulfilled when the transaction is complete, not when it was asked for.
  async within(stores, mode, work) {
    this.database ??= openDatabase();
    const database = await this.database;
    const transaction = database.transaction(stores, mode, { durability: "strict" });
    const ended = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error ?? new Error("the phone's storage refused"));
      transaction.onerror = () => reject(transaction.error);
    });
    ended.catch(() => {});
    const result = await work((name) => transaction.objectStore(name));
    await ended;
    return result;
  }

  changed() {
    this.dispatchEvent(new Event("change"));
    this.channel?.postMessage("change");
  }

  // --- what is on the phone

  waiting() { return this.within(["waiting"], "readonly", (store) => done(store("waiting").getAll())); }
  sent() { return this.within(["sent"], "readonly", (store) => done(store("sent").getAll())); }
  withheld() { return this.within(["withheld"], "readonly", (store) => done(store("withheld").getAll())); }
  kept(name) { return this.within(["kept"], "readonly", (store) => done(store("kept").get(name))); }
  keep(name, value) { return this.within(["kept"], "readwrite", (store) => done(store("kept").put(value, name))); }

  // Save one record with, if a remark was held back, its words: both or neither.
  async save(record, words = null, replaces = null) {
    await this.within(["waiting", "withheld"], "readwrite", async (store) => {
      if (replaces !== null) store("waiting").delete(replaces);
      if (words) store("withheld").put(words);
      await done(store("waiting").add(record));
    });
    this.changed();
  }

  async passedOn(uuid) {
    await this.within(["withheld"], "readwrite", (store) => done(store("withheld").delete(uuid)));
    this.changed();
  }

  // Delete one that waits; false where it is being sent this moment.
  async drop(number) {
    return navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
      if (!lock) return false;
      await this.within(["waiting"], "readwrite", (store) => done(store("waiting").delete(number)));
      this.changed();
      return true;
    });
  }

  // --- sending

  // Send whatever waits. Calls while a run is already asked for join it.
  flush({ now = false } = {}) {
    if (now) {
      this.failures = 0;
      this.signedOut = false;
    }
    clearTimeout(this.timer);
    this.asked ??= navigator.locks.request(LOCK, () => {
      // whoever saves from here on asks again, and waits for this run to end
      this.asked = null;
      return this.run(now);
    }).catch(() => { this.asked = null; });
    return this.asked;
  }

  async run(now) {
    const tried = new Set();
    let failed = 0;
    while (!this.signedOut) {
      const rows = await this.waiting();
      const next = rows.find((one) => !tried.has(one.number) && one.account === this.account
        && (one.state === "waiting" || (now && (one.state === "refused" || one.state === "differs"))));
      if (!next) break;
      tried.add(next.number);
      const outcome = await this.send(next);
      if (outcome === "later") {
        failed += 1;
        // one record that the server stumbles over does not hold up the rest; a dead network does
        if (failed >= 3) break;
      } else if (outcome === "no network") {
        failed += 1;
        break;
      } else if (outcome === "signed out") {
        this.signedOut = true;
      }
    }
    this.failures = failed ? this.failures + 1 : 0;
    if (failed) {
      const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (this.failures - 1));
      this.timer = setTimeout(() => this.flush(), pause * (0.75 + Math.random() / 2));
    }
    this.changed();
  }

  async send(record, again = true) {
    let answer;
    let body = null;
    try {
      await this.mark(record, { attempts: (record.attempts ?? 0) + 1 });
      answer = await this.fetching(this.put + record.uuid, {
        method: "PUT",
        body: record.body,
        redirect: "manual",
        cache: "no-store",
        credentials: "same-origin",
        headers: {
          "Content-Type": "application/json",
          "X-CSRFToken": cookie("csrftoken"),
          "Sent-At": new Date().toISOString(),
          Account: record.account,
        },
        signal: AbortSignal.timeout(PATIENCE),
      });
      body = await answer.json().catch(() => null);
    } catch {
      return "no network";
    }
    // only the server's own word counts: a hotel's sign-in page also answers 200
    const ours = body !== null && body.uuid === record.uuid;
    if ((answer.status === 200 || answer.status === 201) && ours) {
      await this.arrived(record, body);
      return "sent";
    }
    if (answer.status === 409 && ours) {
      await this.mark(record, { state: "differs", sentence: body.sentence });
      return "kept";
    }
    if (answer.status === 422 && ours) {
      await this.mark(record, { state: "draft", sentence: body.sentence, faults: body.faults });
      return "kept";
    }
    if (answer.status === 403 && body?.detail && !/csrf/i.test(body.detail)) {
      await this.mark(record, { state: "refused", sentence: body.detail });
      return "kept";
    }
    if (answer.status === 403 && again && (await this.refreshToken())) return this.send(record, false);
    if (answer.status === 401 || answer.status === 403 || answer.type === "opaqueredirect") return "signed out";
    return "later";
  }

  // Gone from the phone only together with its entry among the sent, and with the words that the server left out.
  async arrived(record, answer) {
    await this.within(["waiting", "sent", "withheld"], "readwrite", async (store) => {
      store("waiting").delete(record.number);
      store("sent").add({ uuid: record.uuid, summary: record.summary, account: record.account,
        saved_at: record.saved_at, arrived_at: new Date().toISOString(), sentence: answer.sentence });
      const remark = answer.left_out && JSON.parse(record.body).remark;
      if (remark) store("withheld").put({ uuid: record.uuid, kind: answer.left_out,
        sentence: answer.why_left_out, words: remark, account: record.account });
      const keys = await done(store("sent").getAllKeys());
      for (const key of keys.slice(0, Math.max(0, keys.length - MOST_SENT))) store("sent").delete(key);
    });
    this.changed();
  }

  // A mark on a record that is still there; one that another tab deleted stays deleted.
  async mark(record, marks) {
    await this.within(["waiting"], "readwrite", async (store) => {
      const found = await done(store("waiting").get(record.number));
      if (found) store("waiting").put({ ...found, ...marks });
    });
  }
}

export function cookie(name) {
  return document.cookie.split("; ").find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
}
