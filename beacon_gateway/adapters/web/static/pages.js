"use strict";
// Brings a page up to date in place: focus and scrolling stay.

const every = document.currentScript.dataset.every * 1000;
let typed = false, asked = Date.now(), timer;

const busy = () => document.hidden || typed || !getSelection().isCollapsed;

// What tells rows and links apart.
const about = (node) => node.id || node.href || (node.matches?.("li, tr") && node.querySelector("a")?.href);

function mend(old, fresh) {
  if ("open" in old) fresh.open = old.open;
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== 1) return void (old.data = fresh.data);
  for (const name of old.getAttributeNames()) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const name of fresh.getAttributeNames()) old.setAttribute(name, fresh.getAttribute(name));
  let next = old.firstChild;
  const drop = (end) => { for (let gone; (gone = next) !== end; gone.remove()) next = gone.nextSibling; };
  for (const child of [...fresh.childNodes]) {
    let same = next;
    while (same && (same.nodeName !== child.nodeName || about(same) !== about(child))) same = same.nextSibling;
    if (same) {
      drop(same);
      mend(same, child);
      next = same.nextSibling;
    } else old.insertBefore(child, next);
  }
  drop(null);
}

async function look() {
  asked = Date.now();
  if (!busy()) {
    const lost = document.getElementById("lost");
    try {
      const said = await fetch(location, { signal: AbortSignal.timeout?.(9000) });
      if (said.redirected || /^4/.test(said.status)) return location.reload(); // says why
      const page = new DOMParser().parseFromString(await said.text(), "text/html");
      if (!busy()) ["main", "footer"].forEach((name) => mend(document.querySelector(name), page.querySelector(name)));
      lost.hidden = true;
    } catch {
      lost.hidden = false;
    }
  }
  clearTimeout(timer);
  timer = setTimeout(look, every);
}

document.oninput = () => { typed = true; };
document.onvisibilitychange = () => { if (Date.now() - asked > every) look(); };
timer = setTimeout(look, every);
