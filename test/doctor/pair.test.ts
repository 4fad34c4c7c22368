// Doctor at two real instances, on one engine: it sees nothing but REST. On both: pair.soak.ts.
import { type Engine, engines } from '../parts/engines.ts';
import { testDoctorAtAPair } from './parts/pair_tests.ts';

testDoctorAtAPair(engines[0] as Engine);
