/// What left a data centre: every message, by link, kind, round and bytes, in a file whose lines
/// are chained by hashes. Imports nothing of ours; the lines are in {@code docs/protocol.md}. Start
/// with {@link org.strait.engine.ledger.Ledger}.
package org.strait.engine.ledger;
