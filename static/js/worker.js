/**
 * The one connection of a browser: a SharedWorker that all its tabs speak to. It exists on plain http too, where Web
 * Locks and service workers don't.
 *
 * A tab says again and again where it is and whether somebody looks at it, and hears that in return; who is not known
 * (any more) joins by that. Nothing tells when a tab dies, so one that is silent for long is forgotten with all that
 * waits for it.
 */

import { Ring } from "./ring.js";
import { Stream } from "./stream.js";

const SILENT = 90_000; // hidden tabs may speak once a minute only
const SWEEP = 10_000;

const tabs = new Map();
const dismissed = new WeakSet();
let stream = null;
let ring = null;

addEventListener("connect", ({ ports: [port] }) => {
  port.onmessage = ({ data }) => hear(port, data);
});

setInterval(() => {
  const oldest = performance.now() - SILENT;
  for (const [port, { heardAt }] of tabs) if (heardAt < oldest) leave(port);
}, SWEEP);

function hear(port, { addresses, cursor, isSeen, wake, hasLeft }) {
  if (dismissed.has(port)) return;
  if (hasLeft) return leave(port);
  const wasSeen = isAnySeen();
  const isNew = !tabs.has(port);
  tabs.set(port, { isSeen, heardAt: performance.now() });
  if (isNew) join(port, addresses, cursor, isSeen);
  else port.postMessage({});
  if (wasSeen !== isAnySeen()) stream.attend(!wasSeen);
  if (wake) stream.wake(wake);
}

function join(port, addresses, cursor, isSeen) {
  if (!stream) begin(addresses, cursor, isSeen);
  const missed = ring.after(cursor) ?? [{ event: { type: "resync", reason: "joined late" }, id: "" }];
  port.postMessage({ state: stream.state });
  missed.forEach((frame) => port.postMessage({ frame }));
}

function begin(addresses, cursor, isSeen) {
  ring = new Ring(cursor);
  stream = new Stream(addresses, cursor, {
    told: (event, id) => {
      ring.note(event, id);
      tellAll({ frame: { event, id } });
    },
    changed: (state) => {
      tellAll({ state });
      if (state === "signed-out") dismiss();
    },
  });
  stream.start(isSeen);
}

/** Let all tabs go: a page that comes later was let in anew, and may be somebody else's. */
function dismiss() {
  for (const port of tabs.keys()) dismissed.add(port);
  tabs.clear();
  stream = null;
}

function leave(port) {
  const wasSeen = isAnySeen();
  tabs.delete(port);
  if (!tabs.size) end();
  else if (wasSeen && !isAnySeen()) stream.attend(false);
}

function end() {
  stream?.stop();
  stream = null;
}

function tellAll(message) {
  for (const port of tabs.keys()) port.postMessage(message);
}

function isAnySeen() {
  return [...tabs.values()].some(({ isSeen }) => isSeen);
}
