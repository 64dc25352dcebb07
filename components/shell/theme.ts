/** The theme: one attribute on <html>, one value in this browser. The first paint is set by a script in the head. */
import { Store } from "../collab/store";
import { kept } from "../kept";

export const THEMES = ["system", "light", "dark", "contrast"] as const;
export type Theme = (typeof THEMES)[number];
/** The head script of app/pages/head.py reads the same key. */
export const THEME_KEY = "polycanvas.theme";

export const THEME_NAMES: Record<Theme, string> = {
  system: "Like the system",
  light: "Light",
  dark: "Dark",
  contrast: "High contrast",
};

export function themeIn(text: string | null): Theme {
  return THEMES.find((theme) => theme === text) ?? "system";
}

/** What the page shows for a choice, given what the system asks for. */
export function resolved(theme: Theme, system: { dark: boolean; contrast: boolean }): Exclude<Theme, "system"> {
  if (theme !== "system") return theme;
  if (system.contrast) return "contrast";
  return system.dark ? "dark" : "light";
}

export const chosenTheme = new Store<Theme>(themeIn(kept.getItem(THEME_KEY)));

export function setTheme(theme: Theme): void {
  kept.setItem(THEME_KEY, theme);
  chosenTheme.set(theme);
  show();
}

/** Follow the system while the choice is "system", and other tabs. Returns how to stop. */
export function followTheme(): () => void {
  const asked = [matchMedia("(prefers-color-scheme: dark)"), matchMedia("(prefers-contrast: more)")];
  const fromTab = (event: StorageEvent): void => {
    if (event.key !== THEME_KEY) return;
    chosenTheme.set(themeIn(event.newValue));
    show();
  };
  for (const query of asked) query.addEventListener("change", show);
  window.addEventListener("storage", fromTab);
  show();
  return () => {
    for (const query of asked) query.removeEventListener("change", show);
    window.removeEventListener("storage", fromTab);
  };
}

function show(): void {
  document.documentElement.dataset.theme = resolved(chosenTheme.get(), {
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    contrast: matchMedia("(prefers-contrast: more)").matches,
  });
}
