"""How long it takes to compute a ledger of a million entries anew.

``python -m benchmarks.ledger [ENTRIES]``: fills the entries in 2,000 chains and seals them, through
the triggers that fill a real one; then verifies. The floor is a bare sequential scan of the entries
with one SHA-256 per row over about as much text.
"""

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import psycopg
from benchmarks.filling import PEOPLE, hire
from benchmarks.measuring import best_of_rounds, seconds, throw_away_database

ENTRIES, CHAINS = 1_000_000, 2_000

FILL = f"""
INSERT INTO ledger_entry (chain, kind, actor_id, at, reason, facts, receipt_sha256)
SELECT 'case:' || n %% {CHAINS}, 'commit', 1 + n %% {PEOPLE}, clock_timestamp(),
       'Carried out as agreed with the manager ' || n,
       jsonb_build_object('plan', n, 'digest', encode(sha256(n::text::bytea), 'hex')), ''
FROM generate_series(1, %s) n
"""
FLOOR = """
SELECT count(*) FROM (
    SELECT sha256(convert_to(chain || kind || reason || facts::text || previous_sha256
        || sha256 || recorded_at::text || at::text, 'UTF8')) AS hash FROM ledger_entry
) hashed WHERE hash IS NOT NULL
"""


def main() -> None:
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    with throw_away_database() as url, psycopg.connect(url, autocommit=True) as owner:
        from legato.ledger import operations, queries

        hire(owner)
        filling = seconds(partial(owner.execute, FILL, [entries]))
        sealing = seconds(operations.seal)
        owner.execute("VACUUM ANALYZE ledger_entry, ledger_seal")
        owner.execute("SET max_parallel_workers_per_gather = 0")
        again = seconds(partial(operations.seal, thorough=False))
        thorough = seconds(operations.seal)
        works: dict[str, Callable[[], object]] = {
            "floor": partial(owner.execute, FLOOR),
            "verify": _verified(queries.verify),
        }
        best = best_of_rounds(works, before=lambda: None)
    print(f"{entries:,} entries in {CHAINS:,} chains")
    print(f"written by the triggers {filling:.1f} s, {entries / filling:,.0f} entries/s")
    print(f"sealed {sealing:.1f} s, {entries / sealing:,.0f} entries/s")
    print(f"nothing to seal: recent {again * 1000:.1f} ms, thorough {thorough * 1000:.0f} ms")
    print(f"floor, a scan with one SHA-256 per row {best['floor']:.2f} s")
    print(f"verified {best['verify']:.2f} s, {entries / best['verify']:,.0f} entries/s")
    print(f"ratio {best['verify'] / best['floor']:.1f}")


def _verified(verify: Callable[[], Any]) -> Callable[[], None]:
    def sound() -> None:
        verdict, _compared = verify()
        assert not verdict.count, verdict

    return sound


if __name__ == "__main__":
    main()
