// setting-error.ts: a setting that a person can mend: what is wrong with it, and what to type.

/** `message` says what is wrong, `hint` what mends it; both are sentences for a person and hold no secret. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}
