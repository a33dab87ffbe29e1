/// The space that is kept in step, over the client's HTTP.
///
/// Start at [HttpSpace]. Small deposits go in [Batches], large ones by [LargeDeposit]; [SmallFetches] pipelines small
/// versions, [LargeFetch] streams large ones. Of a large file that is similar to what the other side has, only the
/// differences travel: [Comparison] finds them, in two steps that [Matcher] walks.
///
/// Invariants:
/// - Whatever is deposited replaces exactly the version that it was based on, or nothing.
/// - No checksum is trusted: what is put together from parts counts only once the SHA-256 of the whole is right. Where
///   it is not, the whole is sent.
/// - Bytes of a local file that changed while it was read never get a name.
@NullMarked
package acervo.sync.remote;

import org.jspecify.annotations.NullMarked;
