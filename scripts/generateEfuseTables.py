# Writes src/core/firmware/efuses/tables/*.json from the tables of Espressif's espefuse (names, numbers and bit positions only).
#   python scripts/generateEfuseTables.py     (with the esptool package, as scripts/prepareMachine.mjs installs it)
# then `npm run fix`. test/io/flash/espEfuses.test.ts compares what we read by them with espefuse's own summary.
import importlib
import importlib.metadata
import json
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "src/core/firmware/efuses/tables"
SOURCE = f"espefuse of esptool {importlib.metadata.version('esptool')}"
# chip, file of another revision
CHIPS = [
    ("esp32", None),
    ("esp32s2", None),
    ("esp32s3", None),
    ("esp32c2", None),
    ("esp32c3", None),
    ("esp32c5", None),
    ("esp32c6", None),
    ("esp32c61", None),
    ("esp32h2", None),
    ("esp32h2", "esp32h2_v0.0_v1.1"),
    ("esp32p4", None),
    ("esp32p4", "esp32p4_v3.0"),
]
LISTS = ["EFUSES", "KEYBLOCKS", "KEYBLOCKS_256", "CUSTOM_MAC", "CALIBRATION_EFUSES", "ADC_CALIBRATION"]


def purposes(chip):
    fields = importlib.import_module(f"espefuse.efuse.{chip}.fields")
    found = {}
    for name, number, *_ in getattr(getattr(fields, "EfuseKeyPurposeField", None), "KEY_PURPOSES", []):
        if number >= 0:
            found.setdefault(number, name)
    return found


def bits(value):
    return [] if value is None else value if isinstance(value, list) else [value]


for chip, revision in CHIPS:
    module = importlib.import_module(f"espefuse.efuse.{chip}.mem_definition")
    defined = module.EfuseDefineFields(None, **({"revision": revision} if revision else {}))
    base = module.EfuseDefineRegisters.DR_REG_EFUSE_BASE
    blocks = [module.EfuseBlocksBase.get(block) for block in module.EfuseDefineBlocks.BLOCKS]
    fields = {
        field.name: [field.block, field.word * 32 + field.pos, field.bit_len, bits(field.write_disable_bit), bits(field.read_disable_bit)]
        for name in LISTS
        for field in getattr(defined, name, [])
    }
    table = {
        "source": SOURCE,
        "blocks": {block.name: [hex(block.rd_addr), block.len] for block in blocks},
        "purposes": purposes(chip),
        "fields": dict(sorted(fields.items(), key=lambda item: item[1][:2])),
    }
    (FOLDER / f"{revision or chip}.json").write_text(json.dumps(table, indent=2) + "\n")
