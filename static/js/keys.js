/** Pages that stand still: what is shown once can be copied, and times are told by the clock of whoever looks. */

import { offerCopies } from "./copy.js";
import { keepTimes } from "./times.js";

offerCopies(document);
keepTimes();
