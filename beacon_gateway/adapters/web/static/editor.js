"use strict";
// The editor of bindings: line numbers beside the text, faulty lines marked, and a way from each fault to its place.
// What was sent is kept until a page answers to it: somebody may have been logged out meanwhile.

function start() {
  const text = document.getElementById("text"), gutter = document.getElementById("gutter");
  if (!text || !gutter) return;
  const faults = new Map();
  for (const link of document.querySelectorAll("a[data-line]")) {
    const line = Number(link.dataset.line), mood = link.parentElement.className;
    if (faults.get(line) !== "fault") faults.set(line, mood);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      goTo(line, Number(link.dataset.column));
    });
  }

  function number() {
    // Only as many as changed: a file has thousands of lines, and this runs at each key.
    const wanted = text.value.split("\n").length;
    while (gutter.childElementCount > wanted) gutter.lastElementChild.remove();
    for (let line = gutter.childElementCount + 1; line <= wanted; line++) {
      const row = document.createElement("div"), mood = faults.get(line);
      row.textContent = (mood === "fault" ? "■ " : mood === "care" ? "▲ " : "") + line;
      if (mood) row.className = mood;
      gutter.append(row);
    }
    gutter.scrollTop = text.scrollTop;
  }

  function goTo(line, column) {
    const lines = text.value.split("\n"), before = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    const at = before + Math.min(column - 1, (lines[line - 1] ?? "").length);
    text.focus();
    text.setSelectionRange(at, at);
    text.scrollTop = Math.max(0, (line - 4) * parseFloat(getComputedStyle(text).lineHeight));
    text.scrollIntoView({ block: "nearest" });
  }

  gutter.hidden = false;
  number();
  text.addEventListener("input", number);
  text.addEventListener("scroll", () => { gutter.scrollTop = text.scrollTop; });

  if (text.readOnly) return; // there is no form to send it with
  // Whoever leaves with changes that nothing was done with is asked first.
  const form = text.form, place = "typed " + form.action;
  const before = text.value, changed = () => text.dataset.changed || text.value !== before;
  let sent = false;
  form.addEventListener("submit", () => {
    sent = true;
    sessionStorage.setItem(place, JSON.stringify({ text: text.value, base: form.elements.base.value }));
  });
  window.addEventListener("beforeunload", (event) => { if (!sent && changed()) event.preventDefault(); });

  const kept = JSON.parse(sessionStorage.getItem(place));
  sessionStorage.removeItem(place);
  if (kept && !text.dataset.answer && kept.text !== text.value) {
    text.dataset.changed = "yes";
    document.getElementById("kept").hidden = false;
    form.elements.base.value = kept.base; // who saved in between is noticed by that
    text.value = kept.text;
    number();
  }
}

start();
