import type { Phase, SyncStatus } from "@gitblobs/client";
import { useEffect, useState } from "react";
import { deviceName } from "../account/device.ts";
import type { Replica } from "../replica/replica.ts";
import { formatAgo, formatBytes, plural } from "../ui/format.ts";
import { isMissing } from "./missing-notice.tsx";
import { Menu } from "../ui/menu.tsx";
import { hrefOf } from "../ui/route.ts";
import { useValue } from "../ui/value.ts";

type Tone = "good" | "busy" | "off" | "bad";

/** How the sync stands, in a word; opens to say more. */
export function StatusPill({ replica }: { readonly replica: Replica }) {
  const status = useValue(replica.status);
  const head = useValue(replica.head);
  const phase = useSteady(status.phase);
  const { tone, word } = summarise({ ...status, phase }, head);
  const summary = (
    <summary className={`pill ${tone}`}>
      <span className="dot" aria-hidden="true" />
      <span role="status">{word}</span>
      {status.behind > 0 && <span className="count">{status.behind} behind</span>}
      {status.devices.length > 1 && (
        <span className="count" title="Devices online">
          {status.devices.length}
          <span className="hidden"> devices online</span>
        </span>
      )}
    </summary>
  );
  return (
    <Menu className="status" summary={summary}>
      <div className="menu-list wide">
        <Explanation replica={replica} phase={phase} />
        {status.behind > 0 && <p>{plural(status.behind, "change")} behind the relay.</p>}
        {status.syncedAt !== undefined && (
          <p className="muted">Last in sync {formatAgo(status.syncedAt)}.</p>
        )}
        {status.progress !== undefined && <Progress {...status.progress} />}
        {status.quota !== undefined && <Quota quota={status.quota} />}
        <Devices status={status} />
      </div>
    </Menu>
  );
}

/** The phase, without the tries to connect that come and go while the relay cannot be reached. */
function useSteady(phase: Phase): Phase {
  const [wasOffline, setWasOffline] = useState(false);
  const isOffline = phase.kind === "offline" || (phase.kind === "connecting" && wasOffline);
  useEffect(() => {
    setWasOffline(isOffline);
  }, [isOffline]);
  return phase.kind === "connecting" && wasOffline ? { kind: "offline" } : phase;
}

/** One word for where things stand. */
export function summarise(
  { phase, remoteHead, behind }: SyncStatus,
  head: string | null,
): { readonly tone: Tone; readonly word: string } {
  const isAhead = remoteHead !== undefined && head !== null && head !== remoteHead;
  switch (phase.kind) {
    case "offline":
      return { tone: "off", word: isAhead ? "Offline, changes kept" : "Offline" };
    case "connecting":
      return { tone: "off", word: "Connecting" };
    case "syncing":
      return { tone: "busy", word: "Syncing" };
    case "up-to-date":
      return behind > 0 || isAhead
        ? { tone: "busy", word: "Syncing" }
        : { tone: "good", word: "Up to date" };
    case "conflict":
      return { tone: "bad", word: plural(phase.conflicts.length, "conflict") };
    case "unrelated":
      return { tone: "bad", word: "Needs a decision" };
    case "waiting":
      return { tone: "busy", word: "Waiting for a device" };
    case "blocked":
      return { tone: "bad", word: "Not pushed" };
    case "stopped":
      if (isMissing(phase)) return { tone: "off", word: "Not on the relay" };
      return { tone: "bad", word: phase.code === "signed_out" ? "Signed out" : "Stopped" };
  }
}

function Explanation({ replica, phase }: { readonly replica: Replica; readonly phase: Phase }) {
  switch (phase.kind) {
    case "offline":
      return (
        <>
          <p>Not connected. What you change is kept here and pushed when the relay is back.</p>
          <Retry replica={replica} />
        </>
      );
    case "connecting":
      return <p>Connecting to the relay …</p>;
    case "syncing":
      return (
        <p>{{ receiving: "Receiving", sending: "Sending", merging: "Merging" }[phase.doing]} …</p>
      );
    case "up-to-date":
      return <p>Everything here is on the relay, and the other way round.</p>;
    case "conflict":
      return (
        <p>
          Two devices changed the same files.{" "}
          <a href={hrefOf({ page: "conflicts", store: replica.store })}>Decide what to keep</a>
        </p>
      );
    case "unrelated":
      return (
        <p>
          This copy and the relay&apos;s have nothing in common.{" "}
          <a href={hrefOf({ page: "conflicts", store: replica.store })}>Decide what to keep</a>
        </p>
      );
    case "waiting":
      return (
        <p>
          The relay no longer has {plural(phase.missing, "object")}. Another device was asked and
          will send them when it comes online.
        </p>
      );
    case "blocked":
    case "stopped":
      return (
        <>
          <p>{phase.message}</p>
          <Retry replica={replica} />
        </>
      );
  }
}

function Retry({ replica }: { readonly replica: Replica }) {
  return (
    <button
      className="btn small"
      onClick={() => {
        replica.retry();
      }}
    >
      Try again now
    </button>
  );
}

function Progress({ done, total }: { readonly done: number; readonly total?: number }) {
  const text =
    total === undefined ? plural(done, "object") : `${done} of ${plural(total, "object")}`;
  return (
    <label className="progress">
      {text}
      <progress value={total === undefined ? undefined : done} max={total ?? 1} />
    </label>
  );
}

function Quota({ quota }: { readonly quota: NonNullable<SyncStatus["quota"]> }) {
  return (
    <label className="progress">
      {formatBytes(quota.usedBytes)} of {formatBytes(quota.quotaBytes)} used on the relay
      <meter value={quota.usedBytes} max={quota.quotaBytes} high={quota.quotaBytes * 0.9} />
    </label>
  );
}

function Devices({ status }: { readonly status: SyncStatus }) {
  if (status.devices.length === 0) return null;
  const own = deviceName();
  return (
    <>
      <h2 className="menu-title">Online now</h2>
      <ul className="devices">
        {status.devices.map(({ device, since }) => (
          <li key={device}>
            <span className="dot good" aria-hidden="true" />
            {device}
            {device === own ? <span className="tag">this device</span> : null}
            <span className="muted"> since {formatAgo(since)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
