package acervo.http;

import acervo.interest.Delivery;
import acervo.interest.Outlet;
import acervo.model.ClientId;
import com.google.protobuf.Message;
import java.util.function.Function;

/// A method of `acervo.v1` with a stream of answers.
///
/// @param prototype an empty request
/// @param keepAlive a message that says nothing, sent when there was nothing to say for a while
record StreamCall(String name, Message prototype, Message keepAlive, Opening opening, Meters.Operation operation) {
    /// What a method does.
    interface Opening {
        /// Checks the request and prepares the stream. May block; throws what the depot throws.
        Delivery<?> open(Message request, ClientId caller, Sender to);
    }

    /// Where a method's messages go.
    interface Sender {
        <M> Outlet<M> through(Function<M, Message> render);
    }
}
