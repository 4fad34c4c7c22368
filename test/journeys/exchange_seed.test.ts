// The seed's story with two processes, on the embedded engine. On both: exchange_seed.soak.ts.
import { tellSeedStory } from '../exchange/whole/seed_story.ts';
import { type Engine, engines } from '../parts/engines.ts';

tellSeedStory(engines[0] as Engine);
