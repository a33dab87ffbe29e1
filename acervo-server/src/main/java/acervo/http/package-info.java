/// The front door: one port for HTTP bytes, and for the calls of `acervo.v1` as gRPC, protobuf and JSON.
///
/// Start at [FrontDoor], which listens, and `Dispatch`, which sends each request to its handler. An `Exchange` is one
/// request and its one answer; a `Body` carries its bytes from the event loop to the virtual thread that takes them in.
/// What crosses the wire is specified in `docs/formats.md`.
///
/// Invariants: an event loop never touches a disk and never waits; bodies stream and what is buffered is bounded;
/// `Trouble` is the only place that turns an exception into an answer; a damaged body never ends cleanly; no rules live
/// here, the depot decides. Only `DoorTransport`, `Line`, `BodyTap` and `Wire` know Netty and the inside of Vert.x.
/// Must not
/// import the catalog's or the store's implementations.
@NullMarked
package acervo.http;

import org.jspecify.annotations.NullMarked;
