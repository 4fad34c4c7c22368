// Every way in which a registration can be struck by the death of a process: at each request, before and after, either process, and
// people then go on or give up.
import { allStrikes, testRegistrations } from '../exchange/whole/registration_story.ts';
import { forEachEngine } from '../parts/engines.ts';

forEachEngine((engine) => testRegistrations(engine, allStrikes));
