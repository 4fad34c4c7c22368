// Every way in which a registration can be struck by the death of a process: at each request, before and after, either process, and
// people then go on or give up.
import { after, before, test } from 'node:test';
import { openWholePair, type WholePair } from '../exchange/whole/pair.ts';
import {
  allStrikes,
  type Baseline,
  strikeWords,
  takeBaseline,
  tellRegistrationStory,
} from '../exchange/whole/registration_story.ts';
import { forEachEngine } from '../parts/engines.ts';

forEachEngine((engine) => {
  let pair: WholePair;
  let baseline: Baseline;

  before(async () => {
    pair = await openWholePair(engine);
    baseline = await takeBaseline(pair);
  });
  after(() => pair?.close());

  for (const strike of allStrikes) test(strikeWords(strike), () => tellRegistrationStory(pair, strike, baseline));
});
