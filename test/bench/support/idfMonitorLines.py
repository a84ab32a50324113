"""Processor seconds that esp-idf-monitor's own line handling takes for a log, in pieces of CHUNK bytes.

What is driven is SerialHandler.handle_serial_input, as idf_monitor.py calls it for each piece (TAG_SERIAL), with its
default settings and an ELF file, as `idf.py monitor` gives it: splitting into lines, panic and core dump triggers, decoding
as UTF-8, the print filter, automatic colours, the application's hash, addresses (no line of the log holds one of the ELF
file, so addr2line never runs), commands to the monitor, the GDB stub. The console drops what it is given.

    idfMonitorLines.py LOG CHUNK
"""

import os
import queue
import sys
import time
from unittest import mock

from esp_idf_monitor.base.constants import PANIC_DECODE_DISABLE, PANIC_IDLE
from esp_idf_monitor.base.coredump import COREDUMP_DECODE_DISABLE, CoreDump
from esp_idf_monitor.base.gdbhelper import GDBHelper
from esp_idf_monitor.base.line_matcher import LineMatcher
from esp_idf_monitor.base.logger import Logger
from esp_idf_monitor.base.serial_handler import SerialHandler


class Console:
    written = 0

    def write_bytes(self, data):
        self.written += len(data)


def main():
    log, chunk = sys.argv[1], int(sys.argv[2])
    with open(log, 'rb') as file:
        data = file.read()
    pieces = [data[at : at + chunk] for at in range(0, len(data), chunk)]
    console = Console()
    elf = [os.path.realpath(sys.executable)]
    logger = Logger(elf, console, False, '', True, '')
    gdb = GDBHelper('', None, elf, 0, 0)
    port = mock.Mock()
    port.port = '/dev/ttyUSB0'
    handler = SerialHandler(
        b'', logger, PANIC_DECODE_DISABLE, PANIC_IDLE, b'', 'esp32', False, False, port, False, elf, '', False
    )
    coredump = CoreDump(COREDUMP_DECODE_DISABLE, queue.Queue(), logger, None, elf)
    matcher = LineMatcher('')
    start = time.process_time()
    for piece in pieces:
        handler.handle_serial_input(piece, None, coredump, gdb, matcher, gdb.check_gdb_stub_trigger)
    seconds = time.process_time() - start
    if console.written < len(data) * 0.99:
        sys.exit(f'only {console.written} of {len(data)} bytes were printed')
    print(seconds)


main()
