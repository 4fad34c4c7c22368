// What the demo says of its second instance: what the two share, and the commands that break the connection, look at it, repair it, and
// recover the queue. Pure.
import type { SharedIncident } from './share_incidents.ts';

export const exchangeWelcome = (given: {
  number: string;
  incident: SharedIncident;
  providerUrl: string;
  consumerUrl: string;
  password: string;
  program: string;
}): string => {
  const { number, incident, providerUrl, consumerUrl, password, program } = given;
  const json = `-H 'Content-Type: application/json'`;
  return `
A second organisation's instance runs at ${consumerUrl} (the same user and password), connected as ${number}.
Its incident ${incident.number} is the case ${incident.caseNumber} here: what is written on either arrives at the other.

  export CAUSEWAY_INSTANCE=${providerUrl} CAUSEWAY_USER=admin CAUSEWAY_PASSWORD=${password}
  export CAUSEWAY_PEER_INSTANCE=${consumerUrl} CAUSEWAY_PEER_USER=admin CAUSEWAY_PEER_PASSWORD=${password}

  break     ${program} exchange rehearse ${number}
  write     curl -s -u admin:${password} -X PATCH ${json} -d '{"comments":"Any news?"}' \\
              '${consumerUrl}/api/now/table/incident/${incident.sysId}?sysparm_fields=number,comments'
  look      ${program} doctor
  repair    ${program} doctor --fix AUTH-01,AUTH-02 --yes
  recover   ${program} queue reprocess --instance ${consumerUrl} --connection ${number}
  arrived   curl -s -u admin:${password} '${providerUrl}/api/now/table/sn_customerservice_case?sysparm_query=number=${incident.caseNumber}&sysparm_fields=number,comments&sysparm_display_value=true'
`;
};
