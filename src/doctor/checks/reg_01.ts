// A registration that does not come to its end: a step that failed or hangs, or one that ended without a connection.
import { type Check, evidenceOf } from '../check.ts';
import { ageOf, spanOf } from '../outage.ts';

/** A step takes a second; two clocks and a slow network take no more than this. */
const patientMs = 600_000;

export const reg01: Check = {
  code: 'REG-01',
  title: 'A registration is stuck, or has failed',
  severity: 'error',
  needs: ['sn_sb_connection'],
  vendorCheck: 'Stale connections',
  survey(facts) {
    const open = facts.registrations
      .filter((row) => row.registration_state === 'work_in_progress' && ageOf(row.step_at, facts) > patientMs)
      .map((row) => ({
        connection: row.connection_id ?? '',
        summary: `The registration ${row.number} stands at step "${row.step}" since ${spanOf(ageOf(row.step_at, facts))}${row.step_error ? `: ${row.step_error}` : ''}`,
        evidence: [evidenceOf('sn_sb_pro_registration', row, 'registration_state', 'closed_complete')],
        fix: 'Let the consumer try again, or end it',
        commands: [`causeway exchange retry ${row.connection_id}`, `causeway exchange abort ${row.connection_id} --dry-run`],
        about: row.sys_id ?? '',
      }));
    const ended = facts.registrations
      .filter((row) => ['closed_incomplete', 'validation_failed'].includes(row.registration_state ?? '') && row.step_error)
      .map((row) => ({
        severity: 'info' as const,
        connection: row.connection_id ?? '',
        summary: `The registration ${row.number} has ended without a connection: ${row.step_error}`,
        evidence: [evidenceOf('sn_sb_pro_registration', row, 'registration_state', 'closed_complete')],
        fix: 'Invite again once the cause is mended',
        about: row.sys_id ?? '',
      }));
    const half = facts.links
      .filter(({ row, onboarding }) => row.state !== 'onboarded' && onboarding && onboarding.step !== 'done')
      .filter(({ onboarding }) => onboarding?.step_error || ageOf(onboarding?.step_at, facts) > patientMs)
      .map(({ number, onboarding }) => ({
        connection: number,
        summary: `The registration stands at step "${onboarding?.step}"${onboarding?.step_error ? `: ${onboarding.step_error}` : ` since ${spanOf(ageOf(onboarding?.step_at, facts))}`}`,
        evidence: [evidenceOf('sn_sb_onboarding', { ...onboarding, name: number }, 'step', 'done')],
        fix: 'It is tried again by itself; try at once, or end it',
        commands: [`causeway exchange retry ${number}`, `causeway exchange abort ${number} --dry-run`],
        about: onboarding?.sys_id ?? '',
      }));
    return [...open, ...ended, ...half];
  },
};
