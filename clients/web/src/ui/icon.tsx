const PATHS = {
  file: "M6 2.5h5.5L15.500 6.500V17.500H6zM11.500 2.500v4h4",
  image: "M3.500 4.500h13v11h-13zM3.500 13l3.500-3.500 3 3 2.500-2.500 4 4M12.500 7.500h.01",
  search: "M9 4a5 5 0 1 0 0 10A5 5 0 0 0 9 4zM12.700 12.700 16.500 16.500",
  plus: "M10 4v12M4 10h12",
  upload: "M10 13V4M6.500 7.500 10 4l3.500 3.500M4 13v3h12v-3",
  download: "M10 4v9M6.500 9.500 10 13l3.500-3.500M4 13v3h12v-3",
  edit: "M4 16l.7-3L13 4.700l2.300 2.300L7 15.300z",
  trash: "M4 6h12M8 6V4h4v2M5.500 6l.7 10h7.600l.7-10",
  rename: "M4 6h6M4 14h6M13 4v12M11 4h4M11 16h4",
  history: "M10 5.500V10l3 2M10 3.500a6.500 6.500 0 1 1-6 4M4 3.500v4h4",
  compare: "M7 4v12M4 7l3-3 3 3M13 16V4M10 13l3 3 3-3",
  transfer: "M4 7h11l-3-3M16 13H5l3 3",
  conflict: "M10 3 17.500 16.500h-15zM10 8v4M10 14.200v.1",
  device: "M3.500 4.500h13v8.500h-13zM7.500 16h5",
  key: "M7 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM9.200 9.800 16 3.500M13.500 6l2 2",
  back: "M12 4.500 6.500 10l5.500 5.500",
  check: "M4 10.500 8 14.500 16 6",
  close: "M5 5l10 10M15 5 5 15",
  copy: "M7 7V3.500h9.500V13H13M3.500 7H13v9.500H3.500z",
  sun: "M10 6.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7zM10 2v1.500M10 16.500V18M2 10h1.500M16.500 10H18M4.500 4.500l1 1M14.500 14.500l1 1M4.500 15.500l1-1M14.500 5.500l1-1",
  moon: "M16 11.500A6.500 6.500 0 0 1 8.500 4a6.500 6.500 0 1 0 7.500 7.500z",
  auto: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 3v14",
  store:
    "M4 5.500c0-1.500 12-1.500 12 0v9c0 1.500-12 1.500-12 0zM4 5.500c0 1.500 12 1.500 12 0M4 10c0 1.500 12 1.500 12 0",
  exit: "M8 4H4v12h4M8.500 10H17M13.500 6.500 17 10l-3.500 3.500",
  chart: "M4 16h12M6 13.500v-3M10 13.500v-8M14 13.500v-5.500",
} as const;

export type IconName = keyof typeof PATHS;

/** A small drawing beside a text that says the same; hidden from screen readers. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
