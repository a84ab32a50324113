// More stack for one task, by the name that FreeRTOS prints when it overflows.
import type { SourceFile, SourceSymbols } from '../diagnose/sourceSymbols';
import type { FileEdit } from '../diagnose/verdict';
import type { RepairPlan } from './planRepair';
import type { SdkconfigOption } from './repair';
import { knowsOption, readOption, setOptions } from './sdkconfig';
import { type SourceNumber, sourceNumber } from './sourceNumber';

/** Tasks of ESP-IDF itself: the option with their stack in bytes, and its default (the Kconfig of each component). */
const IDF_TASKS: Readonly<Record<string, readonly [option: string, byDefault: number]>> = {
  main: ['CONFIG_ESP_MAIN_TASK_STACK_SIZE', 3584],
  sys_evt: ['CONFIG_ESP_SYSTEM_EVENT_TASK_STACK_SIZE', 2304],
  mqtt_task: ['CONFIG_MQTT_TASK_STACK_SIZE', 6144],
  'Tmr Svc': ['CONFIG_FREERTOS_TIMER_TASK_STACK_DEPTH', 2048],
  esp_timer: ['CONFIG_ESP_TIMER_TASK_STACK_SIZE', 3584],
  tiT: ['CONFIG_LWIP_TCPIP_TASK_STACK_SIZE', 3072],
};
/** esp-mqtt shows its stack size only with custom settings. */
const MQTT_CUSTOM = 'CONFIG_MQTT_USE_CUSTOM_CONFIG';
const LOOP_TASK = 'loopTask';
/** arduino-esp32 cores/esp32/main.cpp: ARDUINO_LOOP_STACK_SIZE. */
const LOOP_STACK = 8192;
/** configMAX_TASK_NAME_LEN of ESP-IDF, less the final NUL. */
const LONGEST_NAME = 15;

/** A stack this large is not too small: something else eats it. */
const LARGE = 32768;
const SMALLEST = 4096;

/** Twice as much, in whole kilobytes of at least four; undefined where that would only hide the mistake. */
function larger(bytes: number): number | undefined {
  return bytes < LARGE ? Math.max(SMALLEST, Math.ceil((2 * bytes) / 1024) * 1024) : undefined;
}

export function moreStack(
  task: string,
  files: readonly SourceFile[],
  symbols: SourceSymbols,
  isIdf: boolean,
): RepairPlan | undefined {
  const inSource = ownTask(task, symbols) ?? (task === 'mqtt_task' ? mqttMember(symbols) : undefined);
  if (inSource) return raiseNumber(`the stack of ${task}`, inSource);
  if (task === LOOP_TASK) return loopStack(files, symbols);
  const option = isIdf ? IDF_TASKS[task] : undefined;
  return option && optionPlan(files, ...option);
}

function raiseNumber(what: string, { value, file, start, end }: SourceNumber): RepairPlan | undefined {
  const newValue = larger(value);
  if (newValue === undefined) return undefined;
  return {
    title: `Raise ${what} from ${value} to ${newValue} bytes`,
    edits: [{ file, start, end, newText: `${newValue}` }],
  };
}

/** `xTaskCreate(run, "sensor", 2048, …)` of the project's own sources. */
function ownTask(task: string, symbols: SourceSymbols): SourceNumber | undefined {
  const calls = symbols.calls.filter(({ name, args }) => {
    if (!/^xTaskCreate(?:PinnedToCore|Static|StaticPinnedToCore|WithCaps)?$/.test(name) || !args[1]) return false;
    const given = symbols.resolve(args[1])?.value;
    return typeof given === 'string' && given.slice(0, LONGEST_NAME) === task;
  });
  const [call, ...others] = calls;
  if (!call || others.length > 0) return undefined; // two tasks of one name: which of them it was is not known
  return call.args[2] && sourceNumber(symbols, call.args[2], call.at.file);
}

/** `.task.stack_size` of esp_mqtt_client_config_t, `.task_stack` before ESP-IDF 5: it wins over the configuration. */
function mqttMember(symbols: SourceSymbols): SourceNumber | undefined {
  const found = symbols.assignments.find(({ path }) => /(?:^|\.)task\.stack_size$|(?:^|\.)task_stack$/.test(path));
  return found && sourceNumber(symbols, found.expression, found.at.file);
}

/** The task that runs setup() and loop(): a macro of Arduino.h in one source sets its stack. */
function loopStack(files: readonly SourceFile[], symbols: SourceSymbols): RepairPlan | undefined {
  const call = symbols.calls.find(({ name }) => name === 'SET_LOOP_TASK_STACK_SIZE');
  if (call) {
    const size = call.args[0] && sourceNumber(symbols, call.args[0], call.at.file);
    return size && raiseNumber(`the stack of ${LOOP_TASK}`, size);
  }
  const setup = files.find(({ path, text }) => /\.(ino|cpp)$/i.test(path) && /^\s*void\s+setup\s*\(/m.test(text));
  const size = larger(LOOP_STACK);
  if (!setup || size === undefined) return undefined;
  const start = /^[ \t]*void\s+setup\s*\(/m.exec(setup.text)?.index ?? 0;
  const newText = `SET_LOOP_TASK_STACK_SIZE(${size});\n\n`;
  return {
    title: `Raise the stack of ${LOOP_TASK} from ${LOOP_STACK} to ${size} bytes`,
    edits: [{ file: setup.path, start, end: start, newText }],
  };
}

function optionPlan(files: readonly SourceFile[], name: string, byDefault: number): RepairPlan | undefined {
  const isMqtt = name === 'CONFIG_MQTT_TASK_STACK_SIZE';
  if (!knowsOption(files, isMqtt ? MQTT_CUSTOM : name)) return undefined;
  const now = Number(readOption(files, name) ?? byDefault);
  const value = larger(now);
  if (value === undefined || Number.isNaN(now)) return undefined;
  const custom: SdkconfigOption[] = isMqtt ? [{ name: MQTT_CUSTOM, value: 'y' }] : [];
  const edits: FileEdit[] = setOptions(files, [...custom, { name, value: `${value}` }]);
  return { title: `Raise ${name} from ${now} to ${value}`, edits };
}
