// A form as portals have them: many fields that know each other, long lists, and a table that follows what is typed.
import { useMemo, useState } from "react";
import { createRoot } from "react-dom/client";

const GROUPS = ["Người khai", "Người được khai", "Nơi ở", "Giấy tờ", "Nơi nhận kết quả"];
const PLACES = Array.from({ length: 400 }, (_, n) => `Xã mẫu số ${n + 1}`);
const FIELDS = GROUPS.flatMap((group) =>
  Array.from({ length: 12 }, (_, n) => ({ key: `${group}-${n}`, group, kind: n % 4 === 3 ? "place" : "text" })),
);

function Field({ field, value, set }) {
  const label = `${field.group}, mục ${field.key.split("-")[1]}`;
  if (field.kind === "place")
    return (
      <label>{label}
        <select value={value} onChange={(event) => set(field.key, event.target.value)}>
          {PLACES.map((place) => <option key={place}>{place}</option>)}
        </select>
      </label>
    );
  return <label>{label}<input value={value} onChange={(event) => set(field.key, event.target.value)} /></label>;
}

function Page() {
  const [values, setValues] = useState(() => Object.fromEntries(FIELDS.map((field) => [field.key, ""])));
  const set = (key, value) => setValues((old) => ({ ...old, [key]: value }));
  const rows = useMemo(() => Array.from({ length: 500 }, (_, n) => [n, values[FIELDS[n % FIELDS.length].key]]), [values]);
  return (
    <main>
      {GROUPS.map((group) => (
        <fieldset key={group}>
          <legend>{group}</legend>
          {FIELDS.filter((field) => field.group === group).map((field) => (
            <Field key={field.key} field={field} value={values[field.key]} set={set} />
          ))}
        </fieldset>
      ))}
      <table><tbody>{rows.map(([n, value]) => <tr key={n}><td>{n}</td><td>{value || "chưa khai"}</td></tr>)}</tbody></table>
    </main>
  );
}

createRoot(document.getElementById("root")).render(<Page />);
