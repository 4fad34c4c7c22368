// What the parameters of addresses mean, said once for every API that reads them.

export interface Description {
  readonly description: string;
  readonly type: 'string' | 'integer' | 'boolean';
  readonly isRequired?: true;
  readonly among?: readonly string[];
}

const described = {
  sysparm_query: { description: 'Encoded query, such as active=true^ORDERBYnumber', type: 'string' },
  sysparm_fields: { description: 'Fields to answer, separated by commas; dots follow references', type: 'string' },
  sysparm_display_value: {
    description: 'Stored values, display values, or both',
    type: 'string',
    among: ['false', 'true', 'all'],
  },
  sysparm_exclude_reference_link: { description: 'Leaves the addresses of referenced records out', type: 'boolean' },
  sysparm_view: { description: 'Name of a view; sysparm_fields wins', type: 'string' },
  sysparm_limit: { description: 'Records on a page; 10000 unless said', type: 'integer' },
  sysparm_offset: { description: 'Records before the page', type: 'integer' },
  sysparm_no_count: { description: 'Does not count; X-Total-Count is left out', type: 'boolean' },
  sysparm_suppress_pagination_header: { description: 'Leaves the Link header out', type: 'boolean' },
  sysparm_input_display_value: { description: 'Values in the body are display values', type: 'boolean' },
  sysparm_suppress_auto_sys_field: { description: 'Does not stamp system fields', type: 'boolean' },
  sysparm_query_category: { description: 'Where the query is to run; there is one place', type: 'string' },
  sysparm_query_no_domain: { description: 'All domains; there is one', type: 'boolean' },
  sysparm_count: { description: 'Counts the records', type: 'boolean' },
  sysparm_avg_fields: { description: 'Fields to average, separated by commas', type: 'string' },
  sysparm_min_fields: { description: 'Fields whose least value is wanted', type: 'string' },
  sysparm_max_fields: { description: 'Fields whose greatest value is wanted', type: 'string' },
  sysparm_sum_fields: { description: 'Fields to sum', type: 'string' },
  sysparm_group_by: { description: 'Fields to group by', type: 'string' },
  sysparm_order_by: { description: 'Order of groups: state, state^DESC, COUNT^DESC, AVG^order', type: 'string' },
  sysparm_having: { description: 'Which groups stay: count^state^>^3', type: 'string' },
  table_name: { description: 'Table of the record', type: 'string', isRequired: true },
  table_sys_id: { description: 'sys_id of the record', type: 'string', isRequired: true },
  file_name: { description: 'Name of the file', type: 'string', isRequired: true },
  creation_time: { description: 'When the file was made; now unless said', type: 'string' },
} as const satisfies Readonly<Record<string, Description>>;

export type ParameterName = keyof typeof described;

export const parameterDescriptions: Readonly<Record<ParameterName, Description>> = described;
