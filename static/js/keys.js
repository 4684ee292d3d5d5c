/** The page of the keys: what is shown once can be copied. */

import { offerCopies } from "./copy.js";
import { keepTimes } from "./times.js";

offerCopies(document);
keepTimes();
