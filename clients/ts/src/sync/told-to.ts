/**
 * A callback of the program's that cannot change what goes on here: what it throws is told, and no more. One that returns a
 * promise is not waited for.
 */
export function toldTo<T>(
  callback: ((value: T) => unknown) | undefined,
  onFault: (error: unknown) => void,
): (value: T) => void {
  return (value) => {
    try {
      const result = callback?.(value);
      if (result instanceof Promise) result.catch(onFault);
    } catch (error) {
      onFault(error);
    }
  };
}
