"""What is asked of a page in the browser: scripts that look at it and change nothing in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
# the ways of painting words that axe found to be well since the tests began
_well: set[int] = set()


def faults_by_axe(page: Page, found: dict[str, Any] | None = None, *, served: str = "") -> list[str]:
    """What axe finds on the page that is open, by the rule's name; ``found`` is what ``LOOK`` said of it.

    ``served`` is where the page's own site has axe: a browser reads that faster, the second time.
    """
    found = page.evaluate(LOOK) if found is None else found
    if not found["axe"]:
        page.add_script_tag(url=served) if served else page.evaluate(AXE.read_text())
    told = page.evaluate(RUN, [one for one in found["paints"] if one in _well])
    _well.update(told["passed"])
    return told["violations"]


# How it is laid out; a fingerprint of everything that axe could see of it: each element with its attributes, its
# words, its place and its colours (what differs from one answer of the server to the next, and what a script writes
# to itself, is left out); and the ways in which its words are painted.
#
# A way of painting is the names, classes, colours, grounds and letters of an element and of all around it. Two
# elements that have it in common have one contrast, unless another box lies over or under one of them: whatever
# such a box touches, and all inside of one or of a drawing, has no way in common with anything.
LOOK = """() => {
  const told = [], laid = [], boxes = [], around = new Map();
  const sum = words => {  // 53 bits
    let a = 0xdeadbeef, b = 0x41c6ce57;
    const text = words.join('\\u0001');
    for (let at = 0; at < text.length; at++) {
      const each = text.charCodeAt(at);
      a = Math.imul(a ^ each, 2654435761);
      b = Math.imul(b ^ each, 1597334677);
    }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
    return 4294967296 * (2097151 & b) + (a >>> 0);
  };
  const ground = getComputedStyle(document.body);
  around.set(document.body, {paint: sum([ground.backgroundColor, ground.backgroundImage, ground.color]), apart: false});
  for (const one of document.body.querySelectorAll('*')) {
    if (one.localName === 'script') continue;
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    const secret = one.name === 'csrfmiddlewaretoken';
    const words = [...one.childNodes].filter(each => each.nodeType === 3).map(each => each.data);
    told.push(one.localName,
      ...[...one.attributes].filter(each => !/-init$|csrf/.test(each.name) && !(secret && each.name === 'value'))
        .map(each => each.name + '=' + each.value).sort(),
      ...words,
      box.x, box.y, box.width, box.height, style.display, style.visibility, style.opacity, style.color,
      style.backgroundColor, style.backgroundImage, style.font, style.overflow, style.position, style.clip);
    const outer = around.get(one.parentElement);
    const moves = style.position !== 'static' && (style.position !== 'relative' ||
      [style.top, style.right, style.bottom, style.left].some(each => each !== 'auto' && each !== '0px'));
    const laps = moves || style.transform !== 'none' || style.float !== 'none' || [style.marginTop, style.marginRight,
      style.marginBottom, style.marginLeft].some(each => parseFloat(each) < 0);
    const inner = {
      paint: sum([outer.paint, one.localName, one.getAttribute('class') || '',
        one.matches(':disabled, [aria-disabled]'), style.color, style.backgroundColor, style.backgroundImage,
        style.opacity, style.filter, style.mixBlendMode, style.textShadow, style.fontSize, style.fontWeight,
        style.display, style.visibility]),
      apart: outer.apart || laps || one.localName === 'svg' || one.matches('input, select, textarea'),
    };
    around.set(one, inner);
    if (laps && box.width > 1 && box.height > 1) boxes.push(box);
    if (!inner.apart && words.some(each => each.trim())) laid.push([one, inner.paint, box]);
  }
  const crosses = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  window.painted = new Map(laid.filter(([, , box]) => !boxes.some(each => crosses(box, each))));
  return {
    laid: {
      headings: document.querySelectorAll('h1').length,
      wide: document.documentElement.scrollWidth > innerWidth,
      jumps: [...document.querySelectorAll('[tabindex]')].filter(one => one.tabIndex > 0).length,
      unnamed: [...document.querySelectorAll('input, select, textarea')]
        .filter(one => !['hidden', 'submit', 'button'].includes(one.type) && !one.closest('[hidden]'))
        .filter(one => !(one.labels && one.labels.length) && !one.getAttribute('aria-label')
          && !one.getAttribute('aria-labelledby') && !one.title)
        .map(one => one.name || one.id),
    },
    look: sum(told),
    paints: [...new Set(window.painted.values())],
    axe: 'axe' in window,
    script: document.body.classList.contains('js-enabled'),
  };
}"""

# Axe with all its rules. Contrast, which takes most of its time, is worked out once for each way of painting: not
# for those that are ``known`` to be well from elsewhere; ``passed`` are those that were found to be well here.
RUN = """async known => {
  const spared = new Set(known), passed = new Set();
  const rule = axe._audit.rules.find(one => one.id === 'color-contrast');
  const check = axe._audit.checks['color-contrast'];
  window.judging ||= {matches: rule.matches, evaluate: check.evaluate};
  rule.matches = function (node, ...more) {
    return !spared.has(window.painted.get(node)) && window.judging.matches.call(this, node, ...more);
  };
  check.evaluate = function (node, ...more) {
    const paint = window.painted.get(node);
    if (passed.has(paint)) return true;
    const result = window.judging.evaluate.call(this, node, ...more);
    if (result === true && paint !== undefined) passed.add(paint);
    return result;
  };
  const found = await axe.run(document, {resultTypes: ['violations'], selectors: false});
  return {
    violations: found.violations.map(one => `${one.id}: ${one.nodes[0].html.slice(0, 160)}`),
    passed: [...passed],
  };
}"""

# Is the page, but for the marks that scripts are there, what the server sent? The marks are taken away. "perhaps" if
# it is, but something in it is styled by them.
AS_SENT = """sent => {
  const marks = ['js-enabled', 'govuk-frontend-supported'];
  const plain = (one, each) => each.name === 'class' && one.localName === 'body'
    ? each.value.split(/\\s+/).filter(word => word && !marks.includes(word)).join(' ') : each.value;
  const kept = one => [...one.attributes]
    .filter(each => !/-init$|csrf/.test(each.name) && !(one.name === 'csrfmiddlewaretoken' && each.name === 'value'))
    .map(each => each.name + '=' + plain(one, each)).sort().join('\\u0001');
  const same = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName
    && (a.nodeType !== 1 || kept(a) === kept(b))
    && (a.nodeType !== 3 || a.parentNode.localName === 'script' || a.data === b.data)
    && a.childNodes.length === b.childNodes.length
    && [...a.childNodes].every((each, at) => same(each, b.childNodes[at]));
  if (!same(document.body, new DOMParser().parseFromString(sent, 'text/html').body)) return 'no';
  document.body.classList.remove(...marks);
  const found = rules => [...rules].some(one => one.cssRules && one.cssRules.length ? found(one.cssRules)
    : marks.some(mark => one.selectorText?.includes('.' + mark))
      && one.selectorText.split(',').some(each => document.querySelector(
        each.replace(/:not\\(\\.(js-enabled|govuk-frontend-supported)\\)|\\.(js-enabled|govuk-frontend-supported)|::[a-z-]+/g, '').trim()
        || 'body')));
  return [...document.styleSheets].some(one => found(one.cssRules)) ? 'perhaps' : 'yes';
}"""

# Something of the place that has the keyboard has to look different: an outline, a shadow, another ground.
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return {end: true};
  const looks = (element, pseudo) => {
    const style = getComputedStyle(element, pseudo);
    return [style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 ? style.outline : '',
            style.boxShadow, style.backgroundColor, style.fill, style.borderColor, style.textDecoration].join('|');
  };
  const parts = element => [[element, null], [element, '::before'], [element, '::after'],
    ...[...(element.labels || [])].flatMap(label => [[label, null], [label, '::before'], [label, '::after']]),
    ...[...element.querySelectorAll('rect, circle, path, text, span')].slice(0, 6).map(inner => [inner, null])];
  const during = parts(one).map(([element, pseudo]) => looks(element, pseudo));
  const box = one.getBoundingClientRect();
  // a date has several stops of its own, and would begin with the first again
  const whole = one.type !== 'date';
  if (whole) one.blur();
  const after = parts(one).map(([element, pseudo]) => looks(element, pseudo));
  if (whole) one.focus({focusVisible: true, preventScroll: true});
  return {
    end: false,
    // on the last stop of a date, the browser's own button has the keyboard and its own ring
    changed: whole ? during.some((look, at) => look !== after[at])
      : !one.matches(':focus') || getComputedStyle(one).outlineStyle !== 'none',
    shown: box.width > 0 && box.height > 0,
    html: one.outerHTML.slice(0, 140),
    name: (one.innerText || one.value || one.getAttribute('aria-label') || '').trim(),
    action: !!one.closest('main') && (one.matches('button, a.govuk-button, input, select, textarea')),
  };
}"""
