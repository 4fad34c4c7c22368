// Some of the ways in which a registration is struck by the death of a process; all of them are in exchange_registration.soak.ts.
import { requests, type Strike, testRegistrations } from '../exchange/whole/registration_story.ts';
import { forEachEngine } from '../parts/engines.ts';

const [claim, , , , , shakeBack, confirm] = requests;

/** The first request, the last and what confirms; each process, each ending. */
const some: Readonly<Record<string, readonly Strike[]>> = {
  sqlite: [
    { at: claim, when: 'after', victim: 'consumer', ending: 'abort' },
    { at: shakeBack, when: 'before', victim: 'consumer', ending: 'retry' },
  ],
  postgres: [
    { at: claim, when: 'after', victim: 'provider', ending: 'retry' },
    { at: confirm, when: 'before', victim: 'consumer', ending: 'retry' },
  ],
};

forEachEngine((engine) => testRegistrations(engine, some[engine.name] ?? []));
