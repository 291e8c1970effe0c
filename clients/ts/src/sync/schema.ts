/**
 * What says whether a value looks as it should, by the Standard Schema (https://standardschema.dev): schemas of Valibot,
 * Zod, ArkType and others are such.
 */
export interface Schema<T> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => Result<T> | Promise<Result<T>>;
    readonly types?: { readonly input: unknown; readonly output: T } | undefined;
  };
}

/** What came of it: the value, or what is wrong with it. */
type Result<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] };

/** The value where it looks as it should; undefined where it does not. */
export async function checked<T>(
  schema: Schema<T>,
  value: unknown,
): Promise<{ readonly value: T } | undefined> {
  const result = await schema["~standard"].validate(value);
  return result.issues === undefined ? { value: result.value } : undefined;
}
