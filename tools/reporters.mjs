/** How vitest tells what came of tests: to people, and in target/NAME-junit.xml to the sum at a build's end. */
export const reporters = (name) => [
  "default",
  ["junit", { outputFile: `target/${name}-junit.xml`, classnameTemplate: "{filepath}" }],
];
