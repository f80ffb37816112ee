import { SearchIcon } from "./icons";

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Where a list is searched. */
export function SearchField({ label, value, onChange }: Props) {
  return (
    <label className="search">
      <SearchIcon />
      <input
        type="search"
        value={value}
        placeholder={label}
        aria-label={label}
        onChange={(e) => onChange(e.target.value)}
      />
    </label>
  );
}
