// Messages that come twice and late, three hours without the peer, and the end while the peer is off. The long variant is
// exchange_network.soak.ts.
import { tellNetworkStories } from '../exchange/whole/network_stories.ts';
import { type Engine, engines } from '../parts/engines.ts';

tellNetworkStories(engines[0] as Engine, { tasks: 6, changes: 60, tellsAll: false });
