export function startRelay(options?: {
  readonly requestLimit?: number;
  readonly onLog?: (line: string) => void;
}): Promise<{
  readonly url: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}>;
