// The part of the package oidc-provider that the demo uses, typed, and its quiet loading.
// It must not be imported at start: only who runs a provider pays for loading one.
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface OidcProvider {
  readonly Grant: new (about: {
    accountId: string;
    clientId: string;
  }) => { addOIDCScope(scope: string): void; save(): Promise<string> };
  callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<{ params: Readonly<Record<string, unknown>> }>;
  interactionFinished(
    request: IncomingMessage,
    response: ServerResponse,
    result: Readonly<Record<string, unknown>>,
    options: { mergeWithLastSubmission: boolean },
  ): Promise<void>;
}

type ProviderClass = new (issuer: string, configuration: Readonly<Record<string, unknown>>) => OidcProvider;

/**
 * The package writes to the console, once, that it was tried with long-term releases of Node only. That is for us to know (our tests
 * run it on this one), not for the reader of the demo.
 */
export const loadOidcProvider = async (): Promise<ProviderClass> => {
  const heard = console.warn;
  console.warn = () => {};
  try {
    // @ts-expect-error the package ships no types; the interface above is what we use of it
    const { Provider } = await import('oidc-provider');
    return Provider as ProviderClass;
  } finally {
    console.warn = heard;
  }
};
