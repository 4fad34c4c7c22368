// What well-known clients send and expect, a story each, on an instance of its own. One process for all of them: to start one costs more than
// most of the stories.
import './airbyte.ts';
import './ansible.ts';
import './backstage.ts';
import './connectors.ts';
import './kafka_connect.ts';
import './pysnc.ts';
import './pysnow.ts';
import './servicenow_rest_api.ts';
import './singer_taps.ts';
import './snow_shell.ts';
import './terraform.ts';
