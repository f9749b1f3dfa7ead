// Type to find: a text box over a list of choices, by keyboard or mouse (the ARIA combobox pattern).

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

// How well a choice fits what was typed; smaller is better, null is not at all.
function fit(choice, typed) {
  if (!typed) return 1;
  const name = fold(choice.name);
  if (name === typed) return 0;
  if (name.startsWith(typed)) return 1;
  if (name.split(/\s+/u).some((word) => word.startsWith(typed))) return 2;
  if (typed.split(/\s+/u).every((word) => name.includes(word))) return 3;
  return fold(choice.more ?? "").includes(typed) ? 4 : null;
}

// `choices()` gives [{value, name, more}]; `chosen(choice)` is told; `extra(typed)` may offer one more.
export function picker(input, list, { choices, chosen, extra = () => null, most = 40 }) {
  let shown = [];
  let at = -1;

  const close = () => {
    list.hidden = true;
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    at = -1;
  };
  const go = (index) => {
    list.children[at]?.setAttribute("aria-selected", "false");
    at = index;
    const option = list.children[at];
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  };
  const open = () => {
    const typed = fold(input.value.trim());
    shown = choices()
      .map((choice, order) => ({ choice, order, rank: fit(choice, typed) }))
      .filter((one) => one.rank !== null)
      .sort((a, b) => a.rank - b.rank || a.order - b.order)
      .slice(0, most)
      .map((one) => one.choice);
    const more = extra(input.value.trim(), shown);
    if (more) shown.push(more);
    list.replaceChildren(
      ...shown.map((choice, index) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${index}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.textContent = choice.name;
        if (choice.more) {
          const small = document.createElement("small");
          small.textContent = choice.more;
          option.append(small);
        }
        return option;
      }),
    );
    list.hidden = shown.length === 0;
    input.setAttribute("aria-expanded", String(shown.length > 0));
    at = -1;
    go(shown.length && typed ? 0 : -1);
  };
  const take = (index) => {
    const choice = shown[index];
    if (!choice) return;
    close();
    chosen(choice);
  };

  input.addEventListener("input", open);
  input.addEventListener("click", () => list.hidden && open());
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const down = event.key === "ArrowDown";
      if (list.hidden) {
        open();
        go(down ? 0 : shown.length - 1);
      } else if (shown.length) {
        go(at < 0 && !down ? shown.length - 1 : (at + (down ? 1 : -1) + shown.length) % shown.length);
      }
    } else if (event.key === "Enter") {
      // never sends the form by chance
      event.preventDefault();
      if (!list.hidden) take(at < 0 ? 0 : at);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Tab") {
      close();
    }
  });
  // a click on the list takes the focus for a moment
  input.addEventListener("blur", () => setTimeout(() => document.activeElement !== input && close(), 150));
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take([...list.children].indexOf(option));
  });
  return { open, close };
}

// Puts a text box in front of a long select; the select stays in the form and keeps the choice.
export function searchable(select) {
  const box = document.createElement("div");
  box.className = "rd-pick";
  const input = document.createElement("input");
  const list = document.createElement("ul");
  Object.assign(input, { type: "text", className: "govuk-input", autocomplete: "off", id: `${select.id}-search` });
  Object.assign(list, { className: "rd-list", id: `${select.id}-list`, hidden: true });
  list.setAttribute("role", "listbox");
  for (const [name, value] of [
    ["role", "combobox"], ["aria-expanded", "false"], ["aria-autocomplete", "list"], ["aria-controls", list.id],
  ]) input.setAttribute(name, value);
  const label = document.querySelector(`label[for="${select.id}"]`);
  label.htmlFor = input.id;
  list.setAttribute("aria-label", label.textContent);
  const says = select.getAttribute("aria-describedby");
  if (says) input.setAttribute("aria-describedby", says);
  const shown = () => select.selectedOptions[0]?.value ? select.selectedOptions[0].textContent : "";
  input.value = shown();
  picker(input, list, {
    choices: () => [...select.options].map((option) => ({
      value: option.value,
      name: option.textContent,
      more: option.parentElement.label ?? "",
    })),
    chosen: (choice) => {
      select.value = choice.value;
      input.value = shown();
      select.dispatchEvent(new Event("change", { bubbles: true }));
    },
  });
  // what was typed and not chosen is no choice
  input.addEventListener("blur", () => setTimeout(() => {
    if (document.activeElement === input) return;
    if (!input.value.trim()) select.value = "";
    input.value = shown();
  }, 200));
  select.form.addEventListener("reset", () => setTimeout(() => { input.value = shown(); }));
  select.hidden = true;
  box.append(input, list);
  select.before(box);
}
