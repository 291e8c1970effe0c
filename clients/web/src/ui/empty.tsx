import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon.tsx";

/** Says why a place is empty and what to do about it. */
export function Empty(props: {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ReactNode;
}) {
  return (
    <div className="empty">
      <Icon name={props.icon} />
      <h2>{props.title}</h2>
      <div>{props.children}</div>
    </div>
  );
}
