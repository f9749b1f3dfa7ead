// Marking a passage by mouse or keyboard. Without this file the numbers of the sentences do the same.
const words = document.querySelector("[data-fm-words][data-may-mark]");
const form = document.querySelector("[data-fm-mark]");
if (words && form) start();

function start() {
  const field = (name) => form.elements.namedItem(name);
  const chosen = form.querySelector("[data-fm-chosen]");
  const sentences = [...words.querySelectorAll(".fm-said")];
  form.querySelector("[data-fm-how]").hidden = true;
  form.querySelector("[data-fm-how-script]").hidden = false;

  // offsets count code points, as the server does; a script's strings count halves of some of them
  const points = (text) => Array.from(text).length;
  const part = (node) => (node.nodeType === 3 ? node.parentElement : node)?.closest?.(".fm-stretch");

  function offset(node, at, isEnd) {
    const inside = part(node);
    if (inside && node.nodeType === 3) {
      if ("whole" in inside.dataset) return Number(isEnd ? inside.dataset.end : inside.dataset.start);
      return Number(inside.dataset.start) + points(node.data.slice(0, at));
    }
    return null;
  }

  // a selection may begin or end between the words: take the parts that it holds
  function selected() {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!range.intersectsNode(words)) return null;
    const touched = [...words.querySelectorAll(".fm-stretch")].filter((one) => {
      const inner = document.createRange();
      inner.selectNodeContents(one);
      return range.compareBoundaryPoints(Range.END_TO_START, inner) < 0
        && range.compareBoundaryPoints(Range.START_TO_END, inner) > 0;
    });
    if (!touched.length) return null;
    const first = touched[0], last = touched.at(-1);
    const begin = first.contains(range.startContainer) ? offset(range.startContainer, range.startOffset, false) : null;
    const end = last.contains(range.endContainer) ? offset(range.endContainer, range.endOffset, true) : null;
    return { start: begin ?? Number(first.dataset.start), end: end ?? Number(last.dataset.end), touched };
  }

  function shownWords(start, end) {
    let text = "";
    for (const one of words.querySelectorAll(".fm-stretch")) {
      const from = Number(one.dataset.start), to = Number(one.dataset.end);
      if (to <= start || from >= end) continue;
      if (text) text += from > 0 && one.previousElementSibling?.classList.contains("fm-stretch") ? "" : " ";
      text += "whole" in one.dataset
        ? one.textContent
        : Array.from(one.textContent).slice(Math.max(0, start - from), end - from).join("");
    }
    return text;
  }

  function choose(start, end) {
    field("start").value = start;
    field("end").value = end;
    field("first").value = "";
    field("last").value = "";
    const text = shownWords(start, end);
    chosen.textContent = text.length > 300 ? `${text.slice(0, 140)} … ${text.slice(-140)}` : text;
    chosen.hidden = false;
    for (const one of sentences) {
      const parts = [...one.querySelectorAll(".fm-stretch")];
      one.classList.toggle("fm-said--chosen", parts.some((p) => Number(p.dataset.start) < end && Number(p.dataset.end) > start));
    }
  }

  document.addEventListener("mouseup", () => {
    const found = selected();
    if (found && found.end > found.start) choose(found.start, found.end);
  });
  for (const name of ["first", "last"]) field(name).addEventListener("input", () => {
    field("start").value = field("end").value = "";
    chosen.hidden = true;
  });

  // the keyboard: one stop in the text, arrows move, Shift takes more, Enter goes to the question
  let at = 0, anchor = 0;
  words.tabIndex = 0;
  words.setAttribute("role", "group");
  words.setAttribute("aria-label", "The words, sentence by sentence. Arrow keys move, Shift takes more, Enter goes on to the question.");
  for (const number of words.querySelectorAll("a.fm-said__number")) {
    number.tabIndex = -1;
    number.addEventListener("click", (event) => {
      event.preventDefault();
      at = anchor = sentences.indexOf(number.parentElement);
      take();
      goOn();
    });
  }
  function take() {
    const low = Math.min(at, anchor), high = Math.max(at, anchor);
    const first = sentences[low].querySelector(".fm-stretch"), last = [...sentences[high].querySelectorAll(".fm-stretch")].at(-1);
    choose(Number(first.dataset.start), Number(last.dataset.end));
    sentences[at].scrollIntoView({ block: "nearest" });
  }
  function goOn() {
    form.querySelector("input[name=verdict]").focus();
  }
  words.addEventListener("keydown", (event) => {
    if (event.target !== words) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (!field("start").value) take();
      goOn();
    }
    if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    if (field("start").value || event.shiftKey) at = Math.min(Math.max(at + step, 0), sentences.length - 1);
    if (!event.shiftKey) anchor = at;
    take();
  });
  const next = sentences.findIndex((one) => !one.classList.contains("fm-said--read"));
  at = anchor = Math.max(next, 0);
}
