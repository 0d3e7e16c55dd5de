// settings-refused.ts: the error of a local stack alone. Apart from the client's own errors, which browsers load.

import { MusterError } from '../errors.ts';

/** A part of a local stack refuses the settings that it was started with. */
export class SettingsRefusedError extends MusterError {
  override readonly name = 'SettingsRefusedError';
}
