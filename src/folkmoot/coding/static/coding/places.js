// Where words stand. The server counts code points of the whole source; the browser counts UTF-16 units
// inside text nodes. Everything that turns one into the other is here and nowhere else.

// How many code points a string has: an emoji is one of them and two units.
export const points = (text) => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

// The units that make up the first `count` code points of a string.
export const units = (text, count) => {
  let at = 0;
  for (const character of text) {
    if (count <= 0) break;
    at += character.length;
    count -= 1;
  }
  return at;
};

const turnOf = (words) => words.closest(".rd-turn");

// The stretches of a turn in order: {node, start, end, hidden}, in code points of the source.
export function stretches(words) {
  const found = [];
  let at = Number(turnOf(words).dataset.start);
  const walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
  let hidden = null;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const cover = node.parentElement.closest("[data-length]");
    if (cover && cover === hidden) continue;
    hidden = cover;
    const length = cover ? Number(cover.dataset.length) : points(node.data);
    found.push({ node, start: at, end: at + length, hidden: Boolean(cover) });
    at += length;
  }
  return found;
}

// The code point at a place inside a turn's words. Inside hidden words it is their nearer edge.
function pointAt(words, container, offset, edge) {
  const place = document.createRange();
  place.setStart(container, offset);
  for (const part of stretches(words)) {
    if (part.node === container) {
      if (part.hidden) return edge === "start" ? part.start : part.end;
      return part.start + points(part.node.data.slice(0, offset));
    }
    // the place stands before this stretch
    if (place.comparePoint(part.node, 0) > 0) return part.start;
  }
  const all = stretches(words);
  return all.length ? all[all.length - 1].end : Number(turnOf(words).dataset.start);
}

// What is selected, as code points of the source: {start, end, turn, text}, or null for nothing.
export function marked(selection, list) {
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(list)) return null;
  const touched = [...list.querySelectorAll(".rd-words")].filter((words) => range.intersectsNode(words));
  if (!touched.length) return null;
  const first = touched[0];
  const last = touched[touched.length - 1];
  const start = first.contains(range.startContainer)
    ? pointAt(first, range.startContainer, range.startOffset, "start")
    : Number(turnOf(first).dataset.start);
  const parts = stretches(last);
  const end = last.contains(range.endContainer)
    ? pointAt(last, range.endContainer, range.endOffset, "end")
    : parts.length ? parts[parts.length - 1].end : start;
  return trimmed(touched, start, end);
}

// Blank characters at the ends belong to nobody: a double click takes one along on some machines.
function trimmed(touched, start, end) {
  const characters = [];
  for (const words of touched) {
    for (const part of stretches(words)) {
      if (part.hidden) {
        if (part.start < end && part.end > start) {
          characters.push({ from: Math.max(part.start, start), to: Math.min(part.end, end), text: part.node.data });
        }
        continue;
      }
      let at = part.start;
      for (const character of part.node.data) {
        if (at >= start && at < end) characters.push({ from: at, to: at + 1, text: character });
        at += 1;
      }
    }
  }
  while (characters.length && !characters[0].text.trim()) characters.shift();
  while (characters.length && !characters[characters.length - 1].text.trim()) characters.pop();
  if (!characters.length) return null;
  return {
    start: characters[0].from,
    end: characters[characters.length - 1].to,
    text: characters.map((one) => one.text).join(""),
    turn: turnOf(touched[0]),
    turns: touched.length,
  };
}

// A browser range over the code points [start, end) of one or more turns.
export function rangeOf(list, start, end) {
  const range = document.createRange();
  let begun = false;
  for (const turn of list.children) {
    const from = Number(turn.dataset.start);
    if (from >= end) break;
    for (const part of stretches(turn.querySelector(".rd-words"))) {
      if (!begun && part.end > start) {
        range.setStart(part.node, part.hidden ? 0 : units(part.node.data, start - part.start));
        begun = true;
      }
      if (begun && part.start < end) {
        range.setEnd(part.node, part.hidden ? part.node.length : units(part.node.data, end - part.start));
      }
    }
  }
  return begun ? range : null;
}

// Shows that a passage was read: its words get a mark that carries its number.
export function show(list, start, end, passage) {
  for (const turn of list.children) {
    if (Number(turn.dataset.start) >= end) break;
    for (const part of stretches(turn.querySelector(".rd-words"))) {
      if (part.start >= end || part.end <= start) continue;
      let node = part.node;
      if (part.hidden) {
        node = node.parentElement;
      } else {
        const low = units(node.data, Math.max(0, start - part.start));
        const high = units(node.data, end - part.start);
        if (high < node.length) node.splitText(high);
        if (low > 0) node = node.splitText(low);
      }
      const mark = document.createElement("mark");
      mark.className = "rd-mark rd-mark--1";
      mark.dataset.passages = passage;
      node.replaceWith(mark);
      mark.append(node);
    }
  }
}

// Takes those marks away again.
export function unshow(list, passage) {
  for (const mark of list.querySelectorAll(`[data-passages~="${passage}"]`)) {
    const left = mark.dataset.passages.split(" ").filter((one) => one !== String(passage));
    mark.dataset.passages = left.join(" ");
    if (left.length) continue;
    if (mark.matches("mark")) {
      const parent = mark.parentNode;
      mark.replaceWith(...mark.childNodes);
      parent.normalize();
    } else {
      mark.classList.remove("rd-mark");
    }
  }
}

// The words of a turn as spans of code points, and where its sentences end.
export function wordsOf(turn) {
  const found = [];
  let begun = null;
  let ends = false;
  const finish = (at) => {
    if (begun === null) return;
    found.push({ start: begun, end: at, closes: ends });
    begun = null;
  };
  for (const part of stretches(turn.querySelector(".rd-words"))) {
    if (part.hidden) {
      begun = begun ?? part.start;
      ends = false;
      continue;
    }
    let at = part.start;
    for (const character of part.node.data) {
      if (/\s/u.test(character)) {
        finish(at);
      } else {
        begun = begun ?? at;
        ends = /[.!?…]/u.test(character) || (ends && /["”’')\]]/u.test(character));
      }
      at += 1;
    }
  }
  const parts = stretches(turn.querySelector(".rd-words"));
  if (parts.length) finish(parts[parts.length - 1].end);
  return found;
}
