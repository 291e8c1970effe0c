import js from "@eslint/js";
import importX from "eslint-plugin-import-x";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** A door: code under `from` must not import anything under `never`. STYLE: doors only forward. */
const door = (from, never, message) => ({ target: from, from: never, message });

export default defineConfig(
  globalIgnores(["**/dist/", "**/target/", ".gitblobs/", "**/*.js", "!eslint.config.js"]),
  js.configs.recommended,
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { "import-x": importX },
    languageOptions: { parserOptions: { projectService: true } },
    settings: {
      "import-x/resolver": { node: { extensions: [".ts", ".tsx", ".js"] } },
      "import-x/parsers": { "@typescript-eslint/parser": [".ts", ".tsx"] },
    },
    rules: {
      "no-eval": "error",
      "no-new-func": "error",
      "@typescript-eslint/consistent-type-definitions": ["error", "interface"],
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // Packages of others make no circle through ours; parsing them takes most of a lint.
      "import-x/no-cycle": ["error", { ignoreExternal: true }],
      "import-x/no-restricted-paths": [
        "error",
        {
          zones: [
            // index -> auth, relay, sync, admin, health; relay -> auth (guard only), sync.
            door(
              "worker/src/http",
              "worker/src/{auth,relay,sync,admin,health}/**",
              "http serves all and imports no feature",
            ),
            door(
              "worker/src/auth",
              "worker/src/{relay,sync,admin,health}/**",
              "auth imports no other feature",
            ),
            door(
              "worker/src/sync",
              "worker/src/{auth,relay,admin,health}/**",
              "sync imports no other feature",
            ),
            door(
              "worker/src/relay",
              "worker/src/{admin,health}/**",
              "relay uses auth (guard) and sync only",
            ),
            door(
              "worker/src/health",
              "worker/src/{auth,relay,sync,admin}/**",
              "health imports no other feature",
            ),
            door("protocol/ts", "{worker,clients}/**", "the protocol imports nobody"),
            door("clients", "worker/**", "clients know the protocol, not the worker"),
            door(
              "clients/ts",
              "clients/web/**",
              "the page uses the client, not the other way round",
            ),
          ],
        },
      ],
    },
  },
  {
    files: ["**/*.mjs", "*.js"],
    languageOptions: {
      globals: {
        AbortSignal: "readonly",
        console: "readonly",
        process: "readonly",
        URL: "readonly",
        Buffer: "readonly",
        setTimeout: "readonly",
        setInterval: "readonly",
        clearInterval: "readonly",
        clearTimeout: "readonly",
        fetch: "readonly",
        performance: "readonly",
        crypto: "readonly",
        Headers: "readonly",
        Request: "readonly",
        Response: "readonly",
        TextEncoder: "readonly",
      },
    },
  },
);
