// The seed's story with two processes, on both engines.
import { tellSeedStory } from '../exchange/whole/seed_story.ts';
import { forEachEngine } from '../parts/engines.ts';

forEachEngine(tellSeedStory);
