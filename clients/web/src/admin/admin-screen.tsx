import { useState } from "react";
import { KeysCard } from "./keys-card.tsx";
import { StatsCard } from "./stats-card.tsx";
import { UsersCard } from "./users-card.tsx";

/** What an admin of the relay can see and do. */
export default function AdminScreen() {
  const [version, setVersion] = useState(0);
  const onChanged = () => {
    setVersion((before) => before + 1);
  };
  return (
    <>
      <h1>Administration</h1>
      <StatsCard version={version} />
      <UsersCard version={version} onChanged={onChanged} />
      <KeysCard version={version} onChanged={onChanged} />
    </>
  );
}
