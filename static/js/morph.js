/**
 * Turn one element into another with as few touches as it takes: what stays the same keeps its node, and with it focus,
 * a loaded poster and a bar that glides to its new length.
 */
export function morph(from, to) {
  copyAttributes(from, to);
  const before = meaningful(from);
  const after = meaningful(to);
  after.forEach((next, index) => {
    const node = before[index];
    if (!node) from.append(next);
    else if (!isAlike(node, next)) node.replaceWith(next);
    else if (node.nodeType === Node.ELEMENT_NODE) morph(node, next);
    else if (node.data !== next.data) node.data = next.data;
  });
  before.slice(after.length).forEach((node) => node.remove());
}

function copyAttributes(from, to) {
  for (const { name, value } of to.attributes) {
    if (isViewers(from, name) || from.getAttribute(name) === value) continue;
    from.setAttribute(name, value);
  }
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && !isViewers(from, name)) from.removeAttribute(name);
  }
}

/** What the person at the screen opened stays open. */
function isViewers(element, name) {
  return name === "open" && element.localName === "details";
}

function meaningful(element) {
  return [...element.childNodes].filter((node) => node.nodeType !== Node.TEXT_NODE || node.data.trim());
}

function isAlike(one, other) {
  return one.nodeName === other.nodeName;
}
