// Starts the GOV.UK Frontend components. Pages work without this file.
import { initAll } from "./vendor/govuk-frontend.min.js";

// two quick presses of a button send one form
initAll({ button: { preventDoubleClick: true } });

// A select marked data-submit-on-change sends its form by itself; its button stays for everyone else.
for (const select of document.querySelectorAll("select[data-submit-on-change]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

// For and against on a phone: two equal tabs instead of two links to what stands below.
const narrow = window.matchMedia("(max-width: 40em)");
for (const sides of document.querySelectorAll("[data-fm-sides]")) {
  const links = [...sides.querySelectorAll(".fm-sides__links a")];
  const panels = links.map((link) => document.getElementById(link.hash.slice(1)));
  const list = sides.querySelector(".fm-sides__links");

  const choose = (chosen) => {
    links.forEach((link, index) => {
      link.setAttribute("aria-selected", String(index === chosen));
      link.tabIndex = index === chosen ? 0 : -1;
      panels[index].hidden = index !== chosen;
    });
  };
  const arrange = () => {
    const tabs = narrow.matches;
    tabs ? list.setAttribute("role", "tablist") : list.removeAttribute("role");
    links.forEach((link, index) => {
      for (const [element, name, value] of [
        [link, "role", "tab"], [link.parentElement, "role", "presentation"],
        [panels[index], "role", "tabpanel"], [link, "aria-controls", panels[index].id],
      ]) tabs ? element.setAttribute(name, value) : element.removeAttribute(name);
    });
    // an empty side does not stand in front of what the other one holds
    if (tabs) return choose(Math.max(0, links.findIndex((link) => !("empty" in link.dataset))));
    links.forEach((link, index) => {
      link.removeAttribute("aria-selected");
      link.removeAttribute("tabindex");
      panels[index].hidden = false;
    });
  };
  links.forEach((link, index) => {
    link.addEventListener("click", (event) => {
      if (!narrow.matches) return;
      event.preventDefault();
      choose(index);
    });
    link.addEventListener("keydown", (event) => {
      if (!narrow.matches || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
      const next = (index + (event.key === "ArrowRight" ? 1 : links.length - 1)) % links.length;
      choose(next);
      links[next].focus();
    });
  });
  narrow.addEventListener("change", arrange);
  arrange();
}
