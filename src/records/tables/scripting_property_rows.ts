// Properties of scripts and of scripted REST APIs. src/scripting/limit_properties.ts reads the limits, with these values as fallbacks.
import { property } from './property_row.ts';

export const scriptingPropertyRows: readonly Readonly<Record<string, string>>[] = [
  property(
    'glide.appcreator.company.code',
    'string',
    'company',
    'Namespace of scripted REST APIs that belong to no application: /api/<code>/…; it counts for APIs saved from then on',
  ),
  property(
    'glide.rest.scripted.max_inbound_content_length_mb',
    'integer',
    '10',
    'Megabytes that the body of a call to a scripted REST API may have; at most 25',
  ),
  property('causeway.script.cpu_ms', 'integer', '2000', 'Milliseconds of processor time that one script may use'),
  property(
    'causeway.script.wall_ms',
    'integer',
    '30000',
    'Milliseconds from the start of a script to its answer, waiting included',
  ),
  property('causeway.script.memory_mb', 'integer', '64', 'Megabytes of memory that one script may use; read at start'),
  property('causeway.script.queries', 'integer', '1000', 'Reads and writes of records that one script may make'),
  property('causeway.script.rows', 'integer', '100000', 'Records that one script may read'),
  property('causeway.script.output_mb', 'integer', '10', 'Megabytes that a script may hand back, or pass in one call'),
  property('causeway.script.log_lines', 'integer', '500', 'Lines that one script may write to the log'),
  property('causeway.script.pool_size', 'integer', '2', 'Scripted REST calls that run at the same time; read at start'),
  property('causeway.script.session_count', 'integer', '2', 'Transforms whose scripts run at the same time; read at start'),
  property('causeway.script.max_waiting', 'integer', '200', 'Scripts that may wait for their turn; read at start'),
  property('causeway.script.max_wait_ms', 'integer', '10000', 'Milliseconds that a script may wait for its turn; read at start'),
];
