// What the demo says once it is up. Every command in it can be pasted as it stands.
// It must fit on one screen.

export const welcome = (parts: {
  baseUrl: string;
  issuer: string;
  password: string;
  person: string;
  token: string;
  logFile: string;
  program: string;
}): string => {
  const { baseUrl, password, program } = parts;
  const incidents = `'${baseUrl}/api/now/table/incident?sysparm_limit=1&sysparm_fields=number,short_description,state'`;
  return `
Causeway is up.

  instance            ${baseUrl}
  identity provider   ${parts.issuer}   (a real OpenID Connect provider, for this demo only)
  admin password      ${password}   (user admin; new at every start of the demo)
  log                 ${parts.logFile}

An ID token of ${parts.person} opens the Table API:

  curl -i -H "Authorization: Bearer ${parts.token}" \\
    ${incidents}

What to try next:

  1. Send the same command again: 401. The registration says that a token works once (JTI claim verification).
  2. Read why, in the log:            grep 'jti' ${parts.logFile}
     and in the refusal records:      curl -s -u admin:${password} '${baseUrl}/api/now/table/causeway_refusal?sysparm_limit=1&sysparm_query=ORDERBYDESCsys_created_on'
  3. Get another token:               TOKEN=$(${program} demo token)
  4. See what a token says, and what the instance would do with it:
                                      export CAUSEWAY_INSTANCE=${baseUrl} CAUSEWAY_USER=admin CAUSEWAY_PASSWORD=${password}
                                      ${program} token inspect $TOKEN

Ctrl-C stops everything.
`;
};
