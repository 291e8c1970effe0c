/** Checks values against the static types of a TypeScript program. */
import ts from "typescript";

const maxDepth = 12;

/** The awaited types of the second arguments of all calls of `functionName`, in source order. */
export function checkedTypes(
  file: string,
  functionName: string,
): { checker: ts.TypeChecker; types: Map<string, ts.Type> } {
  const program = ts.createProgram([file], {
    target: ts.ScriptTarget.ES2024,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: ["node"],
  });
  const checker = program.getTypeChecker();
  const types = new Map<string, ts.Type>();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === functionName) {
      const [name, value] = node.arguments;
      if (name !== undefined && value !== undefined && ts.isStringLiteral(name)) {
        const type = checker.getTypeAtLocation(value);
        types.set(name.text, checker.getAwaitedType(type) ?? type);
      }
    }
    ts.forEachChild(node, visit);
  };
  const source = program.getSourceFile(file);
  if (source !== undefined) visit(source);
  return { checker, types };
}

/** What of a value does not fit a type: one line for each place. */
export function mismatches(
  checker: ts.TypeChecker,
  type: ts.Type,
  value: unknown,
  path = "",
  depth = 0,
): string[] {
  const shown = `${path === "" ? "." : path}: ${JSON.stringify(value)} is no ${checker.typeToString(type)}`;
  if (depth > maxDepth || (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0) return [];
  if (type.isUnion()) {
    const fits = type.types.some(
      (one) => mismatches(checker, one, value, path, depth + 1).length === 0,
    );
    return fits ? [] : [shown];
  }
  if (type.isStringLiteral() || type.isNumberLiteral()) return value === type.value ? [] : [shown];
  const primitive = primitiveName(type);
  if (primitive !== undefined) return primitive === nameOf(value) ? [] : [shown];
  if (checker.isArrayType(type)) {
    if (!Array.isArray(value)) return [shown];
    const [element] = checker.getTypeArguments(type as ts.TypeReference);
    if (element === undefined) return [];
    return value.flatMap((item: unknown, i) =>
      mismatches(checker, element, item, `${path}[${i}]`, depth + 1),
    );
  }
  if (typeof value !== "object" || value === null) return [shown];
  return checker.getPropertiesOfType(type).flatMap((property) => {
    const declared = checker.getTypeOfSymbol(property);
    const inner: unknown = Reflect.get(value, property.name);
    const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    if (inner === undefined) return optional ? [] : [`${path}.${property.name}: missing`];
    return mismatches(checker, declared, inner, `${path}.${property.name}`, depth + 1);
  });
}

function primitiveName(type: ts.Type): string | undefined {
  const names: [ts.TypeFlags, string][] = [
    [ts.TypeFlags.StringLike, "string"],
    [ts.TypeFlags.NumberLike, "number"],
    [ts.TypeFlags.BooleanLike, "boolean"],
    [ts.TypeFlags.Null, "null"],
    [ts.TypeFlags.Undefined | ts.TypeFlags.Void, "undefined"],
  ];
  return names.find(([flags]) => (type.flags & flags) !== 0)?.[1];
}

function nameOf(value: unknown): string {
  return value === null ? "null" : typeof value;
}
