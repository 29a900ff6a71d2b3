"use strict";
// Brings a page up to date in place: focus, scrolling and what was unfolded stay.

const every = document.currentScript.dataset.every * 1000;
let typed = false, asked = Date.now(), timer;

const isBusy = () => document.hidden || typed || !getSelection().isCollapsed;

// Rows and links are told apart by what they are about.
const about = (node) => node.id || (/^(LI|TR|A)$/.test(node.nodeName) && (node.href ?? node.querySelector("a")?.href));

function mend(old, fresh) {
  if ("open" in old) fresh.open = old.open;
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== 1) return void (old.data = fresh.data);
  for (const name of old.getAttributeNames()) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const name of fresh.getAttributeNames()) old.setAttribute(name, fresh.getAttribute(name));
  let next = old.firstChild;
  const dropUntil = (end) => {
    for (let gone; (gone = next) !== end; gone.remove()) next = gone.nextSibling;
  };
  for (const child of [...fresh.childNodes]) {
    let same = next;
    while (same && (same.nodeName !== child.nodeName || about(same) !== about(child))) same = same.nextSibling;
    if (same) {
      dropUntil(same);
      mend(same, child);
      next = same.nextSibling;
    } else old.insertBefore(child, next);
  }
  dropUntil(null);
}

async function look() {
  asked = Date.now();
  if (!isBusy()) {
    const lost = document.getElementById("lost");
    try {
      const answer = await fetch(location, { signal: AbortSignal.timeout?.(9000) });
      if (answer.redirected || /^4/.test(answer.status)) return location.reload(); // it says why
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!isBusy()) ["main", "footer"].forEach((name) => mend(document.querySelector(name), page.querySelector(name)));
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
