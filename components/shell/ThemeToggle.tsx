/** The choice of theme, as four radio buttons. */
import "./shell.css";
import { useEffect } from "react";
import { useStore } from "../collab/useCanvas";
import { chosenTheme, followTheme, setTheme, THEME_NAMES, THEMES } from "./theme";

export function ThemeToggle() {
  const chosen = useStore(chosenTheme);
  useEffect(followTheme, []);
  return (
    <div className="pc-segments" role="radiogroup" aria-label="Theme">
      {THEMES.map((theme) => (
        <label key={theme} data-on={theme === chosen}>
          <input type="radio" name="pc-theme" checked={theme === chosen} onChange={() => setTheme(theme)} />
          {THEME_NAMES[theme]}
        </label>
      ))}
    </div>
  );
}
