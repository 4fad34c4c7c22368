// What the demo says of its second instance: four commands that break the connection, look at it, repair it, and recover the queue. Pure.

export const exchangeWelcome = (given: {
  number: string;
  providerUrl: string;
  consumerUrl: string;
  password: string;
  program: string;
}): string => {
  const { number, providerUrl, consumerUrl, password, program } = given;
  const ends = `--peer-instance ${consumerUrl} --peer-user admin --peer-password ${password}`;
  return `
A second organisation's instance runs at ${consumerUrl} (the same user and password), connected as ${number}.
  export CAUSEWAY_INSTANCE=${providerUrl} CAUSEWAY_USER=admin CAUSEWAY_PASSWORD=${password}
  break:    ${program} exchange rehearse ${number}
  look:     ${program} doctor ${ends}
  repair:   ${program} doctor --fix AUTH-01,AUTH-02 --yes ${ends}
  recover:  ${program} queue reprocess --instance ${consumerUrl} --connection ${number}
`;
};
