/** Buttons that copy the text of another element: `data-copy` is its id. Without JavaScript they are hidden. */

const LASTS = 2_500;

export function offerCopies(root) {
  for (const button of root.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
}

/** Over plain http browsers give no clipboard to pages: there the text is marked, for the person to copy. */
async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  getSelection().selectAllChildren(source);
  try {
    await navigator.clipboard.writeText(source.textContent);
    answer(button, button.dataset.labelCopied);
  } catch {
    answer(button, button.dataset.labelMarked);
  }
}

function answer(button, words) {
  const before = button.dataset.label ?? button.textContent;
  button.dataset.label = before;
  button.textContent = words;
  setTimeout(() => { button.textContent = before; }, LASTS);
}
