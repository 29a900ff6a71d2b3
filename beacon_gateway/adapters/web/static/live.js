"use strict";
// The live page: table, counts and one trace, as the events of /live/events tell.

const TRACE = 120, GAP = 6, PATIENCE = 10000; // seconds, seconds, milliseconds
const UNITS = [[86400, "ago.days"], [3600, "ago.hours"], [60, "ago.minutes"], [0, "ago.seconds"]];

const fill = (text, details) => text.replace(/\{(\w+)\}/g, (_, name) => details[name] ?? "");

function ago(words, seconds) {
  const [size, phrase] = UNITS.find(([size]) => seconds >= size);
  return fill(words["status.ago"], { ago: fill(words[phrase], { count: Math.floor(seconds / (size || 1)) }) });
}

function forget(row, now) {
  while (row.trace[0]?.[0] < now - TRACE) row.trace.shift();
}

function read(row, [hearing, level, rate, zone, heard], now) {
  // A level is new only if it was heard anew.
  if (heard !== null && heard !== row.heard && now - heard < GAP) row.trace.push([heard, level]);
  forget(row, now);
  Object.assign(row, { hearing, level, rate, zone, heard });
}

function take(rows, event) {
  // `rows` is a Map by ident. Traces outlive a lost connection.
  const all = event.all && new Set(event.rows.map(([ident]) => ident));
  for (const ident of all ? [...rows.keys()].filter((ident) => !all.has(ident)) : event.gone) rows.delete(ident);
  for (const [ident, mine, name, floor, uuid, major, minor, mistakes, meant, ...reading] of event.rows) {
    const row = rows.get(ident) ?? { ident, trace: [] };
    rows.set(ident, Object.assign(row, { mine, name, floor, uuid, mistakes, meant, number: `${major}/${minor}` }));
    read(row, reading, event.now);
  }
  for (const [ident, ...reading] of event.changed) read(rows.get(ident), reading, event.now);
}

function fits(row, text, onlyMine) {
  const all = `${row.name} ${row.floor} ${row.mine ? "" : row.uuid} ${row.number}`.toLowerCase();
  return (row.mine || !onlyMine) && text.toLowerCase().split(/\s+/).every((word) => all.includes(word));
}

function line(trace, now) {
  // x from 40 to 630 (now), y from 10 (-30 dBm) to 129 (-100 dBm); broken where nothing was heard.
  let last = -Infinity;
  return trace.map(([when, level]) => {
    const x = 630 - (now - when) * 590 / TRACE, y = 10 + Math.max(0, Math.min(70, -30 - level)) * 1.7;
    const at = `${x.toFixed(1)} ${y.toFixed(1)}`, begins = when - last > GAP;
    last = when;
    return begins ? `M${at}h.1` : `L${at}`;
  }).join("");
}

function summary(words, row) {
  const levels = row.trace.map(([, level]) => level), seconds = levels.length;
  return fill(words[seconds ? "trace.text" : "trace.none"], {
    ...row, seconds, name: row.name || row.number, weakest: Math.min(...levels), strongest: Math.max(...levels),
  });
}

function start() {
  const get = (name) => document.getElementById(`live-${name}`), words = JSON.parse(get("words").dataset.words);
  const rows = new Map(), drawn = new Map(), mine = get("mine"), filter = get("filter"), pause = get("pause");
  const every = matchMedia("(prefers-reduced-motion: reduce)").matches ? 5 : 1;
  let latest, source, timer, chosen, paused = false, count = 0;

  const set = (node, text) => node.textContent === text || (node.textContent = text);
  const say = () => set(get("state"), words[paused ? "paused" : source.readyState === 1 ? "running" : "lost"]);

  function make(row) {
    const tr = get("row").content.firstElementChild.cloneNode(true);
    tr.querySelector("button").onclick = () => { chosen = chosen === row.ident ? null : row.ident; draw(); };
    get("rows").append(tr);
    drawn.set(row.ident, tr);
    show(tr, row);
    return tr;
  }

  function show({ cells: [head, floor, hearing, signal, rate, zone, heard] }, row) {
    const [meter, level] = signal.children, [button, number, advice] = head.children;
    set(button, row.mine ? row.name : words.stranger);
    set(number, row.mine ? row.number : `${row.uuid} ${row.number}`);
    set(advice, fill(words[row.mistakes] ?? "", row));
    set(floor, row.floor);
    hearing.className = row.hearing;
    set(hearing, words[`hearing.${row.hearing}`]);
    meter.hidden = row.level === null;
    meter.value = row.level ?? -100;
    set(level, meter.hidden ? "" : fill(words.level, row));
    set(rate, row.rate === null ? "" : fill(words.rate, { rate: row.rate.toFixed(1) }));
    set(zone, words[`zone.${row.zone}`] ?? "");
    set(heard, row.heard === null ? words["status.never"] : ago(words, Math.max(0, latest.now - row.heard)));
  }

  function draw() {
    const one = rows.get(chosen);
    let shown = 0;
    for (const [ident, tr] of drawn) if (!rows.has(ident)) { tr.remove(); drawn.delete(ident); }
    for (const row of rows.values()) {
      const tr = drawn.get(row.ident) ?? make(row);
      tr.hidden = !fits(row, filter.value, mine.checked);
      shown += !tr.hidden;
      if (!paused && !tr.hidden) show(tr, row);
      tr.querySelector("button").ariaPressed = row === one;
    }
    get("none").hidden = shown > 0;
    get("trace").hidden = !one;
    if (one) {
      forget(one, latest.now);
      get("line").setAttribute("d", line(one.trace, latest.now));
      set(get("summary"), summary(words, one));
    }
    if (paused) return;
    set(get("counts"), fill(words.counts, latest.counts));
    get("deaf").hidden = !latest.deaf;
  }

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(open, PATIENCE);
  }

  function open() {
    source?.close();
    if (document.hidden) return;
    wait();
    source = new EventSource("/live/events");
    source.onerror = say;
    source.onmessage = ({ data }) => {
      wait();
      if (!latest) get("rows").replaceChildren();
      latest = JSON.parse(data);
      take(rows, latest);
      say();
      if (!paused && (latest.all || ++count % every === 0)) draw();
    };
  }

  mine.onchange = filter.oninput = () => {
    history.replaceState(null, "", `?mine=${mine.checked ? "yes" : "no"}&filter=${encodeURIComponent(filter.value)}`);
    if (latest) draw();
  };
  pause.onclick = () => {
    paused = !paused;
    set(pause, words[paused ? "resume" : "pause"]);
    say();
    if (latest) draw();
  };
  document.onvisibilitychange = open;
  get("controls").hidden = false;
  open();
}

if (globalThis.document) start();
else module.exports = { ago, fits, line, summary, take };
