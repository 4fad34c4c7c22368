// Ten incidents to look at, only with --demo-data. Names and troubles are our own.
import { seedId } from '../seed_id.ts';

const user = (name: string): string => seedId('sys_user', name);
const group = (name: string): string => seedId('sys_user_group', name);

interface Story {
  text: string;
  caller: string;
  category: string;
  impact: string;
  urgency: string;
  priority: string;
  state: string;
  assignedTo?: string;
  group?: string;
  openedAt: string;
}

const stories: readonly Story[] = [
  {
    text: 'Payroll report stops at page two',
    caller: 'nadia.brandt',
    category: 'software',
    impact: '2',
    urgency: '1',
    priority: '2',
    state: '2',
    assignedTo: 'tomas.lindgren',
    group: 'Service Desk',
    openedAt: '2026-09-01 07:12:00',
  },
  {
    text: 'Third floor printers print nothing but test pages',
    caller: 'owen.hale',
    category: 'hardware',
    impact: '3',
    urgency: '3',
    priority: '5',
    state: '1',
    openedAt: '2026-09-02 09:40:11',
  },
  {
    text: 'VPN drops every twenty minutes',
    caller: 'priya.raman',
    category: 'network',
    impact: '2',
    urgency: '2',
    priority: '3',
    state: '2',
    assignedTo: 'mei.tanaka',
    group: 'Network',
    openedAt: '2026-09-02 11:05:30',
  },
  {
    text: 'Warehouse scanners cannot reach the order system',
    caller: 'owen.hale',
    category: 'network',
    impact: '1',
    urgency: '1',
    priority: '1',
    state: '6',
    assignedTo: 'mei.tanaka',
    group: 'Network',
    openedAt: '2026-09-03 05:58:02',
  },
  {
    text: 'New starter has no mailbox',
    caller: 'nadia.brandt',
    category: 'inquiry',
    impact: '3',
    urgency: '2',
    priority: '4',
    state: '1',
    group: 'Service Desk',
    openedAt: '2026-09-04 08:00:00',
  },
  {
    text: 'Order database answers slowly since the weekend',
    caller: 'priya.raman',
    category: 'database',
    impact: '1',
    urgency: '2',
    priority: '2',
    state: '2',
    assignedTo: 'tomas.lindgren',
    group: 'Databases',
    openedAt: '2026-09-07 06:31:45',
  },
  {
    text: 'Laptop battery swells',
    caller: 'jonas.weber',
    category: 'hardware',
    impact: '3',
    urgency: '1',
    priority: '3',
    state: '3',
    assignedTo: 'tomas.lindgren',
    group: 'Service Desk',
    openedAt: '2026-09-08 13:22:19',
  },
  {
    text: 'Meeting room screen shows yesterday',
    caller: 'jonas.weber',
    category: 'hardware',
    impact: '3',
    urgency: '3',
    priority: '5',
    state: '7',
    openedAt: '2026-09-09 10:10:10',
  },
  {
    text: 'Cannot open archived invoices',
    caller: 'nadia.brandt',
    category: 'software',
    impact: '2',
    urgency: '2',
    priority: '3',
    state: '1',
    group: 'Databases',
    openedAt: '2026-09-10 15:47:33',
  },
  {
    text: 'Badge reader at the north door is offline',
    caller: 'owen.hale',
    category: 'inquiry',
    impact: '3',
    urgency: '2',
    priority: '4',
    state: '1',
    openedAt: '2026-09-11 04:19:58',
  },
];

const describedIncident = '897b04f2dbd4a300a135364e9d961952';

export const incidentDemoRows: readonly Readonly<Record<string, string>>[] = stories.map((story, index) => {
  const number = `INC${String(index + 1).padStart(7, '0')}`;
  const isOver = story.state === '6' || story.state === '7';
  return {
    sys_id: index === 0 ? describedIncident : seedId('incident', number),
    number,
    task_effective_number: number,
    short_description: story.text,
    caller_id: user(story.caller),
    opened_by: user(story.caller),
    opened_at: story.openedAt,
    category: story.category,
    impact: story.impact,
    urgency: story.urgency,
    priority: story.priority,
    state: story.state,
    incident_state: story.state,
    active: story.state === '7' ? 'false' : 'true',
    ...(story.assignedTo ? { assigned_to: user(story.assignedTo) } : {}),
    ...(story.group ? { assignment_group: group(story.group) } : {}),
    ...(story.state === '3' ? { hold_reason: '1' } : {}),
    ...(isOver
      ? { close_code: 'Solution provided', close_notes: 'Checked with the caller.', resolved_at: '2026-09-12 09:00:00' }
      : {}),
    ...(story.state === '7' ? { closed_at: '2026-09-19 09:00:00' } : {}),
  };
});
