import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { isShelfBroken, keepDraftsOnShelf } from "./files/draft-shelf.ts";
import { keepDropsFromNavigating } from "./ui/drops.ts";
import { registerServiceWorker } from "./service-worker.ts";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/frame.css";
import "./styles/login.css";
import "./styles/stores.css";
import "./styles/files.css";
import "./styles/history.css";
import "./styles/admin.css";
import "./styles/merge.css";

void keepDraftsOnShelf().catch(() => {
  isShelfBroken.set(true);
});
const root = document.getElementById("app");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
keepDropsFromNavigating();
if (import.meta.env.PROD && "serviceWorker" in navigator) registerServiceWorker();
