"""python -I verify_case.py FILE: checks a case file of Legato offline. Exit code 1: it objects."""
import json
import sys
from hashlib import sha256

ENTRY = "chain,number,kind,actor_id,at,recorded_at,reason,facts,receipt_sha256"
HASHED = {"entry1": f"{ENTRY},previous_sha256", "seal1": "number,previous_sha256,entry_sha256",
          "entry2": f"legato entry 2,id,{ENTRY},transaction_id,previous_sha256",
          "seal2": "legato seal 2,number,entry_id,entry_sha256,sealed_at,previous_sha256"}
ROW = "{record},{owner},{given_to},{since},{until}"
REST = ("case", "person", "record", "item", "plan", "approval", "commit", "undo")
body, row, ends, entries, seals, receipts, wrong = sha256(), {}, {}, {}, {}, {}, []
for place, line in enumerate(open(sys.argv[1], "rb"), 1):  # noqa: SIM115, PTH123
    try:
        row = json.loads(line)
        if row["line"] == "receipt":
            receipts.setdefault(row["entry"], []).append(ROW.format(**row))
        elif row["line"] not in REST:
            texts = [row.get(part, part) for part in HASHED[row["line"] + row["form"]].split(",")]
            text = ",".join(f"{len(each.encode())}:{each}" for each in texts)
            name = "{chain} {number} (entry {id})" if "id" in row else "seal {number} of {entry_id}"
            row |= {"name": name.format(**row), "body": body.hexdigest()}
            if sha256(text.encode()).hexdigest() != row["sha256"]:
                wrong.append(f"{row['name']} was changed")
            end = (row.get("chain"), int(row["number"]), row["previous_sha256"])
            if end[2] != ends.get(end[:2], "" if end[1] == 1 else "?" if "id" in row else end[2]):
                wrong.append(f"{row['name']} does not follow the one before it")
            ends[end[0], end[1] + 1] = row["sha256"]
            (entries if "id" in row else seals)[row.get("id") or row["entry_id"]] = row
    except (ValueError, KeyError, TypeError, AttributeError):
        wrong.append(f"line {place} cannot be read")
    body.update(line)
for row in entries.values():
    rows = sha256("\n".join(receipts.get(row["id"], [])).encode()).hexdigest()
    own = seals.get(row["id"], {}).get("entry_sha256") == row["sha256"]
    if row.get("receipt_sha256") not in ("", rows) or not own:
        wrong.append(f"{row['name']}: its seal or the rows of its receipt are not its own")
if not entries or row["body"] not in row.get("facts", ""):  # the last entry is that of the export
    wrong.append(f"{row.get('name')} does not vouch for every line before it")
sys.exit("\n".join(wrong) or print("Sound. Last {name}: {sha256}".format(**[*seals.values()][-1])))
