// POST /tinyurl {"url": "…"}: the same address, short enough for any client.
import { Fault } from '../../kit/fault.ts';
import type { Answer, Api, Asked } from '../api.ts';
import { sayData } from '../say_data.ts';
import type { TinyUrls } from './tiny_urls.ts';

export interface TinyUrlParts {
  tinyUrls: TinyUrls;
}

const shorten =
  ({ tinyUrls }: TinyUrlParts) =>
  async (asked: Asked): Promise<Answer> => {
    const { url } = await asked.values();
    if (!url) {
      throw new Fault('bad_request', 'http.tiny_url_missing', 'Exception while reading request', {
        explanation: 'The payload must hold the address: {"url":"…"}',
      });
    }
    return { status: 200, body: sayData(asked.accept, await tinyUrls.shorten(asked.caller, url)) };
  };

export const makeTinyUrlApi = (parts: TinyUrlParts): Api => ({
  name: 'now/tinyurl',
  base: '/api/now',
  versions: ['', 'v1'],
  operations: [{ method: 'POST', path: '/tinyurl', handle: shorten(parts) }],
});
