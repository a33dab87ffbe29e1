package acervo.http;

/// The connection's end of a body: what its consumer can ask for. Any thread.
interface BodySource {
    /// Stops reading from the connection.
    void pause();

    /// Goes on reading.
    void resume();

    /// Reads on and throws away what comes: nobody wants it any more.
    void discard();
}
