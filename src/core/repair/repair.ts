// A change of the firmware's project that cures a decoded error: data, before any project is looked at.

/** One option of ESP-IDF's configuration. */
export interface SdkconfigOption {
  /** With its `CONFIG_`. */
  readonly name: string;
  readonly value: string;
  /** The other members of its choice: they are switched off. */
  readonly others?: readonly string[];
}

export type Repair =
  /** Sets options of an ESP-IDF project. */
  | {
      readonly kind: 'sdkconfig';
      readonly options: readonly SdkconfigOption[];
      /** Not where one of these options is on: they exclude each other. */
      readonly unless?: readonly string[];
      /** Only where this option is on. */
      readonly onlyWith?: string;
    }
  /** Raises a number of the configuration to what is enough. `byDefault` holds where no file says it. */
  | { readonly kind: 'sdkconfig-number'; readonly name: string; readonly byDefault: number; readonly atLeast: number }
  /** More stack for the task of that name, wherever its size is set. */
  | { readonly kind: 'task-stack'; readonly task: string }
  /** Raises the number that a method of an Arduino library is called with; adds the call behind `after`, if given. */
  | {
      readonly kind: 'call';
      readonly types: readonly string[];
      readonly method: string;
      readonly atLeast: number;
      readonly after?: string;
    }
  /** The same for a member of an ESP-IDF struct; `beside` is the member it is added after where it is not set. */
  | { readonly kind: 'member'; readonly path: string; readonly beside?: string; readonly atLeast: number }
  /** The most talkative log of the Arduino core for the ESP32. */
  | { readonly kind: 'core-debug-level' }
  /** The flash size that a PlatformIO project is built for, for example `4MB`. */
  | { readonly kind: 'platformio-flash-size'; readonly size: string };
