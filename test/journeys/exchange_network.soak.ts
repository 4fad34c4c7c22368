// A network and a peer that misbehave in every way, and three hours without the peer while 5,000 changes are made; on both engines.
import { tellNetworkStories } from '../exchange/whole/network_stories.ts';
import { forEachEngine } from '../parts/engines.ts';

forEachEngine((engine) => tellNetworkStories(engine, { tasks: 40, changes: 5_000, tellsAll: true }));
