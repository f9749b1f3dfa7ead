// Asks for the progress of a job until it is over. Without a script the page refreshes itself.
const place = document.getElementById("progress");
const EVERY = 1000;
const SLOWEST = 10000;

async function look(wait) {
  let next = EVERY;
  try {
    const answer = await fetch(location.href, { headers: { "X-Part": "progress" }, cache: "no-store" });
    if (answer.redirected || answer.status === 404) {
      location.reload();
      return;
    }
    if (answer.ok) show(await answer.text());
    else next = Math.min(SLOWEST, wait * 2);
  } catch {
    next = Math.min(SLOWEST, wait * 2); // no network just now: the work goes on without us
  }
  if (!place.querySelector('[data-job="over"]')) setTimeout(look, next, next);
}

// what is read out, focused or pressed stays where it is while its words change
function show(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html").body;
  const said = place.querySelector("[role=status]");
  const says = fresh.querySelector("[role=status]");
  const bar = place.querySelector("progress");
  const filled = fresh.querySelector("progress");
  const over = fresh.querySelector('[data-job="over"]');
  const sameShape = Boolean(bar) === Boolean(filled) && place.children.length === fresh.children.length;
  if (over || !sameShape || !said) {
    const focused = place.contains(document.activeElement);
    place.replaceChildren(...fresh.childNodes);
    if (focused) {
      const status = place.querySelector("[role=status]");
      status.tabIndex = -1;
      status.focus();
    }
    return;
  }
  if (said.textContent !== says.textContent) said.textContent = says.textContent;
  if (bar) bar.value = filled.value;
  place.querySelector(".govuk-tag").replaceWith(fresh.querySelector(".govuk-tag"));
}

setTimeout(look, EVERY, EVERY);
