/** The history: times are the viewer's own, and the form needs no button. */

import { keepTimes } from "./times.js";

const form = document.querySelector("[data-find]");

keepTimes();
form.dataset.isLive = "";
form.addEventListener("change", () => form.requestSubmit());
