// The screen of short texts: the same steps in the same order, over the same rules, as folkmoot.core.screening.
// A browser test compares the two on every seeded text.
const MARKS = { "‘": "'", "’": "'", "ʼ": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "\u00a0": " " };
const SHORTEST_MENDED = 4;

export function makeScreen(data) {
  const words = { ...data.words, first: data.first };
  const compile = (rule) => {
    let pattern = rule.pattern;
    if (rule.case) {
      const capitals = data.first.split("|").map((name) => name[0].toUpperCase() + name.slice(1)).join("|");
      pattern = pattern.replaceAll("{first}", capitals);
    }
    for (;;) {
      const filled = pattern.replace(/\{([a-z]+)\}/g, (whole, name) => words[name] ?? whole);
      if (filled === pattern) break;
      pattern = filled;
    }
    return new RegExp(pattern, rule.case ? "g" : "gi");
  };
  const innocent = data.innocent.map(compile);
  const places = data.places.map(compile);
  const rules = data.rules.map((rule) => [rule.kind, compile(rule)]);
  const lookedFor = [...Object.values(words), ...data.rules.map((rule) => rule.pattern)].join(" ").match(/[a-z]{4,}/g);
  const known = new Set([...data.spell, ...data.spell_not, ...lookedFor]);

  const right = (word) => {
    if (known.has(word)) return null;
    return data.spell.find((one) => one[0] === word[0] && oneSlip(word, one)) ?? null;
  };

  return (text) => {
    let mended = folded(text).replace(/[A-Za-z]+/g, (word) =>
      (word.length >= SHORTEST_MENDED && right(word.toLowerCase())) || word);
    const blank = (found) => " ".repeat(found.length);
    for (const pattern of innocent) mended = mended.replace(pattern, blank);
    let nameless = mended;
    for (const pattern of places) nameless = nameless.replace(pattern, blank);
    let first = "";
    for (const [kind, pattern] of rules) {
      const hit = [...(kind === "name" ? nameless : mended).matchAll(pattern)].some((found) => found[0].trim());
      if (hit && (!first || kind === "report")) first = kind;
      if (first === "report") break;
    }
    return { kind: first, sentence: first ? data.sentences[first] : "" };
  };
}

function folded(text) {
  return [...text].map((letter) => {
    if (MARKS[letter] !== undefined) return MARKS[letter];
    const bare = letter.normalize("NFKD").replace(/\p{M}/gu, "");
    return bare.length === 1 && bare.charCodeAt(0) < 128 ? bare : letter;
  }).join("");
}

function oneSlip(one, other) {
  if (Math.abs(one.length - other.length) > 1) return false;
  let start = 0;
  while (start < Math.min(one.length, other.length) && one[start] === other[start]) start += 1;
  const a = one.slice(start), b = other.slice(start);
  if (a.length === b.length) {
    return a.slice(1) === b.slice(1)
      || (a.length > 1 && a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2));
  }
  return a.length > b.length ? a.slice(1) === b : a === b.slice(1);
}
