package acervo.model;

/// What the leader adds to a command before it enters the log, so that applying it needs no clock.
///
/// @param timeMillis the leader's clock, milliseconds since 1970; never less than that of an earlier entry
/// @param author the client that asked; for the server's own commands the server's client id, [#SERVER]
/// @param request the same for every retry of one request
public record Stamp(long timeMillis, ClientId author, RequestId request) {
    /// The author of what a server does by itself (housekeeping). No client can register this id.
    public static final ClientId SERVER = new ClientId(new java.util.UUID(0, 0));
}
