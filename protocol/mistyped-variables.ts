// mistyped-variables.ts: variables that were probably meant as settings and are none. Without a word they would just do nothing.

import { nearName } from './near-name.ts';

/** All variables that some process reads, but those that only tests do; Temporal's are those of its SDKs. */
export const VARIABLES = (
  'MODEL CONFIG HOME STORE_URL SLOTS ROOTS DEPLOYMENT LOG LOG_LEVEL DEBUG URL API_KEY OFFLINE_URL EXIT_WITH_PARENT ' +
  'PROGRESS_SECONDS CACHE_DIR TEMPORAL_PORT TEMPORAL_UI_PORT TEMPORAL_CLI TEMPORAL_RETENTION TEMPORAL_UNTUNED ' +
  'TEMPORAL_DOWNLOAD_BASE TEMPORAL_PATIENCE'
)
  .split(' ')
  .map((name) => `MUSTER_${name}`);
const OF_OTHERS = {
  OPENAI_: 'API_KEY BASE_URL ORG_ID PROJECT_ID LOG WEBHOOK_SECRET ADMIN_KEY',
  TEMPORAL_:
    'ADDRESS API_KEY CONFIG_FILE NAMESPACE PROFILE TLS TLS_CLIENT_CERT_PATH TLS_CLIENT_CERT_DATA TLS_CLIENT_KEY_PATH ' +
    'TLS_CLIENT_KEY_DATA TLS_DISABLE_HOST_VERIFICATION TLS_SERVER_CA_CERT_PATH TLS_SERVER_CA_CERT_DATA TLS_SERVER_NAME ' +
    'CODEC_ENDPOINT CODEC_AUTH',
};
const FAMILIES = [
  { prefix: 'MUSTER_', known: VARIABLES.map((name) => name.slice('MUSTER_'.length)) },
  ...Object.entries(OF_OTHERS).map(([prefix, known]) => ({ prefix, known: known.split(' ') })),
];

/** Letters by which a mistyped name may differ in length. */
const MOST_LONGER = 2;

/**
 * A sentence for each variable whose name is nearly a setting's; its value is never said.
 *
 * @returns such as `MUSTER_MODLE is no setting: was MUSTER_MODEL meant?`
 */
export function mistypedVariables(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(env).flatMap((name) => {
    const family = FAMILIES.find(({ prefix }) => name.startsWith(prefix));
    const typed = name.slice(family?.prefix.length);
    if (!family || family.known.includes(typed)) return [];
    const near = nearName(typed, family.known);
    // What is only longer, or stands beside the setting itself, has a name for reasons of its own: OPENAI_API_KEY_OLD.
    const isMeant = near !== undefined && Math.abs(near.length - typed.length) <= MOST_LONGER;
    return isMeant && env[family.prefix + near] === undefined
      ? [`${name} is no setting: was ${family.prefix}${near} meant?`]
      : [];
  });
}
