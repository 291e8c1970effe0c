import { Icon } from "./icon.tsx";
import { keep, readKept } from "./kept.ts";
import { createValue, useValue } from "./value.ts";

const THEME_KEY = "gitblobs/theme";
const THEMES = ["auto", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];

const theme = createValue<Theme>(THEMES.find((name) => name === readKept(THEME_KEY)) ?? "auto");
const apply = () => {
  document.documentElement.dataset["theme"] = theme.get();
};
apply();
theme.subscribe(apply);

const ICONS = { auto: "auto", light: "sun", dark: "moon" } as const;
const NAMES = { auto: "as the system", light: "light", dark: "dark" } as const;

/** Goes round the themes: as the system, light, dark. */
export function ThemeButton() {
  const present = useValue(theme);
  const next = THEMES[(THEMES.indexOf(present) + 1) % THEMES.length] ?? "auto";
  return (
    <button
      className="icon-btn"
      title={`Colours: ${NAMES[present]}`}
      aria-label={`Colours ${NAMES[present]}; change to ${NAMES[next]}`}
      onClick={() => {
        keep(THEME_KEY, next);
        theme.set(next);
      }}
    >
      <Icon name={ICONS[present]} />
    </button>
  );
}
