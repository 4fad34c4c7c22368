// POST /api/sn_sb/exchange/v1/registration: the steps of a consumer that holds an invitation. Open to strangers: what lets one in is the
// proof in the body. No rule of registration lives here.
import { codeHeader } from '../../exchange/carriers/http.ts';
import { registrationPath } from '../../exchange/registration/ask_provider.ts';
import type { ProviderSide } from '../../exchange/registration/provider_side.ts';
import { Fault, isFault } from '../../kit/fault.ts';
import type { Answer } from '../api.ts';
import { answerFault } from '../faults.ts';
import type { OpenDoor } from '../open_door.ts';

const parse = (body: string): unknown => {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    throw new Fault('bad_request', 'exchange.bad_registration', 'The body is not a step of a registration');
  }
};

export const makeRegistrationDoor = ({ provider }: { provider: Pick<ProviderSide, 'step'> }): OpenDoor => ({
  name: 'sn_sb/exchange/registration',
  path: registrationPath,
  bodyLimitBytes: 65_536,
  methods: {
    async POST(request): Promise<Answer> {
      try {
        if (request.query !== '')
          throw new Fault('bad_request', 'exchange.secret_in_url', 'A registration takes nothing in the address');
        const result = await provider.step(parse(request.body));
        return {
          status: 200,
          body: JSON.stringify({ result }),
          contentType: 'application/json',
          headers: { 'Cache-Control': 'no-store' },
        };
      } catch (error) {
        if (!isFault(error)) throw error;
        const answer: Answer = answerFault(error, 'application/json', request.transactionId);
        return {
          ...answer,
          contentType: 'application/json',
          headers: { ...answer.headers, [codeHeader]: error.code },
        } satisfies Answer;
      }
    },
  },
});
