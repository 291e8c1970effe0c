import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { registerServiceWorker } from "./service-worker.ts";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/screens.css";

const root = document.getElementById("app");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
if (import.meta.env.PROD && "serviceWorker" in navigator) registerServiceWorker();
