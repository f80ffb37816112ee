import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { documents } from "./api/documents";
import { App } from "./ui/App";
import "./ui/page.css";

const place = document.getElementById("page");
if (!place) throw new Error("index.html has no #page");
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={documents}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
