export function startRelay(options?: {
  readonly requestLimit?: number;
  readonly overrides?: Readonly<Record<string, string>>;
  readonly onLog?: (line: string) => void;
}): Promise<{
  readonly url: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}>;
