import type { Tool } from "../../core/toolbox";

/** What the tools look like, on 20 by 20, as the other icons. */
const paths: Record<Tool | "more", string> = {
  select: "M5 3.5 15.5 10l-4.6 1L8.5 15.500z",
  brush:
    "M15.500 3.500 8.500 10.500M8.800 10.200a2.600 2.600 0 0 0-3.700 3.100c-.3 1.500-1.300 2.300-2.100 2.700 3.200.9 6.300.2 7.600-1.700a2.600 2.600 0 0 0-1.800-4.100z",
  cut: "M10 2.500v2.500m0 3v4m0 3v2.500M3.500 4.500h3v11h-3M16.500 4.500h-3v11h3",
  merge: "M3 4.500h4.500v11H3M17 4.500h-4.500v11H17M7.500 10h5M9 8l-1.500 2L9 12M11 8l1.500 2-1.500 2",
  reshape: "M9 2.500v4c0 2 4 2 4 4s-4 2-4 4v3M3 10h3M4.500 8.500 3 10l1.500 1.500M17 10h-1.500",
  lock: "M5 9h10v7.500H5zM7 9V6.500a3 3 0 0 1 6 0V9",
  box: "M3.500 6V3.500H6M14 3.500h2.500V6M16.500 14v2.500H14M6 16.500H3.500V14M8.500 3.500h3M8.500 16.500h3M3.500 8.500v3M16.500 8.500v3",
  lasso:
    "M10 3.500c4 0 7 1.800 7 4.500s-3 4.500-7 4.500S3 10.700 3 8s3-4.500 7-4.500zM6.500 12c-1 1.500.5 2.500 1.500 2.500s1.500 2-1 2.500",
  erase: "m3.500 12.500 8-8 5 5-7 7H6.500zM8 8l5 5M9.500 16.500h7",
  pick: "m11 6 3 3M12.500 4.500a2.100 2.100 0 0 1 3 3l-2 2-3-3zM10.500 6.500 4 13v3h3l6.500-6.500",
  fill: "M10 3.500C7 7 5 9.500 5 12a5 5 0 0 0 10 0c0-2.500-2-5-5-8.500zM8 12.500a2 2 0 0 0 2 2",
  more: "M4.500 10h.01M10 10h.01M15.500 10h.01",
};

export function ToolIcon({ tool }: { readonly tool: Tool | "more" }) {
  return (
    <svg className={`icon${tool === "more" ? " dots" : ""}`} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={paths[tool]} />
    </svg>
  );
}
