package acervo.http;

import io.netty.buffer.ByteBuf;

/// Where the bytes of a request's body go, called by the connection's event loop only.
sealed interface BodySink permits Body, WholeBody {
    /// Takes over one buffer: whoever takes it releases it.
    void data(ByteBuf bytes);

    /// The body is whole.
    ///
    /// @param digest what a `Repr-Digest` trailer said; empty for none
    void end(String digest);

    /// The body will never be whole.
    void broken(BrokenBodyException why);
}
