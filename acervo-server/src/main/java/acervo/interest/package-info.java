/// Who waits for what: interests, and the streams by which notices and feeds reach those who are connected.
///
/// Start at [Interests]. Push is a hint: the catalog says which clients and spaces an entry touched, [Lookout] knows
/// who is connected for them, and each [Delivery] then reads what is there from its own place on. So nothing is
/// queued for a slow reader, nothing is lost with a push, and what may be read is decided when it is read. A stream
/// that has nothing to say is one small object: no thread, no timer, no buffer. Knows the catalog; never sees bytes
/// or the network.
@NullMarked
package acervo.interest;

import org.jspecify.annotations.NullMarked;
