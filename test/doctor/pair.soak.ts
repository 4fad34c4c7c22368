// Doctor at two real instances, on both engines.
import { forEachEngine } from '../parts/engines.ts';
import { testDoctorAtAPair } from './parts/pair_tests.ts';

forEachEngine(testDoctorAtAPair);
