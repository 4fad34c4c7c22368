// What a person sees when a sign-in cannot go on and there is no client that could be told.
import type { Answer } from '../answer.ts';
import { escapeHtml } from './frame.ts';
import { page } from './page.ts';

/** `sentence` holds nothing that the request brought along. */
export const faultPage = (status: number, sentence: string): Answer =>
  page({
    status,
    title: 'This sign-in cannot go on',
    main: `<p class="alert" role="alert">${escapeHtml(sentence)}</p>
<p>Go back to the application and start again. If it happens again, tell the people who run the application.</p>`,
  });
